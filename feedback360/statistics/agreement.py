"""How a leader's own answers and others' answers agree, and how others agree among themselves. Pure.

Formulas 10 and 12–14, and I5, I6, I12, which win over formula 11. Gaps are self − others in points of the scale: above
zero means that the leader gave more. Without a self-assessment there is no gap, no category and no index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, sqrt

from feedback360.statistics.student_t import quantile
from feedback360.statistics.summary import (
    FIVE_POINTS,
    AnswerScale,
    BorrowedSpread,
    Interval,
    Summary,
    spread_of,
    summarised,
)

MIN_ITEMS = 3  # I5: a single self-rating wobbles too much
GAP = 0.75
CLEAR_OF = 0.25
LEVEL = 0.80
OWN_WOBBLE = 0.5  # SD of one own answer around what the leader would say on average (rooms.md I)
MIN_LEADERS_OF_A_NORM = 30
TEAM_DROP = 0.1
EXACT = 1e-9  # 4.2 − 3.45 is 0.75 on paper


class Category(StrEnum):
    OVER = "over"
    UNDER = "under"
    IN_LINE = "in_line"
    CANNOT_TELL = "cannot_tell"
    NOT_SHOWN = "not_shown"  # fewer than three items, no self-assessment, nobody answered


CERTAIN = frozenset({Category.OVER, Category.UNDER, Category.IN_LINE})


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and SD of the gaps of the leaders who took one version of a questionnaire."""

    version: str
    leaders: int
    mean: float
    sd: float


def gap(own: float | None, others: float | None) -> float | None:
    """Formula 10: G = S − O. None where either is missing."""
    return None if own is None or others is None else own - others


def gap_norm(version: str, gaps: Sequence[float]) -> Norm | None:
    """I12: the norm of one version, from 30 leaders on; None before, and where all gaps are equal."""
    of_gaps = summarised(gaps)
    if of_gaps is None or of_gaps.n < MIN_LEADERS_OF_A_NORM or of_gaps.variance <= 0.0:
        return None
    return Norm(version, of_gaps.n, of_gaps.mean, sqrt(of_gaps.variance))


def standardised_gap(value: float, version: str, norm: Norm | None) -> float | None:
    """Formula 10: (G − mean G) / SD of G. None without a norm of the same version."""
    return (value - norm.mean) / norm.sd if norm is not None and norm.version == version else None


def gap_interval(
    own: float, others: Summary, borrowed: BorrowedSpread | None = None, *, own_error: float = 0.0
) -> Interval | None:
    """I5: G ± t·s/√n at 80 %, with the error of the own mean where it is given. None where no spread is known."""
    spread = spread_of(others, borrowed)
    if spread is None:
        return None
    half = quantile(0.5 + LEVEL / 2, spread.df) * sqrt(spread.variance / others.n + own_error**2)
    return Interval(own - others.mean - half, own - others.mean + half)


def category(
    own: float | None, others: Summary | None, *, items: int, borrowed: BorrowedSpread | None = None
) -> Category:
    """I5: *over* or *under* from a gap of 0.75 whose interval stays beyond 0.25, *in line* inside ±0.75.

    For *over* and *under* the interval also counts that a leader's own answers wobble by half a point: taken as exact,
    level leaders with five raters would be called one or the other in more than 5 % of cases (decision 0021).
    """
    if own is None or others is None or items < MIN_ITEMS:
        return Category.NOT_SHOWN
    around = gap_interval(own, others, borrowed)
    wobbling = gap_interval(own, others, borrowed, own_error=OWN_WOBBLE / sqrt(items))
    if around is None or wobbling is None:
        return Category.CANNOT_TELL
    value = own - others.mean
    if value >= GAP - EXACT and wobbling.low > CLEAR_OF:
        return Category.OVER
    if value <= EXACT - GAP and wobbling.high < -CLEAR_OF:
        return Category.UNDER
    return Category.IN_LINE if around.low > -GAP and around.high < GAP else Category.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Seen:
    """What one round says about one scale: own value, others' mean, category."""

    own: float
    others: float
    category: Category


def agreement_shift(before: Seen, after: Seen) -> float | None:
    """Formula 13: |G before| − |G after|; above zero is closer. None unless both categories are certain (I6), or where
    the others' mean fell by more than 0.1: coming closer by falling is no progress."""
    if not {before.category, after.category} <= CERTAIN or after.others < before.others - TEAM_DROP - EXACT:
        return None
    return abs(before.own - before.others) - abs(after.own - after.others)


def agreement_index(
    own: Mapping[str, float], others: Mapping[str, float], scale: AnswerScale = FIVE_POINTS
) -> float | None:
    """Formula 12, 0 to 100: 100·(1 − √(mean (S − O)²) / (points − 1)) over the items both have.

    75 says that they miss each other by a point as a rule.
    """
    both = own.keys() & others.keys()
    if not both:
        return None
    miss = sqrt(fsum((own[item] - others[item]) ** 2 for item in both) / len(both))
    return 100.0 * (1.0 - miss / scale.width)


def rwg(variance: float, scale: AnswerScale = FIVE_POINTS) -> float:
    """Formula 14 for one item, 0 to 1: 1 − s² / ((points² − 1) / 12), the variance of answers at random.

    `feedback360.visibility` takes the median over items, from eight answers on. Below .5: raters see it differently.
    """
    return max(0.0, 1.0 - variance / ((scale.points**2 - 1) / 12.0))
