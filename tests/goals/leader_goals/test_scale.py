"""The five steps of a goal: suggested bounds, their order, and which step a figure reaches."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.leader_goals.scale import STEPS, Rung, is_ordered, plain, rungs_of, step_reached, stored, suggested

ONE_DECIMAL = st.decimals(min_value=0, max_value=10_000, places=1)


def bounds(direction: str, baseline: str, target: str, tolerance: str | None = None, unit: str = "") -> list[str]:
    found = suggested(
        direction,
        baseline=Decimal(baseline),
        target=Decimal(target),
        tolerance=None if tolerance is None else Decimal(tolerance),
        unit=unit,
    )
    return [f"{bound:f}" for bound in found]


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "expected"),
    [
        ("up", "68", "74", ["71", "74", "76", "78"]),
        ("down", "420", "390", ["405", "390", "380", "370"]),
        ("down", "420.5", "390", ["405", "390", "380", "370"]),
        ("up", "68", "70", ["69", "70", "70.7", "71.3"]),
        ("up", "68.000", "74.000", ["71", "74", "76", "78"]),
        ("up", "3.2", "3.8", ["3.5", "3.8", "4", "4.2"]),
        ("down", "-2", "-8", ["-5", "-8", "-10", "-12"]),
    ],
)
def test_bounds_are_suggested_from_today_and_target(
    direction: str, baseline: str, target: str, expected: list[str]
) -> None:
    assert bounds(direction, baseline, target) == expected


def test_what_should_stay_has_distances_from_the_target() -> None:
    assert bounds("hold", "50", "50", "4") == ["6", "4", "2", "1"]


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "unit", "expected"),
    [
        ("up", "80", "95", "%", ["88", "95", "98", "100"]),
        ("up", "80", "95", "points", ["88", "95", "100", "105"]),
        ("down", "6", "2", "", ["4", "2", "1", "0"]),
    ],
)
def test_no_step_asks_for_more_than_there_is(
    direction: str, baseline: str, target: str, unit: str, expected: list[str]
) -> None:
    assert bounds(direction, baseline, target, unit=unit) == expected


@given(ONE_DECIMAL, ONE_DECIMAL)
def test_suggested_steps_are_always_in_order(baseline: Decimal, target: Decimal) -> None:
    if baseline == target:
        return
    direction = "up" if target > baseline else "down"
    found = suggested(direction, baseline=baseline, target=target)

    assert is_ordered(direction, found)
    assert found[1] == target


@pytest.mark.parametrize(
    ("value", "step"),
    [("67", -2), ("70.9", -2), ("71", -1), ("73.9", -1), ("74", 0), ("75.9", 0), ("76", 1), ("78", 2), ("99", 2)],
)
def test_a_figure_reaches_the_highest_step_it_passes(value: str, step: int) -> None:
    rungs = _rungs("71", "74", "76", "78")

    assert step_reached("up", rungs, Decimal(74), Decimal(value)) == step


@pytest.mark.parametrize(("value", "step"), [("421", -2), ("405", -1), ("390", 0), ("381", 0), ("380", 1), ("1", 2)])
def test_downwards_a_lower_figure_is_a_higher_step(value: str, step: int) -> None:
    assert step_reached("down", _rungs("405", "390", "380", "370"), Decimal(390), Decimal(value)) == step


@pytest.mark.parametrize(("value", "step"), [("57", -2), ("44", -1), ("46", 0), ("54", 0), ("52", 1), ("49", 2)])
def test_what_should_stay_counts_the_distance_either_way(value: str, step: int) -> None:
    assert step_reached("hold", _rungs("6", "4", "2", "1"), Decimal(50), Decimal(value)) == step


@pytest.mark.parametrize(("direction", "order"), [("up", [1, 1]), ("up", [2, 1]), ("down", [1, 2]), ("hold", [1, 1])])
def test_equal_or_crossed_bounds_are_not_in_order(direction: str, order: list[int]) -> None:
    assert not is_ordered(direction, [Decimal(each) for each in order])


def test_a_scale_comes_back_from_its_row_as_it_was() -> None:
    rungs = _rungs("71", "74.5", "76", "780")

    assert rungs_of(stored(rungs)) == rungs
    assert [each["bound"] for each in stored(rungs)] == [None, "71", "74.5", "76", "780"]


def test_a_figure_is_written_without_noughts_behind_the_point() -> None:
    assert [f"{plain(Decimal(each)):f}" for each in ("700", "7.100", "0.000", "-3.0")] == ["700", "7.1", "0", "-3"]


def _rungs(*bounds: str) -> tuple[Rung, ...]:
    return tuple(Rung(score, "", bound and Decimal(bound)) for score, bound in zip(STEPS, (None, *bounds), strict=True))
