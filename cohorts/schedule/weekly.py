"""The next instant of a weekly schedule. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cohorts.schedule.path import local_instant
from cohorts.schedule.time_zones import local_date


def next_weekly(weekday: int, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The first instant after `now` that is this weekday (1 is Monday) at this hour in this zone, as UTC."""
    today = local_date(now, zone)
    ahead = (weekday - today.isoweekday()) % 7
    instant = local_instant(today + timedelta(days=ahead), at, zone)
    return instant if instant > now else local_instant(today + timedelta(days=ahead + 7), at, zone)
