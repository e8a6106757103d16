"""How an untouched goal grows old, and when it is reviewed: tables of cases."""

from datetime import date, timedelta

import pytest

from goals.leader_goals.ageing import Age, ageing
from goals.leader_goals.review_dates import is_open, next_review

TODAY = date(2026, 3, 11)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("ago", "age", "weeks"),
    [
        (0, Age.FRESH, 0),
        (14, Age.FRESH, 2),
        (15, Age.QUIET, 2),
        (28, Age.QUIET, 4),
        (29, Age.OLD, 4),
        (400, Age.OLD, 4),
    ],
)
def test_a_goal_left_alone_turns_quiet_and_then_old(ago: int, age: Age, weeks: int) -> None:
    found = ageing([day(-ago), day(-ago - 3)], TODAY)

    assert found is not None
    assert (found.days, found.age, sum(found.weeks)) == (ago, age, weeks)


def test_a_goal_grows_old_from_its_newest_touch_that_has_come() -> None:
    found = ageing([day(-20), day(3)], TODAY)

    assert found is not None
    assert found.touched_on == day(-20)
    assert ageing([day(1)], TODAY) is None


@pytest.mark.parametrize(("ahead", "opened"), [(4, False), (3, True), (0, True), (-30, True)])
def test_a_review_opens_three_days_before_its_date(ahead: int, opened: bool) -> None:
    assert is_open(day(ahead), TODAY) == opened


def test_a_goal_without_a_next_review_has_none_open() -> None:
    assert not is_open(None, TODAY)


@pytest.mark.parametrize(
    ("held", "was_due", "goal_due", "expected"),
    [
        (0, 0, 60, 14),
        (-2, 0, 60, 14),  # early: two weeks from its date
        (9, 0, 60, 23),  # late: two weeks from the day it was held
        (0, None, 60, 14),
        (0, 0, 15, 14),
        (0, 0, 14, None),  # closed instead
        (0, 0, -3, None),
    ],
)
def test_the_next_review_is_two_weeks_on(held: int, was_due: int | None, goal_due: int, expected: int | None) -> None:
    was_due_on = None if was_due is None else day(was_due)

    assert next_review(day(held), was_due_on=was_due_on, goal_due_on=day(goal_due)) == (
        None if expected is None else day(expected)
    )
