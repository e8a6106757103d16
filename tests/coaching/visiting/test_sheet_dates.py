"""When sheets are due, and tried ÷ noted."""

from datetime import date

import pytest

from coaching.visiting.sheet_dates import after_due_on, ask_on, before_due_on, host_reads_on, tried_share
from tests.coaching.visiting.test_queue_rules import Weekdays


@pytest.mark.parametrize(
    ("visit_on", "due_on", "host_on"),
    [
        (date(2026, 3, 19), date(2026, 3, 17), date(2026, 3, 18)),  # Thursday: Tuesday, Wednesday
        (date(2026, 3, 16), date(2026, 3, 12), date(2026, 3, 13)),  # Monday: Thursday, Friday
        (date(2026, 3, 17), date(2026, 3, 13), date(2026, 3, 16)),  # Tuesday: Friday, Monday
    ],
)
def test_the_before_sheet_is_due_two_working_days_before(visit_on: date, due_on: date, host_on: date) -> None:
    assert (before_due_on(visit_on, Weekdays()), host_reads_on(visit_on, Weekdays())) == (due_on, host_on)


def test_a_day_off_brings_the_before_sheet_forward() -> None:
    away = Weekdays(away=frozenset({date(2026, 3, 18)}))

    assert before_due_on(date(2026, 3, 19), away) == date(2026, 3, 16)


def test_the_after_sheet_has_three_days_and_the_question_comes_on_day_14() -> None:
    assert after_due_on(date(2026, 3, 19)) == date(2026, 3, 22)
    assert ask_on(date(2026, 3, 19)) == date(2026, 4, 2)


@pytest.mark.parametrize(("noted", "tried", "share"), [(5, 3, 0.60), (1, 1, 1.0), (4, 0, 0.0), (0, 0, None)])
def test_tried_of_noted(noted: int, tried: int, share: float | None) -> None:
    assert tried_share(noted=noted, tried=tried) == share
