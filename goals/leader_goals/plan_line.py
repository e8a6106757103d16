"""The straight line from baseline to target, and whether a figure is on the wrong side of it. Pure.

A goal that should stay where it is has no line: what counts is the distance from the target. Without a number the line
runs from the lowest step to the step that was agreed.
"""

from dataclasses import dataclass
from datetime import date

LOWEST = -2


@dataclass(frozen=True, slots=True)
class PlanLine:
    """From `start` on `starts_on` to `end` on `ends_on`. `tolerance` is for what should stay where it is."""

    start: float
    starts_on: date
    end: float
    ends_on: date
    tolerance: float | None = None

    def at(self, on: date) -> float:
        """The value of the line on a date; level before its first and after its last day."""
        days = (self.ends_on - self.starts_on).days
        gone = 1.0 if days <= 0 else min(max((on - self.starts_on).days / days, 0.0), 1.0)
        return self.start + (self.end - self.start) * gone

    def is_below(self, on: date, value: float) -> bool:
        """Whether a figure is worse than the line on that date."""
        if self.tolerance is not None:
            return abs(value - self.end) > self.tolerance
        return value < self.at(on) if self.end > self.start else value > self.at(on)
