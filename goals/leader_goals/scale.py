"""The five steps of a goal, from −2 to +2. Pure.

Each step has a bound: the worst figure that still counts as it. The step 0 is the target itself, −2 has no bound. The
others are suggested from today's figure and the target: half-way at −1, a third and two thirds of the same way beyond
the target at +1 and +2 (68 → 74: 71, 74, 76, 78). A goal that stays where it is has distances from the target instead:
with `w` give or take, 1.5 w, w, w/2 and w/4. A goal without a figure has words only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

STEPS = (-2, -1, 0, 1, 2)
UP, DOWN, HOLD, WORDS = "up", "down", "hold", "steps"
MAX_DECIMALS = 3
PER_CENT = "%"

Bounds = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. `words` are the leader's own, or empty."""

    score: int
    words: str = ""
    bound: Decimal | None = None


def suggested(
    direction: str, *, baseline: Decimal, target: Decimal, tolerance: Decimal | None = None, unit: str = ""
) -> Bounds:
    """The bounds of −1, 0, +1 and +2: no finer than the target, unless they would fall together."""
    exact = _exact(direction, baseline, target, tolerance, unit)
    fewest = _decimals((tolerance or Decimal(1)) if direction == HOLD else target)
    for decimals in range(fewest, MAX_DECIMALS):
        rounded = _rounded(exact, decimals)
        if is_ordered(direction, rounded):
            return rounded
    return _rounded(exact, MAX_DECIMALS)


def is_ordered(direction: str, bounds: Sequence[Decimal]) -> bool:
    """Whether each step is strictly better than the one below it."""
    pairs = list(pairwise(bounds))
    return all(worse < better for worse, better in pairs) if direction == UP else all(a > b for a, b in pairs)


def step_reached(direction: str, rungs: Sequence[Rung], target: Decimal, value: Decimal) -> int:
    """The highest step that a figure reaches."""
    reached = [
        rung.score for rung in rungs if rung.bound is not None and _reaches(direction, rung.bound, target, value)
    ]
    return max(reached, default=STEPS[0])


def rungs_of(stored: Sequence[dict[str, Any]]) -> tuple[Rung, ...]:
    """The steps of a goal as they are stored, lowest first."""
    return tuple(
        Rung(each["score"], each["words"], None if each["bound"] is None else Decimal(each["bound"])) for each in stored
    )


def stored(rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    return [
        {"score": rung.score, "words": rung.words, "bound": None if rung.bound is None else f"{plain(rung.bound):f}"}
        for rung in rungs
    ]


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _exact(direction: str, baseline: Decimal, target: Decimal, tolerance: Decimal | None, unit: str) -> Bounds:
    if direction == HOLD:
        width = tolerance or Decimal(1)
        return width * 3 / 2, width, width / 2, width / 4
    way = target - baseline
    better, best = target + way / 3, target + 2 * way / 3
    end = _end(direction, baseline, target, unit)
    if end is not None and target != end and abs(best - target) > abs(end - target):
        better, best = (target + end) / 2, end  # what cannot be passed is the best there is
    return (baseline + target) / 2, target, better, best


def _end(direction: str, baseline: Decimal, target: Decimal, unit: str) -> Decimal | None:
    """The figure that cannot be passed: all of them, or none."""
    if direction == UP:
        return Decimal(100) if unit.strip() == PER_CENT else None
    return Decimal(0) if baseline >= 0 and target >= 0 else None


def _reaches(direction: str, bound: Decimal, target: Decimal, value: Decimal) -> bool:
    if direction == HOLD:
        return abs(value - target) <= bound
    return value >= bound if direction == UP else value <= bound


def _rounded(exact: Bounds, decimals: int) -> Bounds:
    step = Decimal(1).scaleb(-decimals)
    lowest, zero, better, best = (plain(value.quantize(step, ROUND_HALF_UP)) for value in exact)
    return lowest, zero, better, best


def _decimals(value: Decimal) -> int:
    exponent = plain(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
