"""Whom the dates leave out: hand-counted cases, and no number of fewer than five people."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from coaching.hosting.fair_access import OfferedDate, Pattern, Shift, Worker, access, report, shift_of
from cohorts.schedule.path import Rota
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.coaching.hosting.scenes import OSLO
from tests.times import NOW, TODAY

MONDAY = datetime(2026, 3, 16, 8, tzinfo=UTC)


def offered(
    days: int = 0, hours: int = 0, *, site: str = "Bergen", places: int = 6, is_remote: bool = False
) -> OfferedDate:
    return OfferedDate(MONDAY + timedelta(days=days, hours=hours), OSLO, places, site, is_remote)


def weekday_leader(has_been: bool = False) -> Worker:
    return Worker(Pattern.WEEKDAYS, OSLO, lambda on: on.isoweekday() <= 5, has_been)


def rota_leader(starts: date) -> Worker:
    return Worker(Pattern.ROTA, OSLO, Rota(4, 4, starts).works, False)


@pytest.mark.parametrize(
    ("hour", "shift"),
    [(5, Shift.NIGHT), (6, Shift.DAY), (14, Shift.DAY), (15, Shift.EVENING), (21, Shift.EVENING), (22, Shift.NIGHT)],
)
def test_the_shift_of_a_date_is_told_by_the_host_s_clock(hour: int, shift: Shift) -> None:
    assert shift_of(datetime(2026, 3, 16, hour, 30, tzinfo=OSLO), OSLO) == shift


def test_places_are_added_up_by_site_and_by_time_of_day() -> None:
    found = access([offered(), offered(1), offered(2, 9, site="Oslo", places=4), offered(3, is_remote=True)], [])

    assert [(each.key, each.dates, each.places) for each in found.by_site] == [
        ("Bergen", 2, 12),
        ("Oslo", 1, 4),
        ("", 1, 6),
    ]
    assert [(each.key, each.dates, each.places) for each in found.by_shift] == [
        ("day", 3, 18),
        ("evening", 1, 4),
        ("night", 0, 0),
    ]


def test_dates_by_day_alone_leave_out_the_night_shift() -> None:
    assert access([offered(), offered(1)], []).excludes_nights
    assert not access([offered(), offered(1, 9)], []).excludes_nights
    assert not access([], []).excludes_nights


def test_each_pattern_counts_the_dates_on_days_it_works() -> None:
    """Monday to Friday, and a Saturday. Four on and four off from that Monday: on until Thursday."""
    dates = [offered(number) for number in range(6)]
    workers = [weekday_leader() for _ in range(5)] + [rota_leader(date(2026, 3, 16)) for _ in range(5)]

    weekdays, rota = access(dates, workers).by_pattern

    assert (weekdays.pattern, weekdays.leaders, weekdays.average) == (Pattern.WEEKDAYS, 5, 5.0)
    assert (rota.pattern, rota.leaders, rota.average) == (Pattern.ROTA, 5, 4.0)


def test_a_group_of_fewer_than_five_is_not_shown() -> None:
    found = access([offered()], [weekday_leader() for _ in range(5)] + [rota_leader(TODAY) for _ in range(4)])

    assert [each.pattern for each in found.by_pattern] == [Pattern.WEEKDAYS]
    assert found.left_out == (Pattern.ROTA,)


@pytest.mark.parametrize(("been", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_one_to_four_guests_are_not_counted_out(been: int, told: int | None) -> None:
    workers = [weekday_leader(number < been) for number in range(9)]

    assert access([offered()], workers).by_pattern[0].have_been == told


def test_the_report_reads_open_dates_and_leaders_of_now(cast: Cast, count_queries: Callable) -> None:
    with within(cast.acme):
        make.VisitFactory(starts_at=NOW - timedelta(days=91))
        make.VisitFactory(state="cancelled", cancelled_at=NOW, cancel_reason="Snow")
        found = report(NOW)
        asked = count_queries(lambda: report(NOW))

    assert found.dates == 2
    assert found.left_out == (Pattern.WEEKDAYS,)  # four leaders
    assert len(asked) == 3
