"""Change of one scale of one group between two rounds: Welch's interval and what could have been seen. Pure.

Formula 7, I2, I3, I7 and I11. Rounds are treated as answered by different people, because nothing that is stored links
a person's two answers. Where many are the same person and answer alike, the interval is wider than it needs to be.

The exact permutation test of I2 needs every rater's mean of both rounds. After a round has closed these no longer
exist, so it is not part of the product; decision 0021 says what was measured and decided instead.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from feedback360.statistics.student_t import quantile, tail
from feedback360.statistics.summary import FIVE_POINTS, AnswerScale, BorrowedSpread, Summary, spread_of

MIN_RATERS = 5  # formula 7: in both rounds
ALPHA = 0.05  # one-sided; the 90 % interval has 5 % outside on either side
POWER = 0.80
CEILING = 4.5
HOLD_MARGIN = 0.3


class Outcome(StrEnum):
    IMPROVED = "improved"
    NOT_SHOWN = "not_shown"
    DECLINED = "declined"
    NOT_TESTED = "not_tested"  # a behaviour while the primary scale shows nothing: a dot and a range, no verb
    TOO_FEW = "too_few"
    SAME_ANSWERS = "same_answers"  # says that nobody differed: shown only in words that do not
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of two means in points, its standard error and Welch's degrees of freedom."""

    value: float
    error: float
    df: float

    @property
    def low(self) -> float:
        """Lower end of the 90 % interval."""
        return self.value - self._half

    @property
    def high(self) -> float:
        return self.value + self._half

    @property
    def _half(self) -> float:
        return quantile(1.0 - ALPHA, self.df) * self.error

    @property
    def p_improved(self) -> float:
        """One-sided: how often a change of nothing would look at least this good."""
        return tail(self.value / self.error, self.df)

    @property
    def p_declined(self) -> float:
        return tail(-self.value / self.error, self.df)

    def visible_from(self, alpha: float = ALPHA) -> float:
        """I2: the change that would show in four rounds of five, (t(1 − alpha) + t(.80)) · error."""
        return (quantile(1.0 - alpha, self.df) + quantile(POWER, self.df)) * self.error


@dataclass(frozen=True, slots=True)
class Pair:
    """One scale of one group in two rounds, with what the wall and the response rates say about it.

    `is_comparable` is False where the rater sets, the questionnaire's version or the answer scale forbid it.
    `responses_suffice` is False where less than 60 % answered in either round (formula 1: no claim about the team).
    """

    before: Summary | None
    after: Summary | None
    borrowed_before: BorrowedSpread | None = None
    borrowed_after: BorrowedSpread | None = None
    is_comparable: bool = True
    responses_suffice: bool = True


def change_of(pair: Pair) -> Change | None:
    """Formula 7: D = after − before, SE = √(s0²/n0 + s1²/n1), df after Welch and Satterthwaite, unrounded.

    None where a round has fewer than two raters or a spread that nobody knows (I3).
    """
    if pair.before is None or pair.after is None:
        return None
    spread0 = spread_of(pair.before, pair.borrowed_before)
    spread1 = spread_of(pair.after, pair.borrowed_after)
    if spread0 is None or spread1 is None:
        return None
    part0, part1 = spread0.variance / pair.before.n, spread1.variance / pair.after.n
    df = (part0 + part1) ** 2 / (part0**2 / spread0.df + part1**2 / spread1.df)
    return Change(pair.after.mean - pair.before.mean, sqrt(part0 + part1), df)


def is_at_ceiling(before: Summary, scale: AnswerScale = FIVE_POINTS) -> bool:
    """I11: there is little room to rise from 4.5 of 5; holding is the goal."""
    return before.mean >= scale.points - (FIVE_POINTS.points - CEILING)


def is_held(low: float) -> bool:
    """I11: the lower end of the 90 % interval of the change is no more than 0.3 below nothing."""
    return low >= -HOLD_MARGIN
