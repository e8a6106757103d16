"""The dates of a cohort's live events. Pure.

The rule. A milestone stands on a day relative to day 1; day 0 is the day before.

1. Kick-off, three-way talk and half-way review belong to one leader and their sponsor. They follow the leader's own
   calendar: the leader's days off, and their pauses, move them. All others are shared and follow the cohort's
   calendar, which only pauses of the whole cohort move: nobody's holiday moves everybody's meeting.
2. A computed date that is a day off, a public holiday or paused goes forward to the next open day of that calendar.
3. A date the cohort has set is exact, on whatever day it falls, and holds for everybody.
4. What the cohort has called off has no date, and is listed where it would have been.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from cohorts.schedule.path import HORIZON, Calendar

IS_PERSONAL = frozenset({"kick_off", "three_way_talk", "halfway_review"})
LATEST = timedelta(days=200)  # after day 1: ninety days, a long leave and time to catch up


M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Slot:
    """A milestone's key, kind and day relative to day 1."""

    key: str
    kind: str
    day: int


@dataclass(frozen=True, slots=True)
class Dated(Generic[M]):
    """A milestone with its date, None if called off. `planned_on` is the curriculum's date."""

    slot: Slot
    milestone: M
    planned_on: date
    on: date | None
    is_set: bool

    @property
    def is_personal(self) -> bool:
        return self.slot.kind in IS_PERSONAL

    @property
    def stands_on(self) -> date:
        """The date for sorting, also when it is called off."""
        return self.on or self.planned_on


def dated(
    milestones: Iterable[tuple[Slot, M]], moved: Mapping[str, date | None], *, own: Calendar, shared: Calendar
) -> list[Dated[M]]:
    """The milestones of a version by date. `moved` are the cohort's own dates by key; None means called off.

    `own` is the leader's calendar, `shared` the cohort's; both are the cohort's for the cohort as a whole.
    """
    found = [_dated(slot, milestone, moved, own, shared) for slot, milestone in milestones]
    return sorted(found, key=lambda each: (each.stands_on, each.slot.day, each.slot.key))


def _dated(slot: Slot, milestone: M, moved: Mapping[str, date | None], own: Calendar, shared: Calendar) -> Dated[M]:
    planned_on = next_open(own if slot.kind in IS_PERSONAL else shared, slot.day)
    is_set = slot.key in moved
    return Dated(slot, milestone, planned_on, moved[slot.key] if is_set else planned_on, is_set)


def next_open(calendar: Calendar, day: int) -> date:
    """The date of a day, or the next working date after it; the date itself if no working date follows."""
    on = calendar.date_of(day)
    ahead = (on + timedelta(days=later) for later in range(HORIZON.days))
    return next((each for each in ahead if calendar.is_open(each)), on)


def limits(classroom_ends_on: date, day1: date) -> tuple[date, date]:
    """The first and last date a cohort may set: from the end of the classroom to 200 days after day 1."""
    return classroom_ends_on, day1 + LATEST
