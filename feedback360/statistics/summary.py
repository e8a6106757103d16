"""Raters' own means of one scale, their number, mean and variance, and the interval of the mean. Pure.

The unit is the rater, never the answer: items × raters is not n. All values are points of the answer scale. After a
round has closed only `Summary` is left of the answers to a scale, so everything here and in `change` works from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from feedback360.statistics.student_t import quantile

MIN_ANSWERS_TO_BORROW = 30  # I3: a spread is borrowed from a cohort with that many answers, or not at all
NO_SPREAD = 1e-9  # a variance below it is rounding noise


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """An answer scale from 1 to `points`."""

    points: int = 5

    @property
    def width(self) -> int:
        return self.points - 1


FIVE_POINTS = AnswerScale()


@dataclass(frozen=True, slots=True)
class Summary:
    """How many raters, the mean of their means, and their variance with n − 1 (0 for one rater)."""

    n: int
    mean: float
    variance: float

    def __post_init__(self) -> None:
        if self.n < 1 or self.variance < 0.0:
            raise ValueError(f"no summary of answers: {self.n} raters, variance {self.variance}")


@dataclass(frozen=True, slots=True)
class BorrowedSpread:
    """The variance of raters within the leaders of a cohort, and its degrees of freedom."""

    variance: float
    df: int


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def rater_mean(answers: Iterable[int | None]) -> float | None:
    """One rater's mean over the items they have seen (None is *not seen*); None if they have seen none."""
    seen = [answer for answer in answers if answer is not None]
    return sum(seen) / len(seen) if seen else None


def summarised(rater_means: Iterable[float | None]) -> Summary | None:
    """Summary of raters' own means; a rater without any (None) does not count. None if nobody is left."""
    means = [mean for mean in rater_means if mean is not None]
    if not means:
        return None
    mean = fsum(means) / len(means)
    squares = fsum((value - mean) ** 2 for value in means)
    return Summary(n=len(means), mean=mean, variance=squares / (len(means) - 1) if len(means) > 1 else 0.0)


def behaviour_level(item_means: Sequence[float | None]) -> float | None:
    """Formula 6: the mean over items of each item's mean over the raters who saw it. Items without one are left out."""
    known = [mean for mean in item_means if mean is not None]
    return fsum(known) / len(known) if known else None


def borrowed_spread(cohort: Iterable[Summary]) -> BorrowedSpread | None:
    """I3: the pooled variance of one scale and group over the leaders of a cohort, Σ(n−1)s² / Σ(n−1).

    None below 30 answers: a spread that is guessed too small covers less than it says (.86 instead of .90 at n 3).
    """
    summaries = list(cohort)
    df = sum(summary.n - 1 for summary in summaries)
    if sum(summary.n for summary in summaries) < MIN_ANSWERS_TO_BORROW or df < 1:
        return None
    variance = fsum((summary.n - 1) * summary.variance for summary in summaries) / df
    return BorrowedSpread(variance, df) if variance > NO_SPREAD else None


def spread_of(summary: Summary, borrowed: BorrowedSpread | None = None) -> BorrowedSpread | None:
    """The variance to reckon with and its df: the raters' own, or the cohort's where everybody answered the same (I3).

    None where there is neither: for one rater, and for equal answers in a small cohort.
    """
    if summary.n < 2:
        return None
    if summary.variance > NO_SPREAD:
        return BorrowedSpread(summary.variance, summary.n - 1)
    return borrowed


def mean_interval(
    summary: Summary,
    *,
    level: float = 0.90,
    borrowed: BorrowedSpread | None = None,
    scale: AnswerScale = FIVE_POINTS,
) -> Interval | None:
    """I8: mean ± t·s/√n, cut off at the ends of the answer scale. None where no spread is known.

    It says where the mean of all people like these raters lies, not where single answers lie.
    """
    spread = spread_of(summary, borrowed)
    if spread is None:
        return None
    half = quantile(0.5 + level / 2, spread.df) * sqrt(spread.variance / summary.n)
    return Interval(max(summary.mean - half, 1.0), min(summary.mean + half, float(scale.points)))
