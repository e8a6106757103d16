"""`updated_since`, and `as_of`: what to ask with next time, so that a program that follows a list misses nothing.

Rows are dated when they change and seen when that is committed, which may be in another order. `as_of` is the beginning
of the oldest transaction that was under way before the list was read: whatever is committed later is dated later.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

Changed = Callable[[datetime], Q]
# PostgreSQL shows the sessions of the same login, as which all processes of the app come. Ours is among them.
OLDEST = "SELECT coalesce(min(xact_start), now()) FROM pg_stat_activity WHERE datname = current_database()"


def columns_since(since: datetime, *paths: str) -> Q:
    """Rows of which one of these was dated at this time or later."""
    return reduce(or_, (Q(**{f"{path}__gte": since}) for path in paths))


def own_row(since: datetime) -> Q:
    return columns_since(since, "updated_at")


def part_since(since: datetime, parts: QuerySet, **link: str) -> Q:
    """Rows with such a part: `link` names its column and ours, `cohort="pk"`."""
    of_row = {column: OuterRef(ours) for column, ours in link.items()}
    return Q(Exists(parts.filter(updated_at__gte=since, **of_row)))


def as_of() -> datetime:
    """The value to return as `as_of`. Call it before the list is read. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        (oldest,) = cursor.fetchone()
    found: datetime = oldest
    return found
