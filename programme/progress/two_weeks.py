"""Last week and this week of one leader, a cell for each day, so that the eye can compare rows. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.schedule.path import Calendar

WEEK = 7
DONE, MISS, AHEAD, HOLD, OFF, LATER = "done", "miss", "ahead", "hold", "off", "later"


@dataclass(frozen=True, slots=True)
class Strip:
    """Fourteen cells, Monday of last week first. Today counts as missed never, as done when it is."""

    cells: tuple[str, ...]

    @property
    def last_week(self) -> tuple[int, int]:
        return _part(self.cells[:WEEK])

    @property
    def this_week(self) -> tuple[int, int]:
        return _part(self.cells[WEEK:])


def strip_of(calendar: Calendar, practised: Collection[date], today: date) -> Strip:
    """One leader's fourteen days."""
    first = today - timedelta(days=today.weekday() + WEEK)
    return Strip(tuple(_cell(calendar, practised, first + timedelta(days=n), today) for n in range(2 * WEEK)))


def _cell(calendar: Calendar, practised: Collection[date], on: date, today: date) -> str:
    if on in practised:
        return DONE
    if on < calendar.day1:
        return LATER
    if calendar.is_paused(on):
        return HOLD
    if not calendar.is_open(on):
        return OFF
    if on > today:
        return LATER
    return AHEAD if on == today else MISS


def _part(cells: Sequence[str]) -> tuple[int, int]:
    """How many days were practised, of how many that could have been."""
    done = sum(cell == DONE for cell in cells)
    return done, done + sum(cell == MISS for cell in cells)
