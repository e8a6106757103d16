"""Locks of other transactions, for tests of two at once."""

from time import sleep

from django.db import connection


def wait_for_somebody() -> None:
    """Until another transaction waits for a lock."""
    with connection.cursor() as cursor:
        for _try in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            sleep(0.05)
    raise AssertionError("nobody waits")
