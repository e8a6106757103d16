"""When the two should talk again. Pure.

    due = last held + cadence + days away of either inside that window, then forward to the leader's next working day

In good time before that date; due on it and for two working days more; late after those; lapsed once another whole
cadence has gone by. A pair that has not met yet counts from its first day.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

Span = tuple[date, date]  # both ends included
WorksOn = Callable[[date], bool]

DUE_WORKING_DAYS = 2
MAX_DAYS_WITHOUT_WORK = 366  # somebody who never works again is due as if they did


class Standing(StrEnum):
    """How a pair stands to its cadence, first what needs nothing."""

    IN_GOOD_TIME = "in_good_time"
    DUE = "due"
    LATE = "late"
    LAPSED = "lapsed"


def due_on(since: date, cadence_days: int, away: Sequence[Span], works_on: WorksOn) -> date:
    """The date of the next talk, for a pair that last met `since`. `away` holds the days off of either of the two."""
    window_ends = since + timedelta(days=cadence_days)
    return next_working_day(window_ends + timedelta(days=days_away(away, since, window_ends)), works_on)


def standing(due: date, cadence_days: int, today: date, works_on: WorksOn) -> Standing:
    if today < due:
        return Standing.IN_GOOD_TIME
    if today >= due + timedelta(days=cadence_days):
        return Standing.LAPSED
    passed = sum(works_on(due + timedelta(days=number)) for number in range(1, (today - due).days + 1))
    return Standing.DUE if passed <= DUE_WORKING_DAYS else Standing.LATE


def days_away(away: Sequence[Span], after: date, until: date) -> int:
    """How many dates of `(after, until]` lie in one of the spans; a date in two of them counts once."""
    days: set[date] = set()
    for first, last in away:
        start, end = max(first, after + timedelta(days=1)), min(last, until)
        days.update(start + timedelta(days=number) for number in range((end - start).days + 1))
    return len(days)


def next_working_day(on: date, works_on: WorksOn) -> date:
    """This date or the first working day after it."""
    ahead = (on + timedelta(days=number) for number in range(MAX_DAYS_WITHOUT_WORK))
    return next((day for day in ahead if works_on(day)), on)
