"""Goal-weeks at each dial level and how far goals stood in them (formula 19): a table of hand-checked cases."""

from datetime import date, timedelta

import pytest

from goals.dial_rules import LIGHT, RESTING, STEADY, STRETCH, Setting
from goals.leader_goals.dial_weeks import GoalLife, dial_weeks

MONDAY = date(2026, 3, 2)
FOUR_WEEKS = MONDAY + timedelta(days=27)


def day(number: int) -> date:
    """Day 0 is Monday 2 March."""
    return MONDAY + timedelta(days=number)


def goal(
    *settings: Setting, weight: int = 1, ended: int | None = None, steps: dict[int, int] | None = None
) -> GoalLife:
    dated = tuple((day(on), step) for on, step in (steps or {}).items())
    return GoalLife(weight, MONDAY, None if ended is None else day(ended), settings, dated)


@pytest.mark.parametrize(
    ("goals", "weeks"),
    [
        ([goal()], [0, 0, 4, 0]),
        ([goal(Setting(LIGHT, day(7), day(13)))], [0, 1, 3, 0]),
        # A week is as low as its lowest day: light from Thursday on makes it a light week, as for reserve weeks.
        ([goal(Setting(LIGHT, day(10), day(13)))], [0, 1, 3, 0]),
        # Turned back on the same day: it was never light.
        ([goal(Setting(LIGHT, day(10), day(13)), Setting(STEADY, day(10)))], [0, 0, 4, 0]),
        # From Monday of the second week to Wednesday of the third.
        ([goal(Setting(RESTING, day(7), day(16)))], [2, 0, 2, 0]),
        # Stretch counts only in weeks that had nothing lower.
        ([goal(Setting(STRETCH, day(9)))], [0, 0, 2, 2]),
        # A later setting does not change the weeks before it.
        ([goal(Setting(LIGHT, day(0)), Setting(STRETCH, day(14)))], [0, 2, 0, 2]),
        # It ended on Tuesday of the second week.
        ([goal(ended=8)], [0, 0, 2, 0]),
        # Two goals are eight goal-weeks.
        ([goal(), goal(Setting(LIGHT, day(0), day(6)))], [0, 1, 7, 0]),
    ],
)
def test_a_goal_week_has_the_lowest_level_of_its_days(goals: list[GoalLife], weeks: list[int]) -> None:
    found = dial_weeks(goals, FOUR_WEEKS)

    assert [each.weeks for each in found] == weeks
    assert [each.share for each in found] == [count / sum(weeks) for count in weeks]


@pytest.mark.parametrize(
    ("goals", "scores"),
    [
        ([goal()], [None, None, None, None]),
        # Steps −1, −1, 0, +1 at the ends of the weeks, the second of them light: steady mean 0, T 50; light −1, T 40.
        ([goal(Setting(LIGHT, day(7), day(13)), steps={4: -1, 15: 0, 25: 1})], [None, 40, 50, None]),
        # Nothing measured in the first two weeks: they count as weeks, not as nought.
        ([goal(steps={14: 1})], [None, None, 60, None]),
        # Weights 3 and 1, means +1 and −1: T = 50 + 10·(3 − 1) / √(0.7·10 + 0.3·16) = 50 + 20 / 3.4351 = 55.82.
        ([goal(weight=3, steps={0: 1}), goal(weight=1, steps={0: -1})], [None, None, 55.822, None]),
        # Half of it at light: 0.5 over two weeks there, T 55; −0.5 at steady, T 45.
        (
            [goal(Setting(LIGHT, day(0), day(13)), steps={0: 0, 7: 1, 14: 0, 21: -1})],
            [None, 55, 45, None],
        ),
    ],
)
def test_each_level_has_the_score_of_its_own_weeks(goals: list[GoalLife], scores: list[float | None]) -> None:
    found = [each.score for each in dial_weeks(goals, FOUR_WEEKS)]

    assert found == [score if score is None else pytest.approx(score, abs=0.001) for score in scores]


def test_goals_agreed_after_today_have_no_goal_weeks() -> None:
    assert dial_weeks([], FOUR_WEEKS) == []
    assert dial_weeks([goal()], MONDAY - timedelta(days=1)) == []


def test_the_week_under_way_counts_as_far_as_it_has_come() -> None:
    later = goal(Setting(LIGHT, day(9)))

    assert [each.weeks for each in dial_weeks([later], day(8))] == [0, 0, 2, 0]
    assert [each.weeks for each in dial_weeks([later], day(9))] == [0, 1, 1, 0]
