"""Response rate and the effect over a cohort. Pure. Formulas 1 and 8."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from feedback360.statistics.student_t import quantile
from feedback360.statistics.summary import Interval, summarised

MIN_LEADERS = 5
ENOUGH_RESPONSES = 0.60


def response_rate(*, invited: int, answered: int, bounced: int = 0, declined: int = 0) -> float | None:
    """Formula 1, 0 to 1: answered of those who could. Declined counts those who said they cannot observe the leader.

    None if nobody could answer. Raises ValueError where more answered than could.
    """
    could = invited - bounced - declined
    if min(answered, bounced, declined) < 0 or answered > max(could, 0):
        raise ValueError(f"{answered} answered of {could}")
    return answered / could if could > 0 else None


def enough_responded(rate: float | None) -> bool:
    """Formula 1: below 60 % there is no claim about the team."""
    return rate is not None and rate >= ENOUGH_RESPONSES


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean change in standard deviations between leaders, with its 90 % interval. Compare with .15 and .82."""

    leaders: int
    value: float
    interval: Interval


def cohort_effect(levels: Sequence[tuple[float, float]], *, level: float = 0.90) -> Effect | None:
    """Formula 8: d = mean(D) / ((SD before + SD after) / 2), from each leader's level before and after.

    The interval is that of mean(D) (Student's t over leaders) in the same unit; the unit is taken as known. None below
    five leaders, and where the levels or the changes do not differ between leaders.
    """
    before, after = summarised([pair[0] for pair in levels]), summarised([pair[1] for pair in levels])
    changes = summarised([late - early for early, late in levels])
    if before is None or after is None or changes is None or changes.n < MIN_LEADERS:
        return None
    unit = (sqrt(before.variance) + sqrt(after.variance)) / 2
    if unit <= 0.0 or changes.variance <= 0.0:
        return None
    half = quantile(0.5 + level / 2, changes.n - 1) * sqrt(changes.variance / changes.n)
    return Effect(changes.n, changes.mean / unit, Interval((changes.mean - half) / unit, (changes.mean + half) / unit))
