"""What a bench compares with: plain statements of the owner, which no row-level security slows or refuses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.database import as_owner


@contextmanager
def unwalled(tables: Sequence[str]) -> Iterator[Any]:
    """A cursor of the owner, for whom these tables have no row-level security inside."""
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
