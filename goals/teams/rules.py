"""What is refused about a team: its name, the names of its members, its charter, how long a link opens."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cohorts.web.bounds import ensure_choice, ensure_date, ensure_name, ensure_number, ensure_text
from cohorts.web.refusals import Invalid
from goals.models import VoiceKind

MAX_MEMBERS = 40
MAX_TEAM_NAME, MAX_NAME = 80, 40
MAX_TYPED_NAMES = MAX_MEMBERS * (MAX_NAME + 20)  # room for commas, spaces and names that are there already
MAX_DIGITS = 4  # of a name: a desk or a shift, but no phone number and no number of an employee
MAX_LINES = 16  # of how a team works together: as many as fit on its one page
CHARTER_TEXTS = {"purpose": 280, "promise": 400, "working": 800, "deciding": 400, "differing": 400}  # most characters
MAX_MADE_WITH = 99
KEPT_AFTER, KEPT_LONGER = timedelta(days=30), timedelta(days=90)  # names, once the ninety days are over
LINK_DAYS, MAX_LINK_DAYS = 14, 60
MAX_WORDS = 280
WORDED = (VoiceKind.ADDED, VoiceKind.QUESTION, VoiceKind.WRONG)
LINK_KINDS = (VoiceKind.SEEN, VoiceKind.QUESTION, VoiceKind.WRONG)  # what a member can answer by the link


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody typed, taken apart: each name once, in the order typed, and those that came again."""

    new: tuple[str, ...]
    again: tuple[str, ...]


def one_line(text: str) -> str:
    """Without line breaks and double spaces."""
    return " ".join(text.split())


def team_name(field: str, name: str) -> str:
    """In one spelling. Raises Invalid."""
    ensure_name(field, name, most=MAX_TEAM_NAME)
    return one_line(name)


def member_name(field: str, name: str) -> str:
    """In one spelling. Raises Invalid for anything but a name or initials."""
    ensure_name(field, name, most=MAX_NAME)
    name = one_line(name)
    if "@" in name or sum(each.isdigit() for each in name) > MAX_DIGITS:
        sentence = _("“%(name)s” looks like an address or a number. Write a name or initials, nothing else.")
        raise Invalid(field, sentence % {"name": name})
    if not any(each.isalpha() for each in name):
        raise Invalid(field, _("“%(name)s” has no letter. Write a name or initials.") % {"name": name})
    return name


def member_names(field: str, typed: str, *, present: Collection[str]) -> Names:
    """The names in a text, one a line or with commas between them. Blank lines do not count. Raises Invalid."""
    ensure_text(field, typed, most=MAX_TYPED_NAMES)
    taken = {name.casefold() for name in present}
    new: list[str] = []
    again: list[str] = []
    for part in filter(None, map(one_line, re.split(r"[,;]", ",".join(typed.splitlines())))):
        name = member_name(field, part)
        (again if name.casefold() in taken else new).append(name)
        taken.add(name.casefold())
    if not new and not again:
        raise Invalid(field, _("Write at least one name or initials."))
    if len(present) + len(new) > MAX_MEMBERS:
        raise Invalid(field, _("A team has at most %(most)d members here.") % {"most": MAX_MEMBERS})
    return Names(tuple(new), tuple(again))


def charter_values(
    *, texts: Mapping[str, str], review_on: date | None, made_with: int | None, today: date
) -> dict[str, Any]:
    """Everything a charter says, in one spelling. Raises Invalid."""
    for name, most in CHARTER_TEXTS.items():
        ensure_text(name, texts[name], most=most, is_required=False)
    lines = [one_line(line) for line in texts["working"].splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MAX_LINES:
        sentence = _("At most %(most)d lines fit on the page. Join some, or leave some out.")
        raise Invalid("working", sentence % {"most": MAX_LINES})
    if review_on is not None:
        ensure_date("review_on", review_on)
        ensure_ahead(review_on, today=today)
    if made_with is not None:
        ensure_number("made_with", made_with, 1, MAX_MADE_WITH)
    said = {name: one_line(texts[name]) for name in CHARTER_TEXTS}
    return {**said, "working": "\n".join(lines), "review_on": review_on, "made_with": made_with}


def ensure_ahead(review_on: date, *, today: date) -> None:
    """A charter is looked at again within two years. Raises Invalid."""
    if (review_on - today).days > 731:
        raise Invalid("review_on", _("Choose a day within the next two years."))


def ensure_link_days(days: int) -> None:
    ensure_number("days", days, 1, MAX_LINK_DAYS)


def voice_words(kind: str, words: str) -> str:
    """What a member says with their answer: words are needed for everything but having seen it. Raises Invalid."""
    ensure_choice("kind", kind, LINK_KINDS)
    ensure_voice_words(kind, words)
    return one_line(words) if kind in WORDED else ""


def ensure_voice_words(kind: str, words: str) -> None:
    """A question, an addition or an objection has words, whether by the link or noted in a meeting."""
    ensure_text("words", words, most=MAX_WORDS, is_required=kind in WORDED)
