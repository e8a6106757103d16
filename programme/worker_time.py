"""The time for tasks: PostgreSQL's, read as each task begins.

A worker with a wrong clock would send nudges early, and skip what it takes for too late. Called without a worker, in
tests and by `fast_forward`, the time is that of this process.
"""

from datetime import datetime, timedelta
from time import monotonic

import structlog
from celery import Task
from django.db import connection
from django.utils import timezone

logger = structlog.get_logger(__name__)

SECONDS_OF_PATIENCE = 5


class WorkerTime:
    """Call it for the time: what the database said last, moved on by the monotonic clock, which never jumps."""

    def __init__(self) -> None:
        self._read: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        if self._read is None:
            return timezone.now()
        instant, at = self._read
        return instant + timedelta(seconds=monotonic() - at)

    def read(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
        self._read = (instant, monotonic())
        ahead = (timezone.now() - instant).total_seconds()
        if abs(ahead) > SECONDS_OF_PATIENCE:
            logger.warning("this machine's clock is wrong", seconds_ahead=round(ahead))


now = WorkerTime()


class TimedTask(Task):
    """A task that begins by reading the time."""

    def before_start(self, task_id: str, args: object, kwargs: object) -> None:
        now.read()
