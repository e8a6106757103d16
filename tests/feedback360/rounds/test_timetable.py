"""The dates of a round: humane hours, working days, clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.schedule.closed_days import ClosedDays, Place
from cohorts.schedule.path import Calendar
from feedback360.rounds.timetable import (
    Timetable,
    at,
    mail_time,
    reminder_of_today,
    reminders,
    timetable,
)

OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = date(2020, 1, 1)


def calendar(zone: str = "Europe/Oslo", **about) -> Calendar:
    about = {"holidays": ClosedDays(Place("NO")), "working_days": frozenset({1, 2, 3, 4, 5}), **about}
    return Calendar(day1=date(2026, 3, 2), zone=ZoneInfo(zone), hour=time(9), **about)


def local(instants: Timetable, zone: ZoneInfo = OSLO) -> list[str]:
    names = ("nominates_at", "opens_at", "reminds_at", "closes_at", "releases_at")
    return [getattr(instants, name).astimezone(zone).strftime("%a %d %b %H:%M") for name in names]


# opening -> the five instants in Oslo, worked out on a calendar of 2026
CASES = [
    (
        date(2026, 2, 23),  # a plain Monday
        ["Mon 09 Feb 09:00", "Mon 23 Feb 09:00", "Mon 02 Mar 16:00", "Thu 05 Mar 16:00", "Fri 06 Mar 09:00"],
    ),
    (
        date(2026, 5, 16),  # a Saturday; 17 May is a Sunday, 25 May Whit Monday, 1 May a holiday
        ["Thu 30 Apr 09:00", "Mon 18 May 09:00", "Tue 26 May 16:00", "Thu 28 May 16:00", "Fri 29 May 09:00"],
    ),
    (
        date(2026, 3, 20),  # a Friday; Maundy Thursday is 2 April, Easter Monday 6 April
        ["Fri 06 Mar 09:00", "Fri 20 Mar 09:00", "Fri 27 Mar 16:00", "Mon 30 Mar 16:00", "Tue 31 Mar 09:00"],
    ),
    (
        date(2026, 3, 26),  # the soft deadline falls on Maundy Thursday, and the close moves with it
        ["Thu 12 Mar 09:00", "Thu 26 Mar 09:00", "Tue 07 Apr 16:00", "Thu 09 Apr 16:00", "Fri 10 Apr 09:00"],
    ),
]


@pytest.mark.parametrize(("opens_on", "expected"), CASES)
def test_a_round_keeps_to_working_days_and_humane_hours(opens_on, expected):
    assert local(timetable(opens_on, calendar(), chosen_from=LONG_AGO)) == expected


def test_the_hours_stay_the_same_across_the_clock_change():
    """Opens in winter time (UTC+1), closes the day after 29 March in summer time (UTC+2)."""
    planned = timetable(date(2026, 3, 20), calendar(), chosen_from=LONG_AGO)

    assert planned.opens_at == datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
    assert planned.closes_at == datetime(2026, 3, 30, 14, 0, tzinfo=UTC)
    assert planned.releases_at == datetime(2026, 3, 31, 7, 0, tzinfo=UTC)


def test_a_close_in_the_night_of_the_clock_change_is_once():
    """Sunday workers in Oslo: closes on 25 October, when 2:00 to 3:00 comes twice; 16:00 is UTC+1 by then."""
    everyday = calendar(working_days=frozenset(range(1, 8)), holidays=frozenset())

    planned = timetable(date(2026, 10, 15), everyday, chosen_from=LONG_AGO)

    assert planned.closes_at == datetime(2026, 10, 25, 15, 0, tzinfo=UTC)
    assert planned.reminds_at == datetime(2026, 10, 22, 14, 0, tzinfo=UTC)


def test_a_late_round_leaves_a_week_for_choosing():
    planned = timetable(date(2026, 2, 23), calendar(), chosen_from=date(2026, 2, 20))

    assert local(planned)[:2] == ["Fri 20 Feb 09:00", "Fri 27 Feb 09:00"]


def test_choosing_from_a_saturday_begins_on_monday():
    planned = timetable(date(2026, 2, 23), calendar(), chosen_from=date(2026, 2, 21))

    assert local(planned)[:2] == ["Mon 23 Feb 09:00", "Mon 02 Mar 09:00"]


def test_planning_again_from_the_day_it_began_changes_nothing():
    first = timetable(date(2026, 2, 23), calendar(), chosen_from=date(2026, 2, 20))
    began = first.nominates_at.astimezone(OSLO).date()

    assert timetable(date(2026, 2, 23), calendar(), chosen_from=began) == first


def test_nine_oclock_in_quiet_hours_becomes_their_end():
    late = calendar(quiet_from=time(20), quiet_until=time(10, 30))

    planned = timetable(date(2026, 2, 23), late, chosen_from=LONG_AGO)

    assert local(planned)[1] == "Mon 23 Feb 10:30"


def test_a_cohort_without_working_days_still_has_dates():
    planned = timetable(date(2026, 2, 23), calendar(working_days=frozenset()), chosen_from=LONG_AGO)

    assert local(planned)[1] == "Mon 23 Feb 09:00"


ZONES = ("Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC")


@given(
    opens_on=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    zone=st.sampled_from(ZONES),
    days=st.sets(st.integers(1, 7), min_size=1),
    chosen=st.integers(-30, 20),
    pause=st.integers(0, 40),
)
def test_every_round_is_in_order_and_on_working_days(opens_on, zone, days, chosen, pause):
    away = ((opens_on, opens_on + timedelta(days=pause)),) if pause else ()
    of_cohort = calendar(zone, working_days=frozenset(days), pauses=away)

    planned = timetable(opens_on, of_cohort, chosen_from=opens_on + timedelta(days=chosen))

    walls = [each.astimezone(of_cohort.zone) for each in vars_of(planned)]
    assert vars_of(planned) == sorted(set(vars_of(planned)))
    assert all(of_cohort.is_open(wall.date()) for wall in walls)
    assert [wall.time() for wall in walls] == [time(9), time(9), time(16), time(16), time(9)]


def vars_of(planned: Timetable) -> list[datetime]:
    return [planned.nominates_at, planned.opens_at, planned.reminds_at, planned.closes_at, planned.releases_at]


def reminders_of(planned: Timetable, of_cohort: Calendar) -> tuple[datetime, ...]:
    return reminders(of_cohort, opens_at=planned.opens_at, reminds_at=planned.reminds_at, closes_at=planned.closes_at)


def test_three_reminders_of_a_plain_round():
    planned = timetable(date(2026, 2, 23), calendar(), chosen_from=LONG_AGO)

    days = [each.astimezone(OSLO).strftime("%a %d %b %H:%M") for each in reminders_of(planned, calendar())]

    assert days == ["Thu 26 Feb 09:00", "Mon 02 Mar 09:00", "Wed 04 Mar 09:00"]


@given(opens_on=st.dates(date(2025, 1, 1), date(2028, 12, 31)), days=st.sets(st.integers(1, 7), min_size=1))
def test_reminders_are_few_spaced_and_never_on_a_day_off(opens_on, days):
    of_cohort = calendar(working_days=frozenset(days))
    planned = timetable(opens_on, of_cohort, chosen_from=LONG_AGO)

    found = reminders_of(planned, of_cohort)

    on = [each.astimezone(OSLO).date() for each in found]
    opened = planned.opens_at.astimezone(OSLO).date()
    assert len(found) <= 3
    assert all(of_cohort.is_open(each) for each in on)
    assert all(later - earlier >= timedelta(days=2) for earlier, later in zip([opened, *on], on, strict=False))
    assert all(each < planned.closes_at for each in found)


def test_a_reminder_is_due_on_its_own_day_alone():
    planned = timetable(date(2026, 2, 23), calendar(), chosen_from=LONG_AGO)
    found = reminders_of(planned, calendar())

    assert reminder_of_today(found, found[0] - timedelta(minutes=1), calendar()) is None
    assert reminder_of_today(found, found[0], calendar()) == 1
    assert reminder_of_today(found, found[0] + timedelta(hours=8), calendar()) == 1
    assert reminder_of_today(found, found[0] + timedelta(days=1), calendar()) is None
    assert reminder_of_today(found, found[1], calendar()) == 2


# local time in Oslo -> when a mail asked for then goes
MAIL_TIMES = [
    ("2026-02-23 10:15", "2026-02-23 10:15"),
    ("2026-02-23 08:00", "2026-02-23 08:00"),
    ("2026-02-23 07:59", "2026-02-23 09:00"),
    ("2026-02-23 18:00", "2026-02-24 09:00"),
    ("2026-02-20 23:30", "2026-02-23 09:00"),  # Friday night
    ("2026-02-21 12:00", "2026-02-23 09:00"),  # Saturday
    ("2026-04-01 19:00", "2026-04-07 09:00"),  # before Easter
    ("2026-03-28 23:00", "2026-03-30 09:00"),  # the night of the clock change
]


@pytest.mark.parametrize(("asked", "goes"), MAIL_TIMES)
def test_a_mail_waits_for_a_humane_hour(asked, goes):
    assert mail_time(calendar(), _oslo(asked)) == _oslo(goes)


def test_a_mail_in_quiet_hours_of_the_day_waits_for_their_end():
    late = calendar(quiet_from=time(20), quiet_until=time(10, 30))

    assert mail_time(late, _oslo("2026-02-23 08:30")) == _oslo("2026-02-23 10:30")


def test_an_hour_skipped_by_a_clock_change_moves_past_the_gap():
    assert at(calendar(), date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def _oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)
