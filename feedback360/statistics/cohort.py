"""Response rate and the effect over a cohort. Pure. Formulas 1 and 8."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from feedback360.statistics.student_t import quantile
from feedback360.statistics.summary import NO_SPREAD, Interval, summarised

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

    The interval is d ± t(leaders − 1)·error, with the errors of mean(D) and of the unit: to treat the unit as known
    covers .80 instead of .90 at an effect of 1. With r between a leader's levels before and after, the unit's variance
    is (s0² + s1² + 2·r²·s0·s1) / (8·(leaders − 1)). None below five leaders, and where the levels or the changes do not
    differ between leaders.
    """
    before, after = summarised([pair[0] for pair in levels]), summarised([pair[1] for pair in levels])
    changes = summarised([late - early for early, late in levels])
    if before is None or after is None or changes is None or changes.n < MIN_LEADERS:
        return None
    product = sqrt(before.variance * after.variance)
    unit = (sqrt(before.variance) + sqrt(after.variance)) / 2
    if unit <= NO_SPREAD or changes.variance <= NO_SPREAD:
        return None
    shared = (before.variance + after.variance - changes.variance) / 2  # covariance, r·s0·s1
    twice = 2 * shared**2 / product if product > 0.0 else 0.0
    of_unit = (before.variance + after.variance + twice) / (8 * (changes.n - 1))
    value = changes.mean / unit
    half = quantile(0.5 + level / 2, changes.n - 1) * sqrt(changes.variance / changes.n + value**2 * of_unit) / unit
    return Effect(changes.n, value, Interval(value - half, value + half))
