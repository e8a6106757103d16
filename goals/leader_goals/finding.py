"""The title of a goal's chart: what the figures say so far, in one sentence."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from goals.leader_goals.history import newest_check_in, step_of
from goals.leader_goals.ladder import SIGNS, with_unit
from goals.leader_goals.scale import PER_CENT
from goals.models import CheckIn, Direction, Goal

NUMBER_WORDS = (
    pgettext_lazy("number", "zero"), pgettext_lazy("number", "one"), pgettext_lazy("number", "two"),
    pgettext_lazy("number", "three"), pgettext_lazy("number", "four"), pgettext_lazy("number", "five"),
    pgettext_lazy("number", "six"), pgettext_lazy("number", "seven"), pgettext_lazy("number", "eight"),
    pgettext_lazy("number", "nine"), pgettext_lazy("number", "ten"), pgettext_lazy("number", "eleven"),
    pgettext_lazy("number", "twelve"),
)  # fmt: skip


def finding(goal: Goal) -> str:
    """From where it began to the newest figure, and what is left. The goal is read `with_history`."""
    newest = newest_check_in(goal)
    if newest is None:
        return _("No figure yet")
    if goal.direction == Direction.STEPS or newest.value is None:
        return _of_steps(goal, newest)
    if goal.target is None:
        return _("Now %(figure)s") % {"figure": with_unit(newest.value, goal.unit)}
    if goal.direction == Direction.HOLD:
        return _of_hold(goal, newest.value)
    if goal.baseline is None or goal.baseline_on is None:
        return _("Now %(figure)s; %(left)s") % {
            "figure": with_unit(newest.value, goal.unit),
            "left": _left(goal, newest.value),
        }
    moved = _moved(newest.value - goal.baseline, goal.unit)
    words = {"moved": moved, "time": _time(goal.baseline_on, newest.on), "left": _left(goal, newest.value)}
    return pgettext("goal", "%(moved)s %(time)s; %(left)s") % words


def number_words(value: Decimal) -> str:
    """Whole numbers up to twelve as words, others as figures."""
    whole = int(value)
    if value == whole and 0 <= whole < len(NUMBER_WORDS):
        return str(NUMBER_WORDS[whole])
    return with_unit(value, "")


def _moved(change: Decimal, unit: str) -> str:
    if not change:
        return pgettext("figure", "Unchanged")
    words = {"number": _amount(abs(change), unit)}
    if unit.strip() == PER_CENT:
        if change > 0:
            return ngettext("Up one point", "Up %(number)s points", _plural(change)) % words
        return ngettext("Down one point", "Down %(number)s points", _plural(change)) % words
    return (_("Up %(number)s") if change > 0 else _("Down %(number)s")) % words


def _amount(value: Decimal, unit: str) -> str:
    """In words, where no unit stands behind it."""
    return number_words(value) if unit.strip() in {"", PER_CENT} else with_unit(value, unit)


def _plural(value: Decimal) -> int:
    return 1 if abs(value) == 1 else 2


def _time(begun: date, on: date) -> str:
    weeks = (on - begun).days // 7
    if not weeks:
        return _("in less than a week")
    return ngettext("in one week", "in %(number)s weeks", weeks) % {"number": number_words(Decimal(weeks))}


def _left(goal: Goal, value: Decimal) -> str:
    assert goal.target is not None
    left = goal.target - value if goal.direction == Direction.UP else value - goal.target
    if not left:
        return _("what was agreed")
    words = {"number": number_words(abs(left))}
    return (_("%(number)s to go") if left > 0 else _("%(number)s more than agreed")) % words


def _of_hold(goal: Goal, value: Decimal) -> str:
    assert goal.target is not None
    away = abs(value - goal.target)
    words = {"target": with_unit(goal.target, goal.unit), "number": _amount(away, goal.unit)}
    if not away:
        return _("Right on %(target)s, where it should stay") % words
    if goal.tolerance is not None and away > goal.tolerance:
        return _sentence(_("%(number)s away from %(target)s: further than agreed") % words)
    return _sentence(_("%(number)s away from %(target)s, as agreed") % words)


def _of_steps(goal: Goal, newest: CheckIn) -> str:
    step = step_of(goal, newest)
    words = {"step": SIGNS[step], "number": number_words(Decimal(abs(step)))}
    if not step:
        return _("On the step that was agreed")
    if step > 0:
        return ngettext("One step more than agreed", "%(number)s steps more than agreed", step) % words
    return ngettext("On step %(step)s; one to go", "On step %(step)s; %(number)s to go", -step) % words


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
