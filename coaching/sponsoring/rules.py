"""What a question, an answer, an offer of time and an answer about support are held to. Asked by the forms, too."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from coaching.models import Obstacle
from coaching.models.sponsoring import MAX_ANSWER, MAX_ASK, MAX_PROTECTED, MIN_PROTECTED
from coaching.sponsoring.felt_support import ITEMS, TOP
from cohorts.web.bounds import ensure_choice, ensure_date, ensure_number, ensure_text, missing
from cohorts.web.refusals import Invalid

DAYS_AHEAD = 60  # for which time can be offered


def question_of(text: str) -> str:
    """The question in one line. Raises Invalid."""
    ensure_text("text", text, most=MAX_ASK)
    return " ".join(text.split())


def ensure_answer(answer: str) -> None:
    ensure_text("answer", answer, most=MAX_ANSWER)


def ensure_obstacle(obstacle: str) -> None:
    ensure_choice("obstacle", obstacle, Obstacle.values)


def ensure_minutes(minutes: int) -> None:
    ensure_number("minutes", minutes, MIN_PROTECTED, MAX_PROTECTED)


def ensure_protected_on(on: date, *, today: date) -> None:
    """Today or later, within two months."""
    ensure_date("on", on)
    if on < today:
        raise Invalid("on", _("Choose today or a later day."))
    if on > today + timedelta(days=DAYS_AHEAD):
        raise Invalid("on", _("Choose a day within the next two months."))


def ensure_items(items: Mapping[str, int]) -> None:
    """All five, each from 1 to 5."""
    for item in ITEMS:
        if item not in items:
            raise missing(item)
        ensure_number(item, items[item], 1, TOP)
