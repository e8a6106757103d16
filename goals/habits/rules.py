"""What a plan, a dial, a practice and a reflection are held to. Asked by the forms, decided in the actions."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Enrolment
from cohorts.schedule.calendars import last_day_of
from cohorts.schedule.date_words import date_words, fill
from cohorts.web.bounds import ensure_choice, ensure_date, ensure_text
from cohorts.web.refusals import Invalid, NotNow
from goals.dial_rules import LIGHT
from goals.models import Audience, Focus, Level, Went
from goals.models.dialled import MAX_DIAL_DAYS, Turned
from goals.reserve import sunday_of

MAX_PLAN_CHARACTERS = 160  # of each half
MAX_PLACE_CHARACTERS = 80
MAX_LINE_CHARACTERS = 280
MAX_ANSWER_CHARACTERS = 1000

WORDS = ("tried", "happened", "learned", "next")
# Remove an opening word that was typed although the page prints it.
OPENINGS = {
    "cue": re.compile(r"^(when|if|når|hvis)(\s+|$)", re.IGNORECASE),
    "response": re.compile(r"^(then\s+)?(i will|i['’]ll|jeg skal|skal jeg|så skal jeg)(\s+|$)", re.IGNORECASE),
}


def plan_of(*, behaviour: str, cue: str, response: str) -> dict[str, str]:
    """The plan as it is stored: both halves without their opening words. Raises Invalid."""
    ensure_choice("behaviour", behaviour, Behaviour)
    return {"behaviour": behaviour, "cue": half_of_plan("cue", cue), "response": half_of_plan("response", response)}


def half_of_plan(name: str, words: str) -> str:
    """One half in single spaces, without the words the page prints. The same again for what it answered itself."""
    ensure_text(name, words, most=MAX_PLAN_CHARACTERS)
    words = " ".join(words.split())
    while (bare := OPENINGS[name].sub("", words).rstrip(" .,;")) != words:
        words = bare
    if not words:
        raise Invalid(name, _("Write a few words of your own."))
    return words


def ensure_language(language: str) -> None:
    ensure_choice("language", language, {"", *dict(settings.LANGUAGES)})


def ensure_dial(level: int, ends_on: date | None, *, today: date, latest: date) -> None:
    ensure_choice("level", level, Level.values)
    if ends_on is not None:
        ensure_last_day(ends_on, today=today, latest=latest)


def ensure_last_day(ends_on: date, *, today: date, latest: date) -> None:
    """Today or later, as long as there are nudges for the dial to change."""
    ensure_date("ends_on", ends_on)
    if ends_on < today:
        raise Invalid("ends_on", _("Choose today or a later day."))
    if ends_on > today + timedelta(days=MAX_DIAL_DAYS):
        raise Invalid("ends_on", _("Choose a day within a year."))
    if ends_on > latest:
        sentence = _("Choose %(date)s or an earlier day: your ninety days end then.")
        raise Invalid("ends_on", fill(sentence, {"date": date_words(latest)}))


def ensure_newest_turn(dial: Turned, rows: Sequence[Turned], *, today: date) -> None:
    """A turn is undone on its own day, as long as no other followed. `rows` are in the order they were made."""
    if dial.starts_on != today or dial != rows[-1]:
        raise NotNow(_("This dial was turned again since, or on another day. Turn it to where you want it."))


def latest_dial_day(enrolment: Enrolment, *, today: date) -> date:
    """The last day a dial can be set to: of the ninety days or, once they are over, of this week."""
    return min(max(last_day_of(enrolment), sunday_of(today)), today + timedelta(days=MAX_DIAL_DAYS))


def last_day(level: int, ends_on: date | None, *, today: date) -> date | None:
    """The chosen day; light and resting end with the week unless one was chosen."""
    return sunday_of(today) if ends_on is None and level <= LIGHT else ends_on


def ensure_practice(
    *, did_it: bool, went: int | None, place: str, line: str, focus: Focus | None, enrolment: Enrolment
) -> None:
    if did_it and went is not None and went not in Went.values:
        raise Invalid("went", _("Choose a number from 1 to 5."))
    ensure_text("place", place, most=MAX_PLACE_CHARACTERS, is_required=False)
    ensure_text("line", line, most=MAX_LINE_CHARACTERS, is_required=False)
    if focus is not None and (focus.enrolment_id != enrolment.pk or focus.archived_on is not None):
        raise Invalid("focus", _("Choose one of your current plans."))


def ensure_words(words: Mapping[str, str]) -> None:
    """Four short answers, at least one of them given."""
    for name in WORDS:
        ensure_text(name, words.get(name, ""), most=MAX_ANSWER_CHARACTERS, is_required=False)
    ensure_some_words(words)


def ensure_some_words(words: Mapping[str, str]) -> None:
    if not any(words.get(name, "").strip() for name in WORDS):
        raise Invalid("tried", _("Answer at least one of the four. A few words are enough."))


def ensure_audience(audience: str) -> None:
    ensure_choice("audience", audience, Audience.values)
