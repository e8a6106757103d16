"""Locks of other transactions, for tests of two at once."""

from time import sleep

from django.db import connection

WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity AS session USING (pid)
WHERE NOT granted AND session.datname = current_database()
"""


def wait_for_somebody(number: int = 1) -> None:
    """Until so many other transactions of this database wait for a lock; other tests have databases of their own."""
    with connection.cursor() as cursor:
        for _try in range(3600):
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees who was there at first
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= number:
                return
            sleep(0.05)
    raise AssertionError(f"fewer than {number} wait")
