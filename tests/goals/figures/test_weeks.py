"""Weekly points out of daily sums."""

from datetime import date, timedelta

import pytest

from goals.figures.weeks import Day, Week, weeks_of

MONDAY = date(2026, 3, 2)
LATER = MONDAY + timedelta(days=60)


def one(*days: Day, **options: int) -> Week:
    (week,) = weeks_of(days, **{"expected_days": 2, "today": LATER, **options})  # type: ignore[arg-type]
    return week


def test_a_week_is_never_a_mean_of_means() -> None:
    week = one(Day(MONDAY, 100 * 300, 100), Day(MONDAY + timedelta(days=1), 20 * 600, 20))

    assert week.value == 350


def test_a_week_runs_from_monday_to_sunday() -> None:
    days = [Day(MONDAY + timedelta(days=index), 1, 2) for index in (-1, 0, 6, 7)]

    assert [week.monday for week in weeks_of(days, expected_days=1, today=LATER)] == [
        MONDAY - timedelta(days=7),
        MONDAY,
        MONDAY + timedelta(days=7),
    ]


def test_a_week_with_missing_days_is_not_complete() -> None:
    assert not one(Day(MONDAY, 1, 2)).is_complete
    assert one(Day(MONDAY, 1, 2), Day(MONDAY + timedelta(days=1), 1, 2)).is_complete


def test_a_day_with_nothing_counts_as_a_day_and_adds_no_value() -> None:
    week = one(Day(MONDAY, 1, 2), Day(MONDAY + timedelta(days=1), 0, 0))

    assert (week.value, week.is_complete) == (0.5, True)


def test_a_week_with_a_denominator_of_nought_has_no_value() -> None:
    assert weeks_of([Day(MONDAY, 0, 0)], expected_days=1, today=LATER) == []


@pytest.mark.parametrize(("days_later", "is_open"), [(6, True), (13, True), (14, False)])
def test_a_first_contact_is_open_until_its_window_is_over(days_later: int, *, is_open: bool) -> None:
    week = one(Day(MONDAY, 1, 2), expected_days=1, window_days=7, today=MONDAY + timedelta(days=days_later))  # type: ignore[arg-type]

    assert (week.is_open, week.is_settled) == (is_open, not is_open)


@pytest.mark.parametrize(("answers", "weeks"), [(9, 0), (10, 1)])
def test_fewer_than_ten_answers_have_no_value(answers: int, weeks: int) -> None:
    assert len(weeks_of([Day(MONDAY, 5, answers)], expected_days=1, today=LATER, fewest=10)) == weeks


def test_the_answer_rate_is_answers_of_asked() -> None:
    assert one(Day(MONDAY, 9, 12, 30), Day(MONDAY + timedelta(days=1), 9, 18, 30)).answer_rate == 0.5
    assert one(Day(MONDAY, 9, 12)).answer_rate is None


def test_sums_of_a_week_count_as_many_days_as_they_hold() -> None:
    assert one(Day(MONDAY, 9, 12, days=5), expected_days=5).is_complete
