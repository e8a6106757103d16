"""Statistical process control for weekly figures. Pure, standard library only.

- A point is a sum over a sum. Limits come from the first 12 complete points of a stretch and never change when points
  are added. A stretch ends where the method changes or somebody rebases: nothing is computed across.
- XmR: mean ± 2.66 mean moving ranges, and 3.27 of them for a single range (Wheeler). Shares whose baseline counts at
  most 1,000 a week have limits of their own for each point (p chart, three sigma); with more those become too narrow.
- Two signals: a point outside its limits; eight points in a row on one side of the mean. A point on the mean ends the
  row, and so does the end of the baseline, whose points made the mean.
- With fewer than 12 complete points there are no limits: it is too early to tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise
from math import inf, isclose, sqrt
from statistics import fmean

BASELINE = 12
FEWEST = 6
ROW = 8
MAX_DENOMINATOR_FOR_P_CHART = 1000
OF_MEAN_RANGE, OF_RANGE = 2.66, 3.27
Z_90 = 1.6449
# How often a steady process shows a signal in the 26 weeks after its baseline, measured in tests/goals/test_spc.py.
# Less often with p limits: they know how wide chance is, while XmR estimates it from twelve points.
FALSE_ALARMS_XMR, FALSE_ALARMS_P = 0.36, 0.23


@dataclass(frozen=True, slots=True)
class Point:
    on: date
    numerator: float
    denominator: float
    is_complete: bool = True

    @property
    def value(self) -> float:
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Limits:
    """`range_high` is the limit of a single moving range."""

    mean: float
    low: float
    high: float
    range_high: float


@dataclass(frozen=True, slots=True)
class Bound:
    on: date
    low: float
    high: float


class Kind(StrEnum):
    OUTSIDE = "outside"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Signal:
    """`on` is the point that makes it: outside, or the eighth in the row. `side` is 1 above, −1 below."""

    on: date
    kind: Kind
    side: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points measured alike. Without `mean` it is too early to tell. `bounds` has one for each point."""

    points: tuple[Point, ...]
    mean: float | None = None
    bounds: tuple[Bound, ...] = ()
    signals: tuple[Signal, ...] = ()
    false_alarms: float = 0


class Reach(StrEnum):
    """Where a target lies to the limits."""

    MISSED = "missed"
    CHANCE = "chance"
    MET = "met"


def stretches(points: Iterable[Point], *, breaks: Sequence[date] = (), is_share: bool) -> tuple[Stretch, ...]:
    """`points` without their gaps, in order, cut at `breaks`: dates on which something new begins."""

    def era(point: Point) -> int:
        return sum(point.on >= on for on in breaks)

    ordered = sorted(points, key=lambda point: point.on)
    return tuple(_stretch(tuple(alike), is_share=is_share) for _, alike in groupby(ordered, era))


def _stretch(points: tuple[Point, ...], *, is_share: bool) -> Stretch:
    complete = [point for point in points if point.is_complete]
    if len(complete) < BASELINE:
        return Stretch(points)
    baseline = complete[:BASELINE]
    if is_share and fmean(point.denominator for point in baseline) <= MAX_DENOMINATOR_FOR_P_CHART:
        mean = sum(point.numerator for point in baseline) / sum(point.denominator for point in baseline)
        bounds = tuple(Bound(point.on, *p_limits(mean, point.denominator)) for point in points)
        false_alarms = FALSE_ALARMS_P
    else:
        limits = limits_of([point.value for point in baseline], highest=1 if is_share else inf)
        mean = limits.mean
        bounds = tuple(Bound(point.on, limits.low, limits.high) for point in points)
        false_alarms = FALSE_ALARMS_XMR
    return Stretch(points, mean, bounds, _signals(points, mean, bounds), false_alarms)


def limits_of(values: Sequence[float], *, lowest: float = 0, highest: float = inf) -> Limits:
    """XmR limits of these values, no wider than `lowest` to `highest`."""
    mean, mean_range = fmean(values), fmean(abs(after - before) for before, after in pairwise(values))
    reach = OF_MEAN_RANGE * mean_range
    return Limits(mean, max(mean - reach, lowest), min(mean + reach, highest), OF_RANGE * mean_range)


def p_limits(mean: float, n: float) -> tuple[float, float]:
    """Three sigma around a share of `n`, within 0 and 1."""
    # A baseline of nothing but hits has no spread. Allow for one miss, or else the first one would be a signal.
    reach = 3 * sqrt(max(mean * (1 - mean), n / (n + 1) ** 2) / n)
    return max(mean - reach, 0), min(mean + reach, 1)


def _signals(points: Sequence[Point], mean: float, bounds: Sequence[Bound]) -> tuple[Signal, ...]:
    signals = []
    row, last_side, complete = 0, 0, 0
    for point, bound in zip(points, bounds, strict=True):
        if not point.is_complete:
            continue
        side = 0 if isclose(point.value, mean, rel_tol=1e-9) else 1 if point.value > mean else -1
        row = row + 1 if side and side == last_side and complete != BASELINE else abs(side)
        last_side, complete = side, complete + 1
        if side and not bound.low <= point.value <= bound.high:
            signals.append(Signal(point.on, Kind.OUTSIDE, side))
        elif row == ROW:
            signals.append(Signal(point.on, Kind.ROW, side))
    return tuple(signals)


def reach(target: float, bound: Bound, *, upwards: bool) -> Reach:
    """Whether a steady process meets a target nearly always, nearly never, or by chance."""
    if bound.low <= target <= bound.high:
        return Reach.CHANCE
    return Reach.MET if (target < bound.low) == upwards else Reach.MISSED


def band_reach(low: float, high: float, bound: Bound) -> Reach:
    """The same for a band."""
    if low <= bound.low and bound.high <= high:
        return Reach.MET
    return Reach.MISSED if bound.high < low or high < bound.low else Reach.CHANCE


def interval(numerator: float, denominator: float) -> tuple[float, float]:
    """Where the true share probably lies: Wilson's interval, 90 %."""
    share, square = numerator / denominator, Z_90 * Z_90 / denominator
    middle = (share + square / 2) / (1 + square)
    half = Z_90 * sqrt(share * (1 - share) / denominator + square / denominator / 4) / (1 + square)
    return min(max(middle - half, 0), share), max(min(middle + half, 1), share)
