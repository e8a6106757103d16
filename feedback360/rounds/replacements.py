"""When somebody else is needed, and how many. Pure.

Raters may decline, and mails may fail. The leader may learn that one more is needed in their team, never whose place is
empty. So a round is looked through at two instants only, a third and two thirds of the way from opening to the day
raters are asked to answer by. They follow from the dates of the round alone, all leaders of a round are looked at
together, and nothing the leader sees changes between them: the time of a message says nothing about any rater.
"""

from collections.abc import Mapping
from datetime import datetime

LOOKS = 2


def looks(opens_at: datetime, reminds_at: datetime) -> list[datetime]:
    """The instants at which a round is looked through."""
    step = (reminds_at - opens_at) / (LOOKS + 1)
    return [opens_at + step * number for number in range(1, LOOKS + 1)]


def last_look(opens_at: datetime, reminds_at: datetime, now: datetime) -> int:
    """How many of these instants have come."""
    return sum(at <= now for at in looks(opens_at, reminds_at))


def missing(reachable: Mapping[str, int], needed: int) -> dict[str, int]:
    """How many more each group needs so that it can be expected to be shown; groups with enough are left out."""
    return {group: needed - count for group, count in reachable.items() if count < needed}
