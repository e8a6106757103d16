"""How far observers of one contact agree, criterion by criterion. Pure.

Agreement on a criterion = pairs of observers at most one step apart ÷ all pairs of observers: percent agreement with a
tolerance (Tinsley & Weiss 1975, J Couns Psychol 22, 358–376, call it *within one point*). It is not corrected for
chance: on five steps, two who guess are within one step in 13 of 25 cases. The target of 85 % and the rule for wording
that is unclear are rules of thumb of call-centre calibration (Insight7, "call calibration"), not findings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

TOLERANCE = 1  # steps two observers may be apart
TARGET = Fraction(85, 100)
UNCLEAR_SHARE = Fraction(30, 100)
FEWEST_PAIRS = 10  # of five observers, or of several contacts together


@dataclass(frozen=True)
class Concordance:
    """Pairs of observers on one criterion: how many there are, and how many agree."""

    pairs: int = 0
    agreeing: int = 0

    def __add__(self, other: "Concordance") -> "Concordance":
        return Concordance(self.pairs + other.pairs, self.agreeing + other.agreeing)

    @property
    def share(self) -> Fraction | None:
        """None where there is no pair: one observer agrees with nobody."""
        return Fraction(self.agreeing, self.pairs) if self.pairs else None

    @property
    def meets_target(self) -> bool:
        return self.share is not None and self.share >= TARGET

    @property
    def is_wording_unclear(self) -> bool:
        """More than 30 % of at least ten pairs are further apart than one step."""
        return self.pairs >= FEWEST_PAIRS and Fraction(self.pairs - self.agreeing, self.pairs) > UNCLEAR_SHARE


def concordance(scores: Sequence[int]) -> Concordance:
    """The scores that observers of one contact gave for one criterion."""
    apart = [abs(one - other) for one, other in combinations(scores, 2)]
    return Concordance(len(apart), sum(steps <= TOLERANCE for steps in apart))


def together(contacts: Iterable[Sequence[int]]) -> Concordance:
    """One criterion over several contacts. Pairs are made within a contact, never across."""
    return sum((concordance(scores) for scores in contacts), Concordance())
