"""The chart of a goal: its figures on a true time axis, what was agreed, and the light weeks as bands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.charts.run_chart import run_chart
from cohorts.charts.run_shapes import HALF, PAPER, PHONE, Layout, RunChart, RunPoint, Shade, Target
from goals.dial_rules import LIGHT, setting_on
from goals.leader_goals.finding import finding
from goals.leader_goals.history import newest_check_in, step_of
from goals.leader_goals.ladder import SIGNS, with_unit
from goals.leader_goals.scale import plain
from goals.models import CheckIn, Direction, Goal

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GoalChart:
    """The finding, and the drawings for a desk, a phone and paper."""

    title: str
    desk: RunChart
    phone: RunChart
    paper: RunChart


def goal_chart(goal: Goal, today: date) -> GoalChart | None:
    """Of a goal that is read `with_history`; None before its first check-in."""
    newest = newest_check_in(goal)
    if newest is None:
        return None
    points = _points(goal)
    last = goal.ended_on or today

    def draw(layout: Layout) -> RunChart:
        return run_chart(
            points,
            layout=layout,
            says=_says(goal),
            names=lambda on: date_format(on, "SHORT_MONTH_DAY_FORMAT"),
            until=goal.due_on,
            target=_target(goal),
            shades=light_days(goal, points[0].on, last),
            end_says=_("%(figure)s now") % {"figure": reading(goal, newest)},
        )

    return GoalChart(finding(goal), draw(HALF), draw(PHONE), draw(PAPER))


def reading(goal: Goal, entry: CheckIn) -> str:
    """What a check-in says: its figure with the unit, or its step."""
    return SIGNS[step_of(goal, entry)] if entry.value is None else with_unit(entry.value, goal.unit)


def light_days(goal: Goal, first: date, last: date) -> list[Shade]:
    """The stretches in which its dial stood on light or resting, as bands; turned again to the same, it is one."""
    settings = goal.settings
    turns = sorted(
        {first, *(each.starts_on for each in settings), *(each.ends_on + ONE_DAY for each in settings if each.ends_on)}
    )
    inside = [on for on in turns if first <= on <= last]
    shades: list[Shade] = []
    for on, following in zip(inside, [*inside[1:], last + ONE_DAY], strict=True):
        level = setting_on(settings, on).level
        if level <= LIGHT:
            said, until = _("light") if level == LIGHT else _("resting"), following - ONE_DAY
            if shades and (shades[-1].end, shades[-1].says) == (on - ONE_DAY, said):
                shades[-1] = replace(shades[-1], end=until)
            else:
                shades.append(Shade(on, until, said))
    return shades


def _points(goal: Goal) -> list[RunPoint]:
    begun = (
        [RunPoint(goal.baseline_on, float(goal.baseline), with_unit(goal.baseline, goal.unit), _("where it began"))]
        if goal.baseline is not None and goal.baseline_on is not None
        else []
    )
    said = {entry.on: entry for entry in goal.check_ins.all()}
    points = [
        RunPoint(on, float(step_of(goal, entry) if entry.value is None else entry.value), reading(goal, entry))
        for on, entry in said.items()
    ]
    return [*(point for point in begun if point.on not in said), *sorted(points, key=lambda point: point.on)]


def _says(goal: Goal) -> Callable[[float], str]:
    if goal.direction == Direction.STEPS:
        return lambda value: SIGNS.get(round(value), "") if value == round(value) else ""
    return lambda value: with_unit(plain(Decimal(str(round(value, 3)))), "")


def _target(goal: Goal) -> Target | None:
    if goal.direction == Direction.STEPS:
        return Target(0, _("agreed"))
    if goal.target is None:
        return None
    return Target(float(goal.target), _("agreed %(target)s") % {"target": with_unit(goal.target, goal.unit)})
