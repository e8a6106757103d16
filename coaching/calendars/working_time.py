"""Time limits that count working time only: 08–16 on the days somebody works, in their own zone. Pure.

A limit set at 03:00 starts to run at 08:00, and one set on Friday afternoon goes on on Monday morning. On the day a
clock changes, 08–16 is eight hours all the same: clocks change at night.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from cohorts.schedule.path import local_instant
from cohorts.schedule.time_zones import local_date

STARTS, ENDS = time(8), time(16)
HORIZON = timedelta(days=400)  # somebody without a working day in this time has none: the limit falls at its end


class WorkingDays(Protocol):
    """Which days somebody works, and where: a `cohorts.schedule.path.Calendar` is one."""

    @property
    def zone(self) -> ZoneInfo: ...

    def is_open(self, on: date, /) -> bool: ...


def add_working_hours(start: datetime, hours: float, calendar: WorkingDays) -> datetime:
    """The instant at which this much working time has passed since `start`."""
    left = timedelta(hours=hours)
    for opens, closes in _stretches(start, calendar):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return start + HORIZON


def working_hours_between(start: datetime, end: datetime, calendar: WorkingDays) -> float:
    """Working hours from one instant to a later one; 0 if it is not later."""
    total = timedelta(0)
    for opens, closes in _stretches(start, calendar):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total / timedelta(hours=1)


def add_working_days(on: date, days: int, calendar: WorkingDays) -> date:
    """The date `days` working days after `on`, which is not counted; before it for a negative number.

    With 0 it is `on` itself, or the next working day.
    """
    step = timedelta(days=1 if days >= 0 else -1)
    if days == 0:
        days, on = 1, on - step
    far = on + step * HORIZON.days
    while days and on != far:
        on += step
        days -= step.days if calendar.is_open(on) else 0
    return on


def _stretches(start: datetime, calendar: WorkingDays) -> Iterator[tuple[datetime, datetime]]:
    """What is left of each working day from `start` on."""
    first = local_date(start, calendar.zone)
    for ahead in range(HORIZON.days):
        on = first + timedelta(days=ahead)
        if calendar.is_open(on):
            opens = max(local_instant(on, STARTS, calendar.zone), start)
            closes = local_instant(on, ENDS, calendar.zone)
            if opens < closes:
                yield opens, closes
