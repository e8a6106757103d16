"""Progress and roll-up: the worked numbers of the research (D4 to D6), and what always holds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.objectives.rollup import Below, Progress, by_milestones, progress, roll_up


def moved(start: int, target: int, now: int, course: str = "down") -> Progress | None:
    return progress(course, start=Decimal(start), target=Decimal(target), now=Decimal(now), tolerance=None)


@pytest.mark.parametrize(
    ("start", "target", "now", "share", "is_away"),
    [
        (420, 390, 405, 0.5, False),
        (420, 390, 430, 0.0, True),  # −0.33, held at nought
        (420, 390, 390, 1.0, False),
        (420, 390, 380, 1.0, False),
        (420, 390, 420, 0.0, False),
        (68, 74, 71, 0.5, False),
        (68, 74, 60, 0.0, True),
    ],
)
def test_progress_works_in_both_directions(start: int, target: int, now: int, share: float, is_away: bool) -> None:
    assert moved(start, target, now) == Progress(pytest.approx(share), is_away)


def test_nothing_measured_is_no_progress_and_never_nought() -> None:
    assert progress("up", start=Decimal(1), target=Decimal(2), now=None, tolerance=None) is None
    assert progress("up", start=None, target=Decimal(2), now=Decimal(1), tolerance=None) is None
    assert progress("up", start=Decimal(1), target=None, now=Decimal(1), tolerance=None) is None
    assert by_milestones(0, 0) is None


def test_the_same_start_and_target_is_a_way_only_when_holding() -> None:
    assert moved(400, 400, 400, "up") is None
    assert moved(400, 400, 400, "hold") == Progress(1.0)


@pytest.mark.parametrize(("now", "share"), [(400, 1.0), (410, 1.0), (390, 1.0), (411, 0.0), (389, 0.0)])
def test_holding_is_inside_or_outside_the_band(now: int, share: float) -> None:
    held = progress("hold", start=None, target=Decimal(400), now=Decimal(now), tolerance=Decimal(10))
    assert held == Progress(share)


def test_milestones_count_what_is_done() -> None:
    assert by_milestones(3, 4) == Progress(0.75)
    assert by_milestones(0, 4) == Progress(0.0)


def test_a_parent_is_the_weighted_mean_of_what_is_measured() -> None:
    above = roll_up([Below(3, 0.8), Below(2, 0.5), Below(1, None)])

    assert above.share == pytest.approx(0.68)
    assert (above.measured, above.weight) == (5, 6)
    assert roll_up([Below(3, 0.8), Below(2, 0.5), Below(1, 0.0)]).share == pytest.approx(0.5667, abs=0.0001)


def test_nothing_measured_below_is_no_number() -> None:
    assert roll_up([Below(2, None)]).share is None
    assert roll_up([]).share is None


def test_what_was_let_go_is_left_out_and_counted_beside() -> None:
    above = roll_up([Below(3, 1.0), Below(2, 0.0), Below(1, 0.9, is_let_go=True)])

    assert above.share == pytest.approx(0.6)
    assert (above.gone, above.count) == (1, 3)
    assert (above.gone_weight, above.all_weight) == (1, 6)
    assert above.measured == above.weight == 5


NUMBERS = st.decimals(-10_000, 10_000, places=2)
ROWS = st.lists(st.builds(Below, st.integers(1, 3), st.none() | st.floats(0, 1), st.booleans()))


@given(start=NUMBERS, target=NUMBERS, now=NUMBERS)
def test_progress_stays_between_nothing_and_all(start: Decimal, target: Decimal, now: Decimal) -> None:
    found = progress("up", start=start, target=target, now=now, tolerance=None)
    assert (found is None) == (start == target)
    assert found is None or (0 <= found.share <= 1 and (not found.is_away or found.share == 0))


@given(rows=ROWS)
def test_a_mean_lies_between_what_it_is_made_of(rows: list[Below]) -> None:
    found = roll_up(rows)
    shares = [row.share for row in rows if row.share is not None and not row.is_let_go]
    assert (found.share is None) == (not shares)
    if found.share is not None:
        assert min(shares) - 1e-9 <= found.share <= max(shares) + 1e-9
    assert found.measured <= found.weight <= found.all_weight
