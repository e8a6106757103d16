"""A preview of the next working dates, to check that a rota is right. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cohorts.schedule.path import Calendar

AHEAD = 14


class DayState(StrEnum):
    WORKS = "works"
    OFF = "off"
    HOLIDAY = "holiday"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class DayAhead:
    on: date
    state: DayState


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """The days from a date on, and the numbers for their sentence."""

    days: tuple[DayAhead, ...]

    @property
    def open_days(self) -> int:
        return sum(day.state is DayState.WORKS for day in self.days)

    @property
    def has_exceptions(self) -> bool:
        """Whether a holiday or days away fall on a working day."""
        return any(day.state in (DayState.HOLIDAY, DayState.AWAY) for day in self.days)


def days_ahead(calendar: Calendar, since: date) -> DaysAhead:
    """Two weeks from a date on. A day off that is also a holiday counts as a day off."""
    dates = (since + timedelta(days=n) for n in range(AHEAD))
    return DaysAhead(tuple(DayAhead(on, _state(calendar, on)) for on in dates))


def _state(calendar: Calendar, on: date) -> DayState:
    if not calendar.works(on):
        return DayState.OFF
    if calendar.is_paused(on):
        return DayState.AWAY
    return DayState.HOLIDAY if on in calendar.holidays else DayState.WORKS
