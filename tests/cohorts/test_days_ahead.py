"""Two weeks as somebody works them."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from cohorts.schedule.path import Calendar, Rota
from cohorts.schedule.preview import days_ahead

MONDAY = date(2026, 3, 2)
WEEKDAYS = Calendar(MONDAY, ZoneInfo("Europe/Oslo"), time(9), frozenset({1, 2, 3, 4, 5}))
FOUR_ON_FOUR_OFF = Calendar(MONDAY, ZoneInfo("Europe/Oslo"), time(9), frozenset(), rota=Rota(4, 4, MONDAY))


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def letters(calendar: Calendar, since: date = MONDAY) -> str:
    return "".join(day.state[0] for day in days_ahead(calendar, since).days)


def test_two_weeks_begin_on_the_date_asked_for() -> None:
    ahead = days_ahead(WEEKDAYS, on(2))

    assert [day.on for day in ahead.days] == [on(n) for n in range(2, 16)]
    assert letters(WEEKDAYS, on(2)) == "wwwoowwwwwooww"
    assert (ahead.open_days, ahead.has_exceptions) == (10, False)


def test_a_rota_is_seen_as_its_stretches() -> None:
    assert letters(FOUR_ON_FOUR_OFF) == "wwwwoooowwwwoo"


def test_holidays_and_days_away_differ_from_days_off() -> None:
    calendar = Calendar(
        MONDAY, WEEKDAYS.zone, time(9), WEEKDAYS.working_days, {on(1), on(5), on(7)}, ((on(7), on(9)), (on(12), on(12)))
    )
    ahead = days_ahead(calendar, MONDAY)

    assert letters(calendar) == "whwwwooaaawwoo"
    assert (ahead.open_days, ahead.has_exceptions) == (6, True)
