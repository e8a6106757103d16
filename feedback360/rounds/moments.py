"""When the engine next has something to do for a round. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedback360.rounds.timetable import Timetable
from feedback360.rounds.transitions import CLOSED, COLLECTING, DRAFT, NOMINATING

# The instant of a round at which it leaves each state.
LEAVES_AT = {DRAFT: "nominates_at", NOMINATING: "opens_at", COLLECTING: "closes_at", CLOSED: "releases_at"}
LAST_CALL = timedelta(days=5)
FIRST_CALL_RESTS = timedelta(days=2)


def next_moment(state: str, planned: Timetable, between: Iterable[datetime], now: datetime) -> datetime | None:
    """The instant, or one that has passed if its move was not made yet; None when nothing is left to do.

    `between` are instants at which something happens inside a state. What has passed is past: a turn that finds the
    state late does all of it at once.
    """
    if state not in LEAVES_AT:
        return None
    end: datetime = getattr(planned, LEAVES_AT[state])
    return min((instant for instant in (*between, end) if instant > now), default=end) if end > now else end


def last_call(planned: Timetable) -> datetime:
    """When leaders whose raters are not approved yet are written to again: five days before the opening."""
    return max(planned.opens_at - LAST_CALL, planned.nominates_at + FIRST_CALL_RESTS)
