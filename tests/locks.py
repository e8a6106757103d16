"""Locks of other transactions, for tests of two at once."""

from time import sleep

from django.db import connection

WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity AS session USING (pid)
WHERE NOT granted AND session.datname = current_database()
"""


def wait_for_somebody() -> None:
    """Until another transaction of this database waits for a lock; other tests have databases of their own."""
    with connection.cursor() as cursor:
        for _try in range(3600):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            sleep(0.05)
    raise AssertionError("nobody waits")
