"""When the engine next has something to do for a round. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedback360.rounds.timetable import Timetable
from feedback360.rounds.transitions import CLOSED, COLLECTING, DRAFT, NOMINATING

LAST_CALL = timedelta(days=5)
FIRST_CALL_RESTS = timedelta(days=2)


def next_moment(state: str, planned: Timetable, between: Iterable[datetime], now: datetime) -> datetime | None:
    """The instant, or one that has passed if its move was not made yet; None when nothing is left to do.

    `between` are instants at which something happens inside a state. What has passed is past: a turn that finds the
    state late does all of it at once.
    """
    end = {
        DRAFT: planned.nominates_at,
        NOMINATING: planned.opens_at,
        COLLECTING: planned.closes_at,
        CLOSED: planned.releases_at,
    }.get(state)
    if end is None:
        return None
    return min((instant for instant in (*between, end) if instant > now), default=end) if end > now else end


def last_call(planned: Timetable) -> datetime:
    """When leaders whose raters are not approved yet are written to again: five days before the opening."""
    return max(planned.opens_at - LAST_CALL, planned.nominates_at + FIRST_CALL_RESTS)
