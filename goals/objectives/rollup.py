"""How far an objective has come, and what its parent makes of it.

Progress is the share of the way from start to target, the same for both directions: (now − start) ÷ (target − start),
held between 0 and 1. Where start and target are the same there is no way: such an objective holds its place, inside a
band or outside. Nothing measured is no number, never 0.

A parent is the mean of what is measured below it, by weight, and always comes with its coverage. What was let go is
left out of the mean and printed beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from goals.models import Course


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` from 0 to 1. `is_away`: the figure moved the other way, beyond where it began."""

    share: float
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Below:
    """One objective as its parent counts it; no `share` when nothing is measured."""

    weight: int
    share: float | None
    is_let_go: bool = False


@dataclass(frozen=True, slots=True)
class RollUp:
    """The mean of what is measured (`share`), over `measured` of `weight`. Let go: `gone` of `count` objectives."""

    share: float | None
    measured: int
    weight: int
    count: int
    gone: int
    gone_weight: int

    @property
    def all_weight(self) -> int:
        """With what was let go."""
        return self.weight + self.gone_weight


def progress(
    course: str, *, start: Decimal | None, target: Decimal | None, now: Decimal | None, tolerance: Decimal | None
) -> Progress | None:
    """None when nothing is measured, or when there is no way to measure along."""
    if now is None or target is None:
        return None
    if course == Course.HOLD:
        return Progress(1.0 if abs(now - target) <= (tolerance or 0) else 0.0)
    if start is None or start == target:
        return None
    share = float((now - start) / (target - start))
    return Progress(min(max(share, 0.0), 1.0), is_away=share < 0)


def by_milestones(done: int, of: int) -> Progress | None:
    return Progress(done / of) if of else None


def roll_up(below: Iterable[Below]) -> RollUp:
    """What a parent says of those below it."""
    total, measured, weight, count, gone, gone_weight = 0.0, 0, 0, 0, 0, 0
    for each in below:
        count += 1
        if each.is_let_go:
            gone += 1
            gone_weight += each.weight
            continue
        weight += each.weight
        if each.share is not None:
            measured += each.weight
            total += each.weight * each.share
    share = total / measured if measured else None
    return RollUp(share, measured, weight, count, gone, gone_weight)
