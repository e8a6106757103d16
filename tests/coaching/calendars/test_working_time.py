"""Time limits in working time: weekends, holidays, pauses and the days the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching.calendars.working_time import HORIZON, add_working_days, add_working_hours, working_hours_between
from cohorts.schedule.path import Calendar, Rota

OSLO, LONDON = ZoneInfo("Europe/Oslo"), ZoneInfo("Europe/London")
NINE = time(9)
WEEK = frozenset({1, 2, 3, 4, 5})
EASTER = frozenset({date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6)})


def office(zone: ZoneInfo = OSLO, **more: object) -> Calendar:
    return Calendar(day1=date(2026, 3, 2), zone=zone, hour=NINE, working_days=WEEK, holidays=EASTER, **more)


def at(text: str, zone: ZoneInfo = OSLO) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


HOURS = [
    ("inside one day", "2026-03-10 09:00", 4, "2026-03-10 13:00"),
    ("to the very end of the day", "2026-03-10 12:00", 4, "2026-03-10 16:00"),
    ("over the night", "2026-03-10 14:00", 4, "2026-03-11 10:00"),
    ("set at three in the night", "2026-03-11 03:00", 4, "2026-03-11 12:00"),
    ("set in the evening", "2026-03-10 20:00", 4, "2026-03-11 12:00"),
    ("over the weekend", "2026-03-13 15:00", 4, "2026-03-16 11:00"),
    ("set on a Saturday", "2026-03-14 12:00", 4, "2026-03-16 12:00"),
    ("three working days of eight hours", "2026-03-09 08:00", 24, "2026-03-11 16:00"),
    ("over Easter", "2026-04-01 14:00", 24, "2026-04-09 14:00"),
    ("over the night of 29 March", "2026-03-27 12:00", 8, "2026-03-30 12:00"),
    ("over the night of 25 October", "2026-10-23 12:00", 8, "2026-10-26 12:00"),
    ("no time at all", "2026-03-14 12:00", 0, "2026-03-16 08:00"),
]


@pytest.mark.parametrize(("start", "hours", "end"), [row[1:] for row in HOURS], ids=[row[0] for row in HOURS])
@pytest.mark.parametrize("zone", [OSLO, LONDON], ids=str)
def test_a_limit_counts_working_hours_only(zone: ZoneInfo, start: str, hours: int, end: str) -> None:
    calendar = office(zone)

    assert add_working_hours(at(start, zone), hours, calendar) == at(end, zone)
    assert working_hours_between(at(start, zone), at(end, zone), calendar) == hours


def test_working_hours_between_two_nights() -> None:
    assert working_hours_between(at("2026-03-13 20:00"), at("2026-03-16 07:00"), office()) == 0
    assert working_hours_between(at("2026-03-16 10:00"), at("2026-03-16 09:00"), office()) == 0


def test_a_limit_waits_for_somebody_who_is_away() -> None:
    away = office(pauses=((date(2026, 3, 11), date(2026, 3, 13)),))

    assert add_working_hours(at("2026-03-10 14:00"), 4, away) == at("2026-03-16 10:00")


def test_a_limit_follows_a_rota() -> None:
    shifts = office(rota=Rota(on=4, off=4, starts=date(2026, 3, 7)))  # Saturday to Tuesday

    assert add_working_hours(at("2026-03-06 12:00"), 8, shifts) == at("2026-03-07 16:00")
    assert add_working_hours(at("2026-03-10 12:00"), 8, shifts) == at("2026-03-15 12:00")


def test_nobody_waits_for_ever_for_a_day_that_never_comes() -> None:
    never = Calendar(day1=date(2026, 3, 2), zone=OSLO, hour=NINE, working_days=frozenset())

    start = at("2026-03-10 14:00")
    assert add_working_hours(start, 4, never) == start + HORIZON
    assert add_working_days(date(2026, 3, 10), 2, never) == date(2026, 3, 10) + HORIZON


@pytest.mark.parametrize(
    ("on", "days", "expected"),
    [
        (date(2026, 3, 10), 1, date(2026, 3, 11)),
        (date(2026, 3, 13), 1, date(2026, 3, 16)),
        (date(2026, 3, 14), 1, date(2026, 3, 16)),
        (date(2026, 4, 1), 1, date(2026, 4, 7)),
        (date(2026, 3, 9), 5, date(2026, 3, 16)),
        (date(2026, 3, 16), -1, date(2026, 3, 13)),
        (date(2026, 4, 7), -2, date(2026, 3, 31)),
        (date(2026, 3, 10), 0, date(2026, 3, 10)),
        (date(2026, 3, 14), 0, date(2026, 3, 16)),
    ],
)
def test_working_days_skip_weekends_and_holidays(on: date, days: int, expected: date) -> None:
    assert add_working_days(on, days, office()) == expected


def test_eight_hours_stay_eight_on_the_day_after_a_clock_change() -> None:
    for monday in ("2026-03-30", "2026-10-26"):
        day = timedelta(hours=24)
        assert working_hours_between(at(f"{monday} 00:00"), at(f"{monday} 00:00") + day, office()) == 8
