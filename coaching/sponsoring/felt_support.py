"""How leaders feel supported by a sponsor, shown only for groups of them. Pure.

Four items (interest, cover, example, freedom) and "felt checked up on" turned round, each from 1 to 5; their mean is
the figure. Answers are taken in the order in which they came, in groups of at least as many leaders as each of them was
promised; what is left over is in no figure until its group is full. So the figure moves only when a whole group is
added: nobody can take one leader's answer from the difference of two figures, and a smaller group chosen later does not
open answers that were given under a larger one. It is printed in steps of a half, with the ends as bounds, by the rules
of 360 feedback.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback360.visibility import rules

ITEMS = ("interest", "cover", "example", "freedom", "checked_up_on")
TURNED_ROUND = frozenset({"checked_up_on"})
TOP = 5


@dataclass(frozen=True, slots=True)
class Felt:
    """One leader's answer: the five items as they were given, and the smallest group they were promised."""

    items: tuple[int, int, int, int, int]
    threshold: int

    @property
    def points(self) -> int:
        pairs = zip(ITEMS, self.items, strict=True)
        return sum(TOP + 1 - value if item in TURNED_ROUND else value for item, value in pairs)


@dataclass(frozen=True, slots=True)
class FeltFigure:
    """The mean of so many leaders, in halves; `bound` is "at_least" or "at_most" at the ends."""

    value: float
    leaders: int
    bound: str = ""


def figure_of(answers: Sequence[Felt]) -> FeltFigure | None:
    """The figure of whole groups, in the order in which the answers came; None below the first whole group."""
    used = _in_whole_groups(answers)
    if not used:
        return None
    parts = len(used) * len(ITEMS)
    value, bound = rules.printed(100 * sum(answer.points for answer in used), parts, rules.COARSE)
    return FeltFigure(value / 100, len(used), bound)


def _in_whole_groups(answers: Sequence[Felt]) -> Sequence[Felt]:
    size = needed = whole = 0
    for number, answer in enumerate(answers, start=1):
        size, needed = size + 1, max(needed, answer.threshold)
        if rules.is_enough(size, needed):
            size, needed, whole = 0, 0, number
    return answers[:whole]
