"""When the sheets of a visit are due, and how much of what was noted was tried. Pure."""

from datetime import date, timedelta

from coaching.calendars.working_time import WorkingDays, add_working_days

BEFORE_DUE_DAYS = 2  # working days before the visit
HOST_READS_DAYS = 1  # working days before the visit
AFTER_DUE_DAYS = 3
TRIED_AFTER_DAYS = 14


def before_due_on(visit_on: date, calendar: WorkingDays) -> date:
    """Last day for the sheet before: two of the guest's working days before the visit."""
    return add_working_days(visit_on, -BEFORE_DUE_DAYS, calendar)


def host_reads_on(visit_on: date, calendar: WorkingDays) -> date:
    """The day on which the host gets all sheets at once, one of the host's working days before the visit."""
    return add_working_days(visit_on, -HOST_READS_DAYS, calendar)


def after_due_on(visit_on: date) -> date:
    return visit_on + timedelta(days=AFTER_DUE_DAYS)


def ask_on(visit_on: date) -> date:
    """The day of *did you try it?*"""
    return visit_on + timedelta(days=TRIED_AFTER_DAYS)


def tried_share(*, noted: int, tried: int) -> float | None:
    """What was tried of what guests noted they would try; None while nothing was noted."""
    return tried / noted if noted else None
