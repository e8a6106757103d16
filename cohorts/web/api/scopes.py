"""What a key may be made for: a noun and a verb, `enrolments:read`. A scope opens nothing that a role does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

READ, WRITE = "read", "write"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Noun:
    """Something the API is about. `is_personal`: a member's own, for their personal tokens; else the organisation's."""

    key: str
    label: Any
    verbs: tuple[str, ...] = (READ, WRITE)
    is_personal: bool = False

    @property
    def scopes(self) -> list[str]:
        return [f"{self.key}:{verb}" for verb in self.verbs]


NOUNS = (
    Noun("cohorts", _("Cohorts"), (READ, WRITE)),
    Noun("enrolments", _("Leaders in cohorts")),
    Noun("nudges", _("Whether nudges went out"), (READ,)),
    Noun("members", _("People")),
    Noun("curricula", _("Curricula")),
    Noun("teams", _("Teams of leaders"), (READ,)),
    Noun("figures", _("KPIs and their figures")),
    Noun("objectives", _("Objectives"), (READ,)),
    Noun("rounds", _("Rounds of 360 feedback")),
    Noun("reports", _("Reports for admins")),
    Noun("visits", _("How many come to visits"), (READ,)),
    Noun("me", _("Name, roles and time zone"), (READ,), is_personal=True),
    Noun("today", _("What a day asks"), (READ,), is_personal=True),
    Noun("practices", _("What you logged"), is_personal=True),
    Noun("reflections", _("What you wrote yourself"), is_personal=True),
    Noun("focuses", _("Focuses and their dials"), is_personal=True),
    Noun("goals", _("Goals, check-ins and their dials"), is_personal=True),
    Noun("prints", _("Your own report as a PDF"), is_personal=True),
    Noun("results", _("Your released 360 reports"), (READ,), is_personal=True),
    Noun("sessions", _("When your 1:1s are, and what you alone wrote"), (READ,), is_personal=True),
    Noun("bookings", _("Visits you can book, and your bookings"), is_personal=True),
)


def scopes_of(*, is_personal: bool) -> list[str]:
    return [scope for noun in NOUNS if noun.is_personal == is_personal for scope in noun.scopes]


def scope_for(noun: str, method: str) -> str:
    """The scope a request needs."""
    return f"{noun}:{READ if method in SAFE_METHODS else WRITE}"


def covers(scopes: Iterable[str], asked: str) -> bool:
    """Writing something includes reading it."""
    noun, _colon, verb = asked.partition(":")
    return asked in scopes or (verb == READ and f"{noun}:{WRITE}" in scopes)
