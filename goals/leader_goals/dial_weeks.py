"""How many weeks of goals each dial level had, and how far those goals stood in them (formula 19). Pure.

A goal-week is one goal in one week, Monday to Sunday, from the day it was agreed until it ended or today. It belongs to
the lowest level that was in force on any of its days, by the setting it had then: the rule of reserve weeks. Where a
goal stood in a week is the step of its newest check-in by the week's last day.

Beside each level stands the T-score of formula 18, with each goal's mean step over its weeks at that level. Weights are
those that were agreed: a dial never changes them. So it shows whether a goal was dialled down to look better.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from goals.dial_rules import RESTING, STRETCH, Setting, setting_on
from goals.leader_goals.attainment import t_score
from goals.reserve import monday_of, sunday_of


@dataclass(frozen=True, slots=True)
class GoalLife:
    """One agreed goal over time. `steps` are the dates of its check-ins and the steps they reached, oldest first."""

    weight: int
    agreed_on: date
    ended_on: date | None
    settings: tuple[Setting, ...] = ()
    steps: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LevelWeeks:
    """The goal-weeks at one level, their share of all, and the T-score there; None where nothing was measured."""

    level: int
    weeks: int
    share: float
    score: float | None


def dial_weeks(goals: Sequence[GoalLife], today: date) -> list[LevelWeeks]:
    """One for each level from resting to stretch; none at all before the first goal-week."""
    weeks = [(goal, list(_weeks(goal, today))) for goal in goals]
    total = sum(len(each) for _goal, each in weeks)
    found = []
    for level in range(RESTING, STRETCH + 1) if total else ():
        count = sum(each == level for _goal, levels in weeks for each, _step in levels)
        found.append(LevelWeeks(level, count, count / total, _score(weeks, level)))
    return found


Week = tuple[int, int | None]  # its level, and the step the goal stood on


def _weeks(goal: GoalLife, today: date) -> Iterator[Week]:
    last = min(goal.ended_on or today, today)
    monday = monday_of(goal.agreed_on)
    while monday <= last:
        first, end = max(monday, goal.agreed_on), min(sunday_of(monday), last)
        days = (first + timedelta(days=number) for number in range((end - first).days + 1))
        yield min(setting_on(goal.settings, on).level for on in days), _step_by(goal, end)
        monday += timedelta(weeks=1)


def _step_by(goal: GoalLife, on: date) -> int | None:
    return next((step for said_on, step in reversed(goal.steps) if said_on <= on), None)


def _score(weeks: Sequence[tuple[GoalLife, Sequence[Week]]], level: int) -> float | None:
    means = []
    for goal, levels in weeks:
        steps = [step for each, step in levels if each == level and step is not None]
        if steps:
            means.append((goal.weight, fmean(steps)))
    return t_score(means)
