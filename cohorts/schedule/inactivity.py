"""When a leader counts as gone quiet. Pure.

The rule: somebody within their ninety days, not away today, for whom five or more of their own working days have
passed since their last practice (since day 1, when there was none). Today does not count: it is not over. Public
holidays and days away do not count: nobody is missed on them. Five is a working week: one bad day, or three, is
ordinary; a whole week without a try is when a word from somebody helps.
"""

from datetime import date, timedelta

from cohorts.schedule.path import LENGTH, Calendar

SILENT_DAYS = 5


def silent_days(calendar: Calendar, last_practice_on: date | None, today: date) -> int:
    """The leader's working days since their last practice; 0 outside the ninety days and while they are away."""
    if not 1 <= calendar.day(today) <= LENGTH or calendar.is_paused(today):
        return 0
    since = max(calendar.day1, last_practice_on + timedelta(days=1) if last_practice_on else calendar.day1)
    return sum(calendar.is_open(since + timedelta(days=passed)) for passed in range((today - since).days))


def has_gone_quiet(calendar: Calendar, last_practice_on: date | None, today: date) -> bool:
    """Whether the leader has gone quiet."""
    return silent_days(calendar, last_practice_on, today) >= SILENT_DAYS
