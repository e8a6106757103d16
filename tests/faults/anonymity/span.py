"""Span attack: which answers, or sums of answers of few raters, follow from the exact numbers of a release.

The attacker gets every value unrounded, which is more than is ever printed. What each value depends on is not written
down here but taken from the product: every answer is moved by one and the release decided again, so a row of the matrix
is one value and a column one answer. A set of raters is isolated if some combination of rows is zero outside it and not
zero inside. Sets of `threshold - 1` raters cover all smaller ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from feedback360.visibility import rules
from feedback360.visibility.inputs import LeaderRound
from feedback360.visibility.leader import decide
from tests.faults.anonymity.defences import without
from tests.feedback360.rounds_of_answers import Rows

Groups = Mapping[str, Rows]
Values = Callable[[Groups], Sequence[float]]

ALMOST_NOTHING = 1e-7  # values are sums of twelfths and sixteenths, never that close to zero
ATTRIBUTED = frozenset({"manager", "self"})


@dataclass(frozen=True)
class Isolated:
    """Sets of raters that were tried and that some combination of values isolates."""

    tried: int
    solved: int


@contextmanager
def unrounded(*, coarse: bool) -> Iterator[None]:
    """Values as exact means. Without `coarse`, what is printed in steps of 0.5 says nothing instead."""

    def printed(hundredths: int, parts: int, step: int) -> tuple[float, str]:
        return (hundredths / parts if coarse or step == rules.FINE else 300.0), ""

    with without({"rules.printed": printed}):
        yield


def values(leader_round: LeaderRound) -> list[float]:
    """Every value of every counted group, in the order of the release."""
    return [cell.value or 0.0 for cell in decide(leader_round).cells if cell.group not in ATTRIBUTED]


def isolated(groups: Groups, release: Values, *, threshold: int) -> Isolated:
    """`release` is the product, from raters' answers to values; only answers that were given are moved."""
    people = [(name, rater) for name, rows in groups.items() if name not in ATTRIBUTED for rater in range(len(rows))]
    matrix, owners = _matrix(groups, release, people)
    size = min(threshold - 1, len(people))
    sets = list(combinations(range(len(people)), size))
    tried = sum(comb(len(people), smaller) for smaller in range(1, size + 1))
    if matrix.size == 0:
        return Isolated(tried, 0)
    rank = np.linalg.matrix_rank(matrix, tol=ALMOST_NOTHING)
    owner = np.array(owners)
    outside = (matrix[:, ~np.isin(owner, some)] for some in sets)
    return Isolated(tried, sum(bool(np.linalg.matrix_rank(rest, tol=ALMOST_NOTHING) < rank) for rest in outside))


def _matrix(groups: Groups, release: Values, people: Sequence[tuple[str, int]]) -> tuple[np.ndarray, list[int]]:
    base = {name: [[min(value, 4) for value in row] for row in rows] for name, rows in groups.items()}
    before, owners, moved = np.array(release(base)), [], []
    for person, (name, rater) in enumerate(people):
        for item, value in enumerate(base[name][rater]):
            if value:
                base[name][rater][item] = value + 1
                moved.append(np.array(release(base)) - before)
                base[name][rater][item] = value
                owners.append(person)
    return (np.array(moved).T if moved else np.zeros((0, 0))), owners
