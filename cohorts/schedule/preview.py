"""The next dates as somebody works them, so that they see whether their rota was understood. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cohorts.schedule.path import Calendar

AHEAD = 14


class State(StrEnum):
    WORKS = "works"
    OFF = "off"
    HOLIDAY = "holiday"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class DayAhead:
    on: date
    state: State


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """From a date on: each day, and the sentence's numbers."""

    days: tuple[DayAhead, ...]

    @property
    def open_days(self) -> int:
        return sum(day.state is State.WORKS for day in self.days)

    @property
    def has_exceptions(self) -> bool:
        """Whether a holiday or days away take something out."""
        return any(day.state in (State.HOLIDAY, State.AWAY) for day in self.days)


def days_ahead(calendar: Calendar, since: date) -> DaysAhead:
    """Two weeks from a date on. A day off that is also a holiday is a day off."""
    dates = (since + timedelta(days=n) for n in range(AHEAD))
    return DaysAhead(tuple(DayAhead(on, _state(calendar, on)) for on in dates))


def _state(calendar: Calendar, on: date) -> State:
    if not calendar.works(on):
        return State.OFF
    if calendar.is_paused(on):
        return State.AWAY
    return State.HOLIDAY if on in calendar.holidays else State.WORKS
