"""Raters whose true opinion is known: ordinal answers on five points, drawn with NumPy. Nothing here is the product's.

A rater's opinion of an item is the leader's level + the item's own difficulty + what the rater gives everybody on
every item (leniency) + what they give a behaviour + noise; the answer is the nearest of 1 to 5. Levels and changes are
stated as the mean of such answers, so the end of the scale is felt as in real rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

BEHAVIOURS = {
    "goal_minded": (0, 1),
    "enthusiastic": (2, 3),
    "clear": (4, 5),
    "quality_minded": (6, 7, 8),
    "encouraging": (9, 10),
    "understanding": (11, 12),
    "initiative": (13, 14, 15),
}
PRIMARY = BEHAVIOURS["clear"] + BEHAVIOURS["encouraging"]
AREA = (0, 1, 6, 7, 8)
DIFFICULTY = tuple((-0.2, 0.0, 0.2)[item % 3] for item in range(16))
LENIENCY, OF_A_BEHAVIOUR, NOISE = 0.5, 0.3, 0.5477  # together SD .8, as measured in rooms.md
SPREAD = (LENIENCY**2 + OF_A_BEHAVIOUR**2 + NOISE**2) ** 0.5

Answers = list[list[list[int | None]]]  # leader, rater, item


def expected(opinion: float) -> float:
    """The mean answer to one item of raters with this mean opinion."""
    return 1 + sum(1 - NormalDist(opinion, SPREAD).cdf(edge) for edge in (1.5, 2.5, 3.5, 4.5))


def truth(opinion: float, items: Sequence[int]) -> float:
    """The mean answer over the items of a scale."""
    return sum(expected(opinion + DIFFICULTY[item]) for item in items) / len(items)


@cache
def opinion_for(level: float) -> float:
    """The mean opinion behind a mean answer over all items."""
    low, high = -5.0, 11.0
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if truth(middle, range(16)) < level else (low, middle)
    return low


@dataclass(frozen=True)
class Drawn:
    """Answers of one round, and how lenient each rater is in SDs."""

    answers: NDArray[np.int_]
    leniency: NDArray[np.float64]


def opinions(level: float, *, by: float = 0.0, moved: Sequence[int] = range(16)) -> NDArray[np.float64]:
    """The mean opinion of each item: at this level, and `by` higher for the items that moved."""
    still, higher = opinion_for(level), opinion_for(level + by)
    return np.array([higher if item in moved else still for item in range(16)]) + np.array(DIFFICULTY)


def draw(
    rng: np.random.Generator,
    leaders: int,
    raters: int,
    about: NDArray[np.float64],
    *,
    leniency: NDArray[np.float64] | None = None,
) -> Drawn:
    """Answers of each rater to 16 items, around the mean opinions `about` of all leaders or of each.

    `leniency` of an earlier round makes them the same people.
    """
    own = rng.normal(size=(leaders, raters)) if leniency is None else leniency
    behaviour_of = [at for at, items in enumerate(BEHAVIOURS.values()) for _item in items]
    by_behaviour = rng.normal(scale=OF_A_BEHAVIOUR, size=(leaders, raters, len(BEHAVIOURS)))[:, :, behaviour_of]
    noise = rng.normal(scale=NOISE, size=(leaders, raters, 16))
    opinion = about + LENIENCY * own[:, :, None] + by_behaviour + noise
    return Drawn(np.clip(np.rint(opinion), 1, 5).astype(int), own)


def as_given(drawn: Drawn, seen: NDArray[np.bool_]) -> Answers:
    """Answers as the product gets them: None where an item was not seen or a rater did not answer."""
    given: Answers = np.where(seen, drawn.answers, None).tolist()
    return given


def all_seen(drawn: Drawn) -> Answers:
    return as_given(drawn, np.ones(drawn.answers.shape, dtype=bool))
