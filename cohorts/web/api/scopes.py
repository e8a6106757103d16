"""What a key may be made for: a noun and a verb, `enrolments:read`. A scope opens nothing that a role does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

READ, WRITE = "read", "write"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Group(StrEnum):
    """What the nouns are about, in the order in which a form offers them."""

    PEOPLE = "people"
    CONTENT = "content"
    OUTCOMES = "outcomes"
    SELF = "self"
    DAILY = "daily"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Noun:
    """Something the API is about, with one sentence on what it holds.

    `is_personal`: a member's own, for their personal tokens; else the organisation's.
    """

    key: str
    label: Any
    about: Any
    group: Group
    verbs: tuple[str, ...] = (READ, WRITE)

    @property
    def is_personal(self) -> bool:
        return self.group in PERSONAL_GROUPS

    @property
    def scopes(self) -> list[str]:
        return [f"{self.key}:{verb}" for verb in self.verbs]


FORMER_KEYS = {"prints": "own_reports"}  # in the scopes of keys made before the noun was called as its endpoint is
PERSONAL_GROUPS = frozenset({Group.SELF, Group.DAILY, Group.OTHERS})
NOUNS = (
    Noun(
        "members",
        _("People"),
        _("Names, addresses and roles. Change: invite, suspend and merge, but never make anyone owner or admin."),
        Group.PEOPLE,
    ),
    Noun("cohorts", _("Cohorts"), _("Their dates, curriculum and closed days."), Group.PEOPLE),
    Noun(
        "enrolments",
        _("Leaders in cohorts"),
        _("Who is in which cohort, their sponsor, hours and pauses."),
        Group.PEOPLE,
    ),
    Noun("teams", _("Teams of leaders"), _("How large each team is. No names of its members."), Group.PEOPLE, (READ,)),
    Noun("curricula", _("Curricula"), _("Every version and its days. Change: upload a new version."), Group.CONTENT),
    Noun(
        "nudges",
        _("Whether nudges went out"),
        _("What was sent on which day, or why it was not."),
        Group.CONTENT,
        (READ,),
    ),
    Noun(
        "figures",
        _("KPIs and their figures"),
        _("Which KPIs there are. Change: send the figures of teams."),
        Group.OUTCOMES,
    ),
    Noun(
        "objectives", _("Objectives"), _("The line of sight from the organisation to a team."), Group.OUTCOMES, (READ,)
    ),
    Noun(
        "rounds",
        _("Rounds of 360 feedback"),
        _("Dates, states and leaders of a round. Never an answer."),
        Group.OUTCOMES,
    ),
    Noun("reports", _("Reports for admins"), _("The PDF of a leader. Change: ask for a new one."), Group.OUTCOMES),
    Noun(
        "visits",
        _("How many come to visits"),
        _("How many places are taken or offered, and how many wait. No names."),
        Group.OUTCOMES,
        (READ,),
    ),
    Noun("me", _("Name, roles and time zone"), _("Who the token belongs to."), Group.SELF, (READ,)),
    Noun("today", _("What a day asks"), _("The step of a day, and whether it is logged."), Group.SELF, (READ,)),
    Noun(
        "practices",
        _("What you logged"),
        _("Each practice and what you wrote about it. Change: log and undo."),
        Group.DAILY,
    ),
    Noun("reflections", _("What you wrote yourself"), _("Your reflections and who reads each."), Group.DAILY),
    Noun("focuses", _("Focuses and their dials"), _("What you work on, and how much it asks of you now."), Group.DAILY),
    Noun("goals", _("Goals, check-ins and their dials"), _("Your goals with their numbers so far."), Group.DAILY),
    Noun("own_reports", _("Your own report as a PDF"), _("Your own copy. Change: ask for a new one."), Group.DAILY),
    Noun(
        "results",
        _("Your released 360 reports"),
        _("What the page shows you, and nothing more."),
        Group.OTHERS,
        (READ,),
    ),
    Noun(
        "sessions",
        _("When your 1:1s are, and what you alone wrote"),
        _("Dates and your own words. Shared notes stay on the page."),
        Group.OTHERS,
        (READ,),
    ),
    Noun(
        "bookings",
        _("Visits you can book, and your bookings"),
        _("Dates with free places. Change: book a place and cancel it."),
        Group.OTHERS,
    ),
)


def scopes_of(*, is_personal: bool) -> list[str]:
    return [scope for noun in NOUNS if noun.is_personal == is_personal for scope in noun.scopes]


def in_present_words(scopes: Iterable[str]) -> list[str]:
    """The scopes of a key as they are called today."""
    parted = (scope.partition(":") for scope in scopes)
    return [f"{FORMER_KEYS.get(noun, noun)}:{verb}" for noun, _colon, verb in parted]


def scope_for(noun: str, method: str) -> str:
    """The scope a request needs."""
    return f"{noun}:{READ if method in SAFE_METHODS else WRITE}"


def covers(scopes: Iterable[str], asked: str) -> bool:
    """Writing something includes reading it."""
    noun, _colon, verb = asked.partition(":")
    return asked in scopes or (verb == READ and f"{noun}:{WRITE}" in scopes)


def reads_all(*, is_personal: bool) -> list[str]:
    """The scopes of a key that reads all there is today and changes nothing."""
    return [scope for scope in scopes_of(is_personal=is_personal) if scope.endswith(f":{READ}")]
