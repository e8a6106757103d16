"""How long leaders wait for an answer, in the sponsor's own working hours. Pure.

Asked on Friday at 15:00 and answered on Monday at 09:30 took 2.5 hours: one on Friday, one and a half on Monday.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from coaching.calendars.working_time import WorkingDays, add_working_hours, working_hours_between

IN_TIME_HOURS = 40  # five working days of eight hours


@dataclass(frozen=True, slots=True)
class TimedAsk:
    """One question to a sponsor. `closed_at` is when they could no longer answer: the sponsor changed, the leader left.

    `is_excused`: they had said that they were away.
    """

    asked_at: datetime
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    is_excused: bool = False


def is_overdue(asked: TimedAsk, calendar: WorkingDays, now: datetime) -> bool:
    """Whether it has waited for five working days or more without an answer."""
    return asked.answered_at is None and add_working_hours(asked.asked_at, IN_TIME_HOURS, calendar) <= now


def counts_of(questions: Iterable[TimedAsk], calendar: WorkingDays, now: datetime) -> tuple[int, int]:
    """How many were asked, and how many of them answered in time. One that may still be answered in time is neither."""
    asked = in_time = 0
    for each in questions:
        deadline = add_working_hours(each.asked_at, IN_TIME_HOURS, calendar)
        if each.answered_at is not None:
            asked += 1
            in_time += each.answered_at <= deadline
        elif deadline <= min(now, each.closed_at or now) and not each.is_excused:
            asked += 1
    return asked, in_time


def median_hours(questions: Iterable[TimedAsk], calendar: WorkingDays) -> float | None:
    """The median of working hours until the answer, over those that have one; None while there is none."""
    hours = [working_hours_between(each.asked_at, each.answered_at, calendar) for each in questions if each.answered_at]
    return median(hours) if hours else None
