"""How far a mean of n raters can be trusted to tell leaders apart. Pure. Formulas 15 and 16."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum

from feedback360.statistics.summary import Summary

ONE_RATER = 0.19  # formula 15: until the cohort's own is known
MIN_LEADERS = 30  # I12: as for norms; with twelve leaders the estimate is ± .18, as large as itself


class Trust(StrEnum):
    LOW = "low"
    FAIR = "fair"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Reliability:
    """Share of the differences between leaders' means that would be there again with other raters, 0 to 1."""

    value: float
    word: Trust


def icc1(cohort: Sequence[Summary]) -> float | None:
    """ICC(1), the reliability of one rater, by one-way analysis of variance over the leaders of a cohort.

    (MSB − MSW) / (MSB + (n0 − 1)·MSW), n0 for groups of unequal size; at least 0. None below 30 leaders, or where
    no leader has two raters.
    """
    total = sum(leader.n for leader in cohort)
    if len(cohort) < MIN_LEADERS or total == len(cohort):
        return None
    grand = fsum(leader.n * leader.mean for leader in cohort) / total
    between = fsum(leader.n * (leader.mean - grand) ** 2 for leader in cohort) / (len(cohort) - 1)
    within = fsum((leader.n - 1) * leader.variance for leader in cohort) / (total - len(cohort))
    size = (total - fsum(leader.n**2 for leader in cohort) / total) / (len(cohort) - 1)
    whole = between + (size - 1) * within
    return max(0.0, (between - within) / whole) if whole > 0.0 else None


def reliability(n: int, one_rater: float | None = None) -> Reliability:
    """Formula 15: R = n·p / (1 + (n − 1)·p). The word goes by R in two decimals: low below .50, good above .70."""
    if n < 1:
        raise ValueError(f"nobody answered: {n}")
    p = ONE_RATER if one_rater is None else one_rater
    value = n * p / (1 + (n - 1) * p)
    shown = round(value, 2)
    return Reliability(value, Trust.LOW if shown < 0.5 else Trust.GOOD if shown > 0.7 else Trust.FAIR)


def shrunken(mean: float, n: int, cohort_mean: float, one_rater: float | None = None) -> float:
    """Formula 16: O* = (n·O + c·mean O) / (n + c) with c = (1 − p)/p. For any comparison of leaders.

    With p = 0 raters tell nothing apart, and everybody gets the cohort's mean.
    """
    p = ONE_RATER if one_rater is None else one_rater
    if p <= 0.0:
        return cohort_mean
    c = (1 - p) / p
    return (n * mean + c * cohort_mean) / (n + c)
