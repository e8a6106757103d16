"""The four weeks a figure is about, and when a manager's totals include them. Pure.

A period is four whole weeks, Monday to Sunday. A sponsor reads their own from the Monday after it; their manager's
totals include it a week later, so that nobody is surprised by what somebody else has read first.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

WEEK = timedelta(days=7)
LENGTH = 4 * WEEK
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are included."""

    first: date
    last: date

    @property
    def joins_on(self) -> date:
        """The first day on which a manager's totals include it."""
        return self.last + DAY + WEEK

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Where it begins, and where it is over."""
        starts, ends = (datetime(on.year, on.month, on.day, tzinfo=zone) for on in (self.first, self.last + DAY))
        return starts, ends


def own_period(today: date) -> Period:
    """The newest period that is over: what a sponsor reads of themselves."""
    last = today - timedelta(days=today.isoweekday())
    return Period(last - LENGTH + DAY, last)


def branch_period(today: date) -> Period:
    """What a manager of sponsors reads: the period the sponsors have had for a week."""
    return own_period(today - WEEK)
