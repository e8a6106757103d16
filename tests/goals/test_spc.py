"""Limits, signals and intervals against published numbers, and how often a steady process raises a false alarm.

Oracle: NHSRplotthedots (MIT) at 050b07d, `ptd_spc_standard.R`, `ptd_calculate_point_type.R` and their snapshots.
We differ on purpose: eight in a row instead of seven, no trend, no two-of-three, and limits from the first 12 points.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.spc import (
    FALSE_ALARMS_P,
    FALSE_ALARMS_XMR,
    Bound,
    Kind,
    Point,
    Reach,
    Signal,
    Stretch,
    band_reach,
    interval,
    limits_of,
    p_limits,
    reach,
    stretches,
)

MONDAY = date(2026, 1, 5)
D10_BASELINE = [412, 405, 420, 398, 415, 409, 403, 417, 410, 406, 414, 408]
D10_AFTER = [399, 401, 395, 400, 397, 402, 396, 398]
# set.seed(123); rnorm(20), with the fifteenth replaced by 10, as in test-ptd_spc_standard.R
RNORM = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285,
    -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, 10, 1.78691314, 0.49785048, -1.96661716, 0.70135590,
    -0.47279141,
]  # fmt: skip


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def points(values: Sequence[float], n: float = 1) -> list[Point]:
    return [Point(week(number), value * n, n) for number, value in enumerate(values)]


def only(found: Sequence[Stretch]) -> Stretch:
    (stretch,) = found
    return stretch


def test_the_published_series_has_the_published_limits() -> None:
    limits = limits_of(D10_BASELINE)

    assert limits.mean == 409.75
    assert (round(limits.low, 1), round(limits.high, 1), round(limits.range_high, 1)) == (382.7, 436.8, 33.3)


def test_the_published_shift_is_found_in_week_20() -> None:
    stretch = only(stretches(points(D10_BASELINE + D10_AFTER), is_share=False))

    assert stretch.signals == (Signal(week(19), Kind.ROW, -1),)


def test_limits_agree_with_plot_the_dots() -> None:
    limits = limits_of(RNORM, lowest=-inf)

    assert limits.mean == pytest.approx(0.6694159, abs=1e-6)
    assert (limits.low, limits.high) == pytest.approx((-4.596625, 5.935457), abs=1e-5)


def test_a_point_on_its_limit_is_inside_as_in_plot_the_dots() -> None:
    baseline = [10, 12] * 6
    high = limits_of(baseline).high

    assert only(stretches(points([*baseline, high]), is_share=False)).signals == ()
    assert only(stretches(points([*baseline, high + 0.01]), is_share=False)).signals == (
        Signal(week(12), Kind.OUTSIDE, 1),
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"), [(34, 40, 74, 92), (9, 10, 65, 98), (10, 10, 79, 100), (0, 8, 0, 25)]
)
def test_wilson_intervals_are_the_published_ones(numerator: int, denominator: int, low: int, high: int) -> None:
    assert tuple(round(100 * edge) for edge in interval(numerator, denominator)) == (low, high)


@pytest.mark.parametrize(("n", "low", "high"), [(40, 0.51, 0.93), (180, 0.62, 0.82)])
def test_limits_of_a_share_are_the_published_ones(n: int, low: float, high: float) -> None:
    assert tuple(round(edge, 2) for edge in p_limits(0.72, n)) == (low, high)


def test_one_miss_after_a_perfect_baseline_is_no_signal() -> None:
    stretch = only(stretches(points([1] * 12 + [39 / 40], n=40), is_share=True))

    assert stretch.signals == ()
    assert only(stretches(points([1] * 12 + [34 / 40], n=40), is_share=True)).signals[0].kind is Kind.OUTSIDE


@pytest.mark.parametrize("count", [1, 5, 6, 11])
def test_fewer_than_twelve_points_are_too_early_to_tell(count: int) -> None:
    stretch = only(stretches(points(D10_BASELINE[:count]), is_share=False))

    assert (stretch.mean, stretch.bounds, stretch.signals) == (None, (), ())


def test_eight_in_a_row_are_a_signal_and_seven_are_none() -> None:
    def signals(*after: float) -> tuple[Signal, ...]:
        return only(stretches(points([*D10_BASELINE, *after]), is_share=False)).signals

    assert signals(*[412] * 7) == ()
    assert signals(*[412] * 8) == (Signal(week(19), Kind.ROW, 1),)
    assert signals(*[412] * 7, 409, *[412] * 7) == ()
    assert len(signals(*[412] * 20)) == 1, "one row is one signal"


def test_a_point_on_the_mean_ends_the_row() -> None:
    after = [*[412] * 7, 409.75, 412]

    assert only(stretches(points([*D10_BASELINE, *after]), is_share=False)).signals == ()


def test_a_mean_that_rounds_is_still_on_the_mean() -> None:
    baseline = [0.1] * 12
    assert sum(baseline) / 12 != 0.1

    assert only(stretches(points(baseline + [0.1] * 8), is_share=False)).signals == ()


def test_a_week_that_is_not_complete_counts_for_nothing() -> None:
    short = Point(week(30), 1, 1, is_complete=False)
    whole = points(D10_BASELINE + D10_AFTER)

    assert only(stretches([*whole, short], is_share=False)).signals == only(stretches(whole, is_share=False)).signals
    assert only(stretches([*whole[:11], short], is_share=False)).mean is None


def test_no_moving_range_is_taken_across_a_break() -> None:
    before, after = points([100, 102] * 6), [Point(week(12 + index), 300 + index % 2, 1) for index in range(12)]
    old, new = stretches([*before, *after], breaks=[week(12)], is_share=False)

    assert (old, new) == (only(stretches(before, is_share=False)), only(stretches(after, is_share=False)))
    assert new.bounds[0].low > 295


def test_a_share_with_more_than_a_thousand_uses_moving_ranges() -> None:
    values = [0.72, 0.70] * 6
    small, large = (only(stretches(points(values, n), is_share=True)) for n in (1000, 1001))

    assert small.bounds[0].low == pytest.approx(p_limits(0.71, 1000)[0])
    assert large.bounds[0].low == pytest.approx(0.71 - 2.66 * 0.02)
    assert (small.false_alarms, large.false_alarms) == (FALSE_ALARMS_P, FALSE_ALARMS_XMR)


def test_the_mean_of_a_share_weighs_each_answer_alike() -> None:
    uneven = [Point(week(number), 9, 10) if number else Point(week(0), 10, 100) for number in range(12)]

    assert only(stretches(uneven, is_share=True)).mean == pytest.approx((10 + 11 * 9) / (100 + 110))


VALUES = st.lists(st.integers(0, 500), min_size=12, max_size=60)


@given(VALUES, st.integers(12, 60), st.booleans())
def test_limits_do_not_move_when_points_are_added(values: list[int], cut: int, is_share: bool) -> None:
    series = [Point(week(number), value, 500 if is_share else 1) for number, value in enumerate(values)]
    before, after = only(stretches(series[:cut], is_share=is_share)), only(stretches(series, is_share=is_share))

    assert after.mean == before.mean
    assert after.bounds[: len(before.bounds)] == before.bounds
    assert after.signals[: len(before.signals)] == before.signals


@given(VALUES)
def test_signals_are_at_points_on_their_side_of_the_mean(values: list[int]) -> None:
    stretch = only(stretches(points(values), is_share=False))

    assert stretch.mean is not None
    for signal in stretch.signals:
        value = next(point.value for point in stretch.points if point.on == signal.on)
        assert (value > stretch.mean) == (signal.side == 1)


@given(st.integers(0, 400), st.integers(1, 400))
def test_an_interval_holds_its_share_and_narrows_with_n(hits: int, n: int) -> None:
    hits = min(hits, n)
    low, high = interval(hits, n)
    more_low, more_high = interval(hits * 4, n * 4)

    assert 0 <= low <= hits / n <= high <= 1
    assert more_high - more_low < high - low


@pytest.mark.parametrize(
    ("target", "upwards", "expected"),
    [
        (80, True, Reach.MISSED),
        (80, False, Reach.MET),
        (50, True, Reach.MET),
        (50, False, Reach.MISSED),
        (70, True, Reach.CHANCE),
        (60, True, Reach.CHANCE),
        (75, False, Reach.CHANCE),
    ],
)
def test_a_target_lies_outside_or_inside_the_limits(target: float, *, upwards: bool, expected: Reach) -> None:
    assert reach(target, Bound(MONDAY, 60, 75), upwards=upwards) is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(55, 80, Reach.MET), (60, 75, Reach.MET), (65, 80, Reach.CHANCE), (80, 90, Reach.MISSED), (10, 50, Reach.MISSED)],
)
def test_a_band_holds_the_limits_or_does_not(low: float, high: float, expected: Reach) -> None:
    assert band_reach(low, high, Bound(MONDAY, 60, 75)) is expected


def false_alarms(one_week: Callable[[random.Random, date], Point], *, is_share: bool, charts: int) -> float:
    """The share of charts of a steady process with a signal in the 26 weeks after the baseline."""
    chance = random.Random(10)
    hits = 0
    for _ in range(charts):
        series = [one_week(chance, week(number)) for number in range(12 + 26)]
        (stretch,) = stretches(series, is_share=is_share)
        hits += any(signal.on >= week(12) for signal in stretch.signals)
    return hits / charts


def test_the_false_alarm_rate_we_print_is_the_measured_one() -> None:
    """Measured: XmR 0.361 (20,000 charts), p limits 0.24 to 0.23 for n from 30 to 1,000 (6,000 charts each)."""

    def counted(chance: random.Random, on: date) -> Point:
        return Point(on, round(chance.gauss(200 * 0.72, (200 * 0.72 * 0.28) ** 0.5)), 200)

    xmr = false_alarms(lambda chance, on: Point(on, 400 + chance.gauss(0, 10), 1), is_share=False, charts=2000)
    p = false_alarms(counted, is_share=True, charts=2000)

    assert xmr == pytest.approx(FALSE_ALARMS_XMR, abs=0.03)
    assert p == pytest.approx(FALSE_ALARMS_P, abs=0.03)
