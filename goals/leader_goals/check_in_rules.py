"""What a check-in is held to. Asked by the form, decided in the action."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts.schedule.date_words import date_words, fill
from cohorts.web.bounds import ensure_choice, ensure_not_ahead, ensure_text, missing
from cohorts.web.refusals import Invalid
from goals.leader_goals.rules import ensure_in_unit
from goals.leader_goals.scale import STEPS
from goals.models import Direction, Goal

MAX_LINE_CHARACTERS = 280


def ensure_check_in(goal: Goal, *, on: date, value: Decimal | None, step: int | None, line: str, today: date) -> None:
    """A figure, or a step where the goal has no number, on a day between its beginning and today. Raises Invalid."""
    ensure_line(line)
    ensure_on(goal, on, today=today)
    ensure_reading(goal, value=value, step=step)


def ensure_line(line: str) -> None:
    ensure_text("line", line, most=MAX_LINE_CHARACTERS, is_required=False)


def ensure_on(goal: Goal, on: date, *, today: date) -> None:
    ensure_not_ahead("on", on, today=today)
    first = goal.baseline_on or goal.agreed_on
    if first is not None and on < first:
        sentence = _("This goal begins on %(date)s. Choose that day or a later one.")
        raise Invalid("on", fill(sentence, {"date": date_words(first, "MONTH_DAY_FORMAT")}))


def ensure_reading(goal: Goal, *, value: Decimal | None, step: int | None) -> None:
    if goal.direction == Direction.STEPS:
        if value is not None:
            raise Invalid("value", _("This goal has no number. Choose the step it is on."))
        if step is None:
            raise missing("step")
        ensure_choice("step", step, STEPS)
        return
    if step is not None:
        raise Invalid("step", _("This goal is measured with a number. Give the figure."))
    if value is None:
        raise missing("value")
    ensure_in_unit("value", value, goal.unit)
