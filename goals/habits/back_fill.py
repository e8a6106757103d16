"""Which dates can be logged: today and the three days before it, but not before day 1 or in the future."""

from datetime import date, timedelta

DAYS = 3


def first_open(today: date, day1: date) -> date:
    return max(today - timedelta(days=DAYS), day1)


def is_open(on: date, *, today: date, day1: date) -> bool:
    return first_open(today, day1) <= on <= today
