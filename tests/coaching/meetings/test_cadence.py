"""When two people should talk again, as a table of cases."""

from datetime import date, timedelta

import pytest

from coaching.meetings.cadence import Span, Standing, days_away, due_on, standing

WEEK_OFF = (date(2026, 11, 9), date(2026, 11, 13))
HELD = date(2026, 11, 2)  # a Monday


def weekdays(on: date) -> bool:
    return on.isoweekday() <= 5


@pytest.mark.parametrize(
    ("cadence", "away", "due"),
    [
        (14, [], date(2026, 11, 16)),
        (14, [WEEK_OFF], date(2026, 11, 23)),  # 16 November and five days is a Saturday
        (14, [WEEK_OFF, WEEK_OFF], date(2026, 11, 23)),  # both were away: counted once
        (14, [(date(2026, 10, 26), HELD)], date(2026, 11, 16)),  # before the window
        (14, [(date(2026, 11, 16), date(2026, 11, 20))], date(2026, 11, 17)),  # one day of it lies inside
        (7, [], date(2026, 11, 9)),
        (28, [], date(2026, 11, 30)),
        (14, [(date(2026, 11, 3), date(2026, 12, 31))], date(2026, 11, 30)),
    ],
)
def test_due_counts_from_the_last_talk_and_leaves_days_away_out(cadence: int, away: list[Span], due: date) -> None:
    assert due_on(HELD, cadence, away, weekdays) == due


def test_due_moves_on_to_a_day_on_which_the_leader_works() -> None:
    assert due_on(HELD, 7, [], lambda on: on == date(2026, 11, 12)) == date(2026, 11, 12)
    assert due_on(HELD, 7, [], lambda on: False) == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), Standing.IN_GOOD_TIME),
        (date(2026, 11, 23), Standing.DUE),
        (date(2026, 11, 25), Standing.DUE),  # two working days later
        (date(2026, 11, 26), Standing.LATE),
        (date(2026, 12, 6), Standing.LATE),
        (date(2026, 12, 7), Standing.LAPSED),  # another cadence has gone by
    ],
)
def test_a_pair_is_in_good_time_due_late_or_lapsed(today: date, expected: Standing) -> None:
    assert standing(date(2026, 11, 23), 14, today, weekdays) == expected


def test_a_weekend_does_not_make_a_talk_late() -> None:
    friday = date(2026, 11, 20)
    assert standing(friday, 14, friday + timedelta(days=4), weekdays) == Standing.DUE
    assert standing(friday, 14, friday + timedelta(days=5), weekdays) == Standing.LATE


def test_days_away_outside_the_window_do_not_count() -> None:
    assert days_away([(date(2026, 11, 1), date(2026, 11, 30))], HELD, HELD + timedelta(days=14)) == 14
    assert days_away([(date(2026, 12, 1), date(2026, 12, 3))], HELD, HELD + timedelta(days=14)) == 0
