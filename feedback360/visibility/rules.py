"""The rules of the wall, one function or number each, so that each can be tested and removed by itself. Pure.

Points are counted in hundredths, so that rounding is exact: half goes to the even step.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import sqrt
from statistics import median

from feedback360.statistics.agreement import rwg
from feedback360.visibility.inputs import Tally

FINE, COARSE = 10, 50  # steps, in hundredths of a point
FINE_FROM = 8  # answers
TOP = {FINE: (475, 480), COARSE: (425, 450)}  # from this mean on, this is printed as "or more"; mirrored at the bottom
MORE_FOR_LABELS = 3  # comments, above the threshold, before they are told apart by group
SPREADS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.4, 2.9)  # 2.83 is the most two raters can have
SPREAD_FROM = 5  # answers; of three, a spread and two values can leave one possibility
LEAST_ITEM_VARIANCE = 0.5  # below it, rwg would tell equal answers from nearly equal ones
TINY = 1e-9  # what a sum of floats may be off


def is_enough(answers: int, threshold: int) -> bool:
    """Counted for each item and question by itself: who skips has not answered."""
    return answers >= threshold


def shown_items(tallies: Mapping[str, Tally], threshold: int) -> frozenset[str]:
    """The items of a group with enough answers. The closing takes spreads over these only."""
    return frozenset(key for key, tally in tallies.items() if is_enough(sum(tally), threshold))


def may_label(comments_by_group: Mapping[str, int], threshold: int) -> bool:
    """Whether comments on a question may be told apart by group: if every group has three more than the threshold."""
    return all(number >= threshold + MORE_FOR_LABELS for number in comments_by_group.values())


def step_of(answers: int, *, is_told_apart: bool) -> int:
    """`is_told_apart`: an earlier release and this one, side by side, would tell few raters from the rest."""
    return COARSE if answers < FINE_FROM or is_told_apart else FINE


def comparable(changed: int | None, skipped: int, threshold: int) -> bool:
    """Whether an item's numbers of two rounds may stand exactly side by side.

    Either the same people gave them, or so many differ that their difference is that of at least `threshold` people,
    even if all who skipped are among those who differ. `changed` is None where nobody knows.
    """
    if changed is None:
        return False
    return (changed == 0 and skipped == 0) or changed - skipped >= threshold


def rounded(hundredths: int, parts: int, step: int) -> int:
    """hundredths / parts to the nearest step, half to the even one."""
    whole, rest = divmod(hundredths, parts * step)
    twice = 2 * rest - parts * step
    return (whole + (twice > 0 or (twice == 0 and whole % 2 == 1))) * step


@lru_cache(maxsize=65_536)
def printed(hundredths: int, parts: int, step: int) -> tuple[int, str]:
    """A mean as it is printed, in hundredths, and "at_least" or "at_most" where it is a bound.

    A bound covers more than one sum of answers: a mean of exactly 5 would tell what everybody answered.
    """
    start, value = TOP[step]
    if hundredths >= start * parts:
        return value, "at_least"
    if hundredths <= (600 - start) * parts:
        return 600 - value, "at_most"
    return rounded(hundredths, parts, step), ""


def has_spread(answers: int, threshold: int) -> bool:
    return answers >= max(SPREAD_FROM, threshold)


@lru_cache(maxsize=65_536)
def spread_class(variance: float, n: int, items: int) -> float:
    """The standard deviation of raters' means over so many items, rounded up to one of a few.

    The lowest class holds equal answers and those that differ from equal ones by one up and one down in one item.
    """
    deviation = max(sqrt(variance), sqrt(2 / (n - 1)) / items)
    return next((spread for spread in SPREADS if deviation <= spread + TINY), SPREADS[-1])


@lru_cache(maxsize=65_536)
def item_agreement(tally: Tally) -> float:
    """rwg of one item (formula 14), cut off where equal answers would differ from nearly equal ones."""
    n, total = sum(tally), sum(value * count for value, count in enumerate(tally, 1))
    squares = sum(value * value * count for value, count in enumerate(tally, 1))
    variance = (squares * n - total * total) / (n * (n - 1))
    return rwg(max(variance, LEAST_ITEM_VARIANCE))


def agreement(tallies: list[Tally]) -> float:
    return round(median(item_agreement(tally) for tally in tallies), 1)
