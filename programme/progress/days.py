"""What each day of the ninety was, or will be: the row of squares that the path page, the sponsor and the report show.

Pure. A word from the leader outranks the calendar: a practice on a Saturday shows as a practice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cohorts.charts.geometry import Day, DayState
from cohorts.schedule.path import LENGTH, Calendar


@dataclass(frozen=True, slots=True)
class Logged:
    """What a leader said about a date: did it or not today, how it went (1–5). Never where, never the line."""

    on: date
    did_it: bool
    went: int | None
    is_back_filled: bool
    logged_at: datetime


def path_days(calendar: Calendar, logged: Mapping[date, Logged], today: date) -> tuple[Day, ...]:
    """Every date from day 1 to day 90."""
    count = (calendar.date_of(LENGTH) - calendar.day1).days + 1
    dates = [calendar.day1 + timedelta(days=passed) for passed in range(count)]
    return tuple(Day(on, _state(calendar, logged.get(on), on, today), _number(calendar, on)) for on in dates)


def _number(calendar: Calendar, on: date) -> int | None:
    return None if calendar.is_paused(on) else calendar.day(on)


def _state(calendar: Calendar, word: Logged | None, on: date, today: date) -> DayState:
    if word is not None:
        return _said(word)
    if calendar.is_paused(on):
        return DayState.PAUSED
    if on == today:
        return DayState.TODAY
    if not calendar.is_open(on):
        return DayState.FREE
    return DayState.QUIET if on < today else DayState.AHEAD


def _said(word: Logged) -> DayState:
    if not word.did_it:
        return DayState.NOT_TODAY
    return DayState.FILLED_IN if word.is_back_filled else DayState.DONE
