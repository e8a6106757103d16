"""The next step due for one leader, and when. Pure: a function of curriculum, calendar, cursor and cadence.

The rules (design §5), in order:

1. Programme day *n* of a date counts calendar days from day 1, without paused days; a pause moves the end.
2. A nudge goes only on a date the leader works, that is not a public holiday and not paused. On a rotating rota these
   are its days on, counted from any first day on; otherwise the same weekdays every week.
3. A step becomes available on its curriculum day. Each date takes one step at most: the oldest core step still
   waiting, else the oldest extra less than a week old; of several extras the oldest that trains a behaviour the leader
   chose from their 360 report, if one does, and those passed over lapse. So a missed core step rolls forward, in
   order, before anything else, past day 90 if it must; a missed extra lapses. A step met in an older version of the
   curriculum does not come again.
4. Cadence spaces nudges: resting at least 7 days apart, light at least 2, steady and stretch daily; an extra is
   given only at its own cadence or above, and only when the next core step is further ahead than that distance: no
   extra moves a core step, so what prepares for a live event comes before it. No cadence drops a core step.
5. The nudge goes at the leader's hour in their zone. An hour in a clock-change gap moves forward with the gap, a
   doubled hour fires the first time (RFC 5545 §3.3.5). An hour that comes to lie in quiet hours becomes their end on
   the same date, so that it never slips onto a date off.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohorts.schedule.time_zones import local_date

LENGTH = 90
EXTRA_LIFE = timedelta(days=7)
SPACING = {0: 7, 1: 2, 2: 1, 3: 1}  # days between nudges at resting, light, steady, stretch
ONE_DAY = timedelta(days=1)
HORIZON = timedelta(days=400)  # a path that finds no date within this time is finished

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class StepSlot:
    """A step's key, day (1–90) and behaviour and, for an extra, its lowest cadence."""

    key: int
    day: int
    cadence: int = 0
    behaviour: str = ""


def _day(slot: StepSlot) -> int:
    return slot.day


@dataclass(frozen=True, slots=True)
class Plan:
    """A curriculum version as input for the path: core and extra steps, in order of day."""

    core: tuple[StepSlot, ...]
    extra: tuple[StepSlot, ...]

    def next_core(self, after: int, met: Container[int]) -> StepSlot | None:
        at = bisect_right(self.core, after, key=_day)
        return next((slot for slot in self.core[at:] if slot.key not in met), None)

    def next_extra(self, after: int, cadence: int, met: Container[int]) -> StepSlot | None:
        at = bisect_right(self.extra, after, key=_day)
        return next((slot for slot in self.extra[at:] if slot.cadence <= cadence and slot.key not in met), None)

    def preferred_extra(
        self, after: int, until: int, cadence: int, met: Container[int], prefers: Container[str]
    ) -> StepSlot | None:
        """The oldest extra of these days that trains one of the preferred behaviours."""
        days = self.extra[bisect_right(self.extra, after, key=_day) : bisect_right(self.extra, until, key=_day)]
        fitting = (slot for slot in days if slot.cadence <= cadence and slot.key not in met)
        return next((slot for slot in fitting if slot.behaviour in prefers), None)


@dataclass(frozen=True, slots=True)
class Rota:
    """A repeating cycle of days on and days off; `starts` is any first day on."""

    on: int
    off: int
    starts: date

    def works(self, on: date) -> bool:
        return (on - self.starts).days % (self.on + self.off) < self.on


@dataclass(frozen=True, slots=True)
class Calendar:
    """One leader's working days and hour. `holidays` are dates; `pauses` are spans with both ends included."""

    day1: date
    zone: ZoneInfo
    hour: time
    working_days: frozenset[int]
    holidays: Container[date] = frozenset()
    pauses: tuple[Span, ...] = ()
    quiet_from: time = time(0)
    quiet_until: time = time(0)
    rota: Rota | None = None

    def is_paused(self, on: date) -> bool:
        return any(start <= on <= end for start, end in self.pauses)

    def is_open(self, on: date) -> bool:
        """Whether a nudge may go on this date."""
        return self.works(on) and on not in self.holidays and not self.is_paused(on)

    def works(self, on: date) -> bool:
        return self.rota.works(on) if self.rota else on.isoweekday() in self.working_days

    def day(self, on: date) -> int:
        """Programme day of a date, from 1; 0 or less before day 1. A paused date keeps the previous day number."""
        passed = (on - self.day1).days + 1
        return passed - sum(_paused_days(self.pauses, self.day1, on))

    def date_of(self, day: int) -> date:
        """The date on which programme day `day` falls."""
        on = self.day1 + timedelta(days=day - 1)
        counted = self.day1  # days away before day 1 move nothing
        for start, end in sorted(self.pauses):
            if max(start, counted) <= on and end >= counted:
                on += end - max(start, counted) + ONE_DAY
                counted = end + ONE_DAY
        return self.back_on(on)

    def back_on(self, on: date) -> date:
        """This date, or the first one after it that is not away."""
        for start, end in sorted(self.pauses):
            if start <= on <= end:
                on = end + ONE_DAY
        return on

    def instant(self, on: date) -> datetime:
        """The instant of a date's nudge, in UTC."""
        at = local_instant(on, self.hour, self.zone)
        wall = at.astimezone(self.zone).time()  # a clock change may have moved it, even into quiet hours
        if in_quiet_hours(wall, self.quiet_from, self.quiet_until):
            return local_instant(on, self.quiet_until, self.zone)
        return at


def in_quiet_hours(hour: time, quiet_from: time, quiet_until: time) -> bool:
    """Whether an hour is in `[quiet_from, quiet_until)`, which may span midnight. If both are equal: never."""
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def local_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as UTC. In a clock-change gap the offset before it applies, which moves the time past the gap."""
    return datetime.combine(on, at, tzinfo=zone).replace(fold=0).astimezone(UTC)


def _paused_days(pauses: Sequence[Span], since: date, until: date) -> Iterator[int]:
    covered = since
    for start, end in sorted(pauses):
        first, last = max(start, covered), min(end, until)
        if last >= first:
            yield (last - first).days + 1
            covered = last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last core and extra curriculum days given, and the last date with a nudge.

    `met` are keys of later steps already received in an older version, which do not come again.
    """

    last_core: int = 0
    last_extra: int = 0
    last_on: date | None = None
    met: frozenset[int] = frozenset()

    def after(self, due: Due) -> Cursor:
        """The cursor once a nudge has gone."""
        if due.is_core:
            return replace(self, last_core=due.slot.day, last_on=due.on)
        return replace(self, last_extra=due.slot.day, last_on=due.on)

    def past(self, due: Due) -> Cursor:
        """The cursor once a nudge came too late: its date is gone, its step still waits."""
        return replace(self, last_on=due.on)


@dataclass(frozen=True, slots=True)
class Due:
    """One step on one date: the date's programme day, the step, and the instant in UTC."""

    on: date
    day: int
    slot: StepSlot
    is_core: bool
    at: datetime


class Rest(StrEnum):
    """Why a date has no nudge. The first that holds, in this order."""

    OVER = "over"
    AHEAD = "ahead"
    AWAY = "away"
    OFF = "off"
    HOLIDAY = "holiday"
    SPACED = "spaced"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Dialled:
    """What a leader set: a cadence and its last date, after that steady, and behaviours whose extras come first."""

    cadence: int = 2
    until: date | None = None
    prefers: frozenset[str] = frozenset()

    def on(self, on: date) -> int:
        return 2 if self.until is not None and on > self.until else self.cadence


def next_due(plan: Plan, calendar: Calendar, cursor: Cursor, dialled: Dialled, now: datetime) -> Due | None:
    """The next nudge after `cursor`, not before `now`'s local date; None if the path is finished.

    An instant earlier today is still returned: the sender decides what is too late.
    """
    on = max(calendar.day1, local_date(now, calendar.zone))
    if cursor.last_on is not None:
        on = max(on, cursor.last_on + timedelta(days=1))
    limit = on + HORIZON
    while on <= limit:
        due = due_on(plan, calendar, cursor, dialled, on)
        if isinstance(due, Due):
            return due
        if due is Rest.OVER:
            return None
        on += ONE_DAY
    return None


def due_on(plan: Plan, calendar: Calendar, cursor: Cursor, dialled: Dialled, on: date) -> Due | Rest:
    """The nudge of one date after `cursor`, or why that date has none."""
    core = plan.next_core(cursor.last_core, cursor.met)
    if core is None and plan.next_extra(cursor.last_extra, 3, cursor.met) is None:
        return Rest.OVER
    closed = _closed(calendar, on)
    if closed is not None:
        return closed
    if not _is_spaced(cursor, on, dialled.on(on)):
        return Rest.SPACED
    day = calendar.day(on)
    chosen = _choose(plan, day, cursor, core, dialled, on)
    if chosen is None:
        return Rest.NOTHING
    slot, is_core = chosen
    return Due(on, day, slot, is_core, calendar.instant(on))


def _closed(calendar: Calendar, on: date) -> Rest | None:
    if on < calendar.day1:
        return Rest.AHEAD
    if calendar.is_paused(on):
        return Rest.AWAY
    if not calendar.works(on):
        return Rest.OFF
    return Rest.HOLIDAY if on in calendar.holidays else None


@dataclass(frozen=True, slots=True)
class Path:
    """What the next date depends on besides the cursor."""

    plan: Plan
    calendar: Calendar
    dialled: Dialled

    def next_due(self, cursor: Cursor, now: datetime) -> Due | None:
        return next_due(self.plan, self.calendar, cursor, self.dialled, now)

    def due_on(self, cursor: Cursor, on: date) -> Due | Rest:
        return due_on(self.plan, self.calendar, cursor, self.dialled, on)


def _is_spaced(cursor: Cursor, on: date, cadence: int) -> bool:
    return cursor.last_on is None or (on - cursor.last_on).days >= SPACING[cadence]


def _choose(
    plan: Plan, day: int, cursor: Cursor, core: StepSlot | None, dialled: Dialled, on: date
) -> tuple[StepSlot, bool] | None:
    if core is not None and core.day <= day:
        return core, True
    oldest, cadence = max(cursor.last_extra, day - EXTRA_LIFE.days), dialled.on(on)
    if core is not None and core.day < day + SPACING[cadence]:
        return None
    if dialled.prefers:
        preferred = plan.preferred_extra(oldest, day, cadence, cursor.met, dialled.prefers)
        if preferred is not None:
            return preferred, False
    extra = plan.next_extra(oldest, cadence, cursor.met)
    return (extra, False) if extra is not None and extra.day <= day else None


def walk(plan: Plan, calendar: Calendar, cursor: Cursor, dialled: Dialled, now: datetime) -> Iterator[Due]:
    """All nudges still ahead, in order, if nothing changes."""
    while (due := next_due(plan, calendar, cursor, dialled, now)) is not None:
        yield due
        cursor = cursor.after(due)
