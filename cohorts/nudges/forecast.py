"""What the engine will do for one leader on a date that lies ahead, if nobody changes anything. Pure.

It holds no rule of its own. The date and the step come from the clock or, where the clock has not come that far, from
the same path that moves it; whether the mail goes is asked of the same stop conditions. Only what a claim does to a
cursor is SQL in the engine, and `tests/cohorts/test_forecast.py` holds both to the same result.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cohorts.models.mail import Reason
from cohorts.models.nudge import Channel
from cohorts.nudges.delivery import QuietHours, reason_to_skip
from cohorts.nudges.planner import is_too_late
from cohorts.schedule.path import Cursor, Due, Path, Rest


class Stopped(StrEnum):
    """Why nothing goes although the path has a step for that date."""

    HELD = "held"
    SUSPENDED = "suspended"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one leader is now. `planned` is what their clock says; None when it must ask the path, or is finished."""

    path: Path
    cursor: Cursor
    planned: Due | None
    channels: frozenset[str]
    quiet: QuietHours
    is_finished: bool = False
    stopped: Stopped | None = None
    has_left: bool = False
    last_log_on: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """One leader and one date: the step that comes, and why no mail goes with it; or why no step comes.

    `following` is the next step after a date without one.
    """

    due: Due | None = None
    by_mail: bool = False
    no_mail: Reason | None = None
    rest: Rest | Stopped | None = None
    following: Due | None = None


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A nudge as the stop conditions will meet it."""

    due_at: datetime
    zone: str
    has_left: bool
    is_unsubscribed: bool
    has_practised: bool
    is_paused: bool


def forecast(at: Standing, on: date, now: datetime) -> Forecast:
    """What comes on a date, today or later, when the engine works on time from now on."""
    if at.stopped is not None or at.is_finished:
        return Forecast(rest=at.stopped or Rest.OVER)
    cursor, due, now = _first_from(at, on, now)
    if due is None:
        return Forecast(rest=Rest.OVER)
    if due.on > on:
        found = at.path.due_on(cursor, on)
        return Forecast(rest=found if isinstance(found, Rest) else Rest.NOTHING, following=due)
    if is_too_late(due.at, now):
        return Forecast(rest=Stopped.LATE)
    reason = reason_to_skip(_as_nudge(at, due), max(now, due.at), at.quiet)
    if reason is Reason.UNSUBSCRIBED:
        return Forecast(due)
    return Forecast(due, by_mail=reason is None, no_mail=reason)


def _first_from(at: Standing, on: date, now: datetime) -> tuple[Cursor, Due | None, datetime]:
    """The first nudge on this date or after it, with the cursor and the moment before it."""
    cursor, due = at.cursor, at.planned or at.path.next_due(at.cursor, now)
    while due is not None and due.on < on:
        now = max(now, due.at)
        cursor = cursor.past(due) if is_too_late(due.at, now) else cursor.after(due)
        due = at.path.next_due(cursor, now)
    return cursor, due, now


def _as_nudge(at: Standing, due: Due) -> _Ahead:
    calendar = at.path.calendar
    return _Ahead(
        due_at=due.at,
        zone=str(calendar.zone),
        has_left=at.has_left,
        is_unsubscribed=Channel.MAIL not in at.channels,
        has_practised=at.last_log_on == due.on,
        is_paused=calendar.is_paused(due.on),
    )
