"""Weekly points out of daily sums. Pure.

A week is Monday to Sunday of local dates. Its value is the sum of its numerators over the sum of its denominators,
never a mean of days. It is complete with `expected_days` days of figures; a day with a denominator of 0 is one of
them. It is open while a contact may still come back (`window_days`), so its value may still fall.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from goals.reserve import monday_of

FEWEST_ANSWERS, ENOUGH_ANSWERS = 10, 30


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day; or, with `days`, of several that were added up already."""

    on: date
    numerator: float
    denominator: float
    asked: float | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    numerator: float
    denominator: float
    days: int
    is_complete: bool
    is_open: bool
    asked: float | None

    @property
    def value(self) -> float:
        return self.numerator / self.denominator

    @property
    def is_settled(self) -> bool:
        """Whether it may be judged: nothing is missing and nothing can change any more."""
        return self.is_complete and not self.is_open

    @property
    def answer_rate(self) -> float | None:
        return self.denominator / self.asked if self.asked else None


def weeks_of(
    days: Iterable[Day], *, expected_days: int, today: date, window_days: int = 0, fewest: int = 0
) -> list[Week]:
    """The weeks that have a value, in order. With fewer than `fewest` in the denominator a week has none."""
    by_week: dict[date, list[Day]] = {}
    for day in days:
        by_week.setdefault(monday_of(day.on), []).append(day)
    weeks = []
    for monday, those in sorted(by_week.items()):
        above, below, count, asked = 0.0, 0.0, 0, 0.0
        for day in those:
            above, below, count = above + day.numerator, below + day.denominator, count + day.days
            asked += day.asked or 0
        if below and below >= fewest:
            is_open = bool(window_days) and monday + timedelta(days=6 + window_days) >= today
            weeks.append(Week(monday, above, below, count, count >= expected_days, is_open, asked or None))
    return weeks
