"""Who is offered a freed place, from when and until when. Pure; the rules, in order:

1. The line is ordered by when people joined it; those whose own date was cancelled by the host come before the others.
2. Two who asked for *both or none* are offered two places or none. While fewer are free they are passed over, keep
   their turn, and the next in line is offered the place.
3. An offer begins in the guest's working hours: now, or when they next work. The place is held for them meanwhile.
4. It stands for 24 working hours, or for 4 when the visit is less than two working days away, and never beyond the
   start. Nights, weekends and days away do not count.
5. No offer begins less than two hours before the start, or after it. Who could only be asked too late is passed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coaching.calendars.working_time import WorkingDays, add_working_hours, working_hours_between

OFFER_HOURS = 24  # working hours
SHORT_OFFER_HOURS = 4
NEAR_HOURS = 16  # two working days
TOO_LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when an offer stands."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in the line, or two who ask for both or none. `windows` are those of its members, None if too late."""

    keys: tuple[int, ...]
    joined_at: datetime
    is_first: bool
    windows: tuple[Window | None, ...]

    @property
    def can_be_asked(self) -> bool:
        return all(window is not None for window in self.windows)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the free places go to, and who was passed over because they need two."""

    offered: tuple[Turn, ...]
    passed_over: tuple[Turn, ...]


def offer_window(*, now: datetime, starts_at: datetime, calendar: WorkingDays) -> Window | None:
    """When an offer of a place at `starts_at` begins and ends for this guest; None if it would come too late."""
    begins = add_working_hours(now, 0, calendar)
    if begins + TOO_LATE > starts_at:
        return None
    hours = SHORT_OFFER_HOURS if is_near(begins, starts_at, calendar) else OFFER_HOURS
    return Window(begins, min(add_working_hours(begins, hours, calendar), starts_at))


def is_near(at: datetime, starts_at: datetime, calendar: WorkingDays) -> bool:
    """Less than two working days away: an offer is short, and a host wants to hear who does not come."""
    return working_hours_between(at, starts_at, calendar) < NEAR_HOURS


def in_line(turns: Iterable[Turn]) -> list[Turn]:
    return sorted(turns, key=lambda turn: (not turn.is_first, turn.joined_at, min(turn.keys)))


def choose(turns: Iterable[Turn], free: int) -> Choice:
    """Hand out the free places along the line."""
    offered: list[Turn] = []
    passed_over: list[Turn] = []
    for turn in in_line(turns):
        if free <= 0:
            break
        if not turn.can_be_asked:
            continue
        if len(turn.keys) > free:
            passed_over.append(turn)
            continue
        offered.append(turn)
        free -= len(turn.keys)
    return Choice(tuple(offered), tuple(passed_over))


def places_free(*, capacity: int, taken: int) -> int:
    """Booked places and live offers count alike. Never below nought: a smaller capacity throws nobody out."""
    return max(0, capacity - taken)


def places_over(*, capacity: int, taken: int) -> int:
    return max(0, taken - capacity)


def free_seats(taken: Iterable[int], *, capacity: int, count: int) -> list[int]:
    """The lowest numbers that nobody has."""
    taken = set(taken)
    return [seat for seat in range(1, capacity + 1) if seat not in taken][:count]
