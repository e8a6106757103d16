"""When a leader is asked how support feels: half-way, from day 45 to 59, and at the end, from day 85 to 104. Pure."""

from datetime import date

from cohorts.schedule.path import Calendar

HALF_WAY, END = range(45, 60), range(85, 105)  # programme days


def moment_on(calendar: Calendar, today: date) -> str:
    """`half_way`, `end`, or empty when nothing is asked."""
    day = calendar.day(today)
    if day in HALF_WAY:
        return "half_way"
    return "end" if day in END else ""
