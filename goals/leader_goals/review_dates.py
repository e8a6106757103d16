"""When a goal is reviewed: every two weeks from the day it was agreed. Pure.

A review can be held from three days before its date, so that nobody waits over a weekend. The next one is two weeks
after the later of the two, its date and the day it was held. The last date is that of the goal itself, when it is
closed instead.
"""

from datetime import date, timedelta

EVERY_DAYS = 14
OPEN_DAYS_BEFORE = 3


def is_open(due_on: date | None, today: date) -> bool:
    return due_on is not None and today >= due_on - timedelta(days=OPEN_DAYS_BEFORE)


def next_review(held_on: date, *, was_due_on: date | None, goal_due_on: date) -> date | None:
    """The date of the next review; None when the goal is due by then."""
    after = held_on if was_due_on is None else max(held_on, was_due_on)
    following = after + timedelta(days=EVERY_DAYS)
    return following if following < goal_due_on else None
