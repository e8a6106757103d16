"""What a closed date moves: steps of the path and live events. Pure.

For somebody who follows the cohort's own days at a steady cadence from day 1. Leaders with days of their own differ.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from cohorts.schedule.closed_days import ClosedDays
from cohorts.schedule.path import Calendar, Cursor, Dialled, Due, Plan, due_on, walk

Dates = Mapping[int, Due]


@dataclass(frozen=True, slots=True)
class Move:
    """A step, by its key and day of the curriculum, that goes on another date."""

    key: int
    day: int
    was_on: date
    now_on: date


def dates_of(plan: Plan, calendar: Calendar) -> Dates:
    """Each step's nudge, by the step's key."""
    before = datetime.combine(calendar.day1 - timedelta(days=2), time(0), tzinfo=UTC)
    return {due.slot.key: due for due in walk(plan, calendar, Cursor(), Dialled(), before)}


def moves(before: Dates, after: Dates) -> list[Move]:
    """The steps of both paths whose dates differ, in order of the curriculum."""
    both = sorted(before.keys() & after.keys(), key=lambda key: (before[key].slot.day, key))
    changed = ((before[key], after[key]) for key in both if before[key].on != after[key].on)
    return [Move(was.slot.key, was.slot.day, was.on, now.on) for was, now in changed]


def moved_by(plan: Plan, calendar: Calendar, closed: ClosedDays, dates: Iterable[date]) -> dict[date, Move]:
    """By closed date, the step that would go on it if it alone were open, and the date on which that step goes.

    One walk: what goes up to a date does not depend on whether that date is open.
    """
    calendar = replace(calendar, holidays=closed)
    as_it_is = dates_of(plan, calendar)
    ahead = deque(sorted(as_it_is.values(), key=lambda due: due.on))
    all_open, cursor = replace(calendar, holidays=frozenset()), Cursor()
    found: dict[date, Move] = {}
    for on in sorted(dates):
        while ahead and ahead[0].on < on:
            cursor = cursor.after(ahead.popleft())
        opened = due_on(plan, all_open, cursor, Dialled(), on)
        if isinstance(opened, Due) and (due := as_it_is.get(opened.slot.key)) is not None and due.on != on:
            found[on] = Move(opened.slot.key, opened.slot.day, on, due.on)
    return found
