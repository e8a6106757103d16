"""The T-score of goals: formula 18 and D6 of the shared research, with worked numbers."""

from datetime import date, timedelta

import pytest

from goals.leader_goals.attainment import Mark, attainment, is_late, t_score
from goals.leader_goals.plan_line import PlanLine

ONE_UP, AS_AGREED = Mark(3, 1, 1), Mark(2, 0, 0)
LET_GO, LET_GO_LATE = Mark(1, is_let_go=True), Mark(1, is_let_go=True, is_late=True)
AGREED, DUE = date(2026, 3, 2), date(2026, 5, 11)  # ten weeks


@pytest.mark.parametrize(
    ("reached", "score"),
    [
        ([(1, 0)], 50),
        ([(1, 0), (2, 0), (3, 0)], 50),
        ([(1, 1)], 60),
        ([(3, 1)], 60),
        ([(2, -2)], 30),
        ([(1, 2), (1, 2), (1, 2)], 77.39),  # 60 / √(0.7 · 3 + 0.3 · 9) = 60 / 2.191
        ([(3, 1), (2, 0)], 57.36),  # 30 / √(0.7 · 13 + 0.3 · 25) = 30 / 4.074
    ],
)
def test_t_score_follows_formula_18(reached: list[tuple[int, int]], score: float) -> None:
    assert t_score(reached) == pytest.approx(score, abs=0.01)


def test_no_goal_measured_has_no_score_rather_than_a_low_one() -> None:
    figures = attainment([Mark(2), Mark(3)])

    assert (figures.score, figures.measured, figures.goals) == (None, 0, 2)
    assert attainment([]).with_let_go is None


def test_worked_example_d6_with_and_without_what_was_let_go() -> None:
    figures = attainment([ONE_UP, AS_AGREED, LET_GO_LATE])

    assert figures.score == pytest.approx(57.4, abs=0.05)
    assert figures.with_let_go == pytest.approx(52.2, abs=0.05)
    assert figures.comparative == pytest.approx(54.4, abs=0.05)
    assert (figures.let_go, figures.goals) == (1, 3)
    assert (figures.let_go_weight, figures.weight) == (1, 6)


def test_a_goal_let_go_early_stays_out_of_comparisons() -> None:
    figures = attainment([ONE_UP, AS_AGREED, LET_GO])

    assert figures.comparative == figures.score == pytest.approx(57.4, abs=0.05)
    assert figures.with_let_go == pytest.approx(52.2, abs=0.05)


def test_nothing_let_go_leaves_all_three_scores_alike() -> None:
    figures = attainment([ONE_UP, AS_AGREED])

    assert figures.score == figures.with_let_go == figures.comparative


def test_score_outside_reserve_weeks_takes_their_own_steps() -> None:
    figures = attainment([Mark(3, step=0, outside_reserve=1), Mark(2, step=0, outside_reserve=0), Mark(1, step=-2)])

    assert figures.outside_reserve == pytest.approx(57.4, abs=0.05)
    assert figures.score == pytest.approx(50 - 20 / (0.7 * 14 + 0.3 * 36) ** 0.5)


@pytest.mark.parametrize(
    ("day", "was_below_plan", "late"),
    [(35, False, False), (36, False, True), (0, False, False), (1, True, True)],
)
def test_letting_go_is_late_after_half_time_or_below_the_line(day: int, was_below_plan: bool, late: bool) -> None:
    on = AGREED + timedelta(days=day)

    assert is_late(on, agreed_on=AGREED, due_on=DUE, was_below_plan=was_below_plan) == late


@pytest.mark.parametrize(
    ("line", "day", "value", "below"),
    [
        (PlanLine(68, AGREED, 74, DUE), 0, 68, False),
        (PlanLine(68, AGREED, 74, DUE), 35, 71, False),
        (PlanLine(68, AGREED, 74, DUE), 35, 70.9, True),
        (PlanLine(68, AGREED, 74, DUE), 99, 74, False),
        (PlanLine(420, AGREED, 390, DUE), 35, 405, False),
        (PlanLine(420, AGREED, 390, DUE), 35, 405.1, True),
        (PlanLine(80, AGREED, 80, DUE, tolerance=2), 35, 82, False),
        (PlanLine(80, AGREED, 80, DUE, tolerance=2), 35, 77.9, True),
        (PlanLine(-2, AGREED, 0, DUE), 35, -1, False),
        (PlanLine(-2, AGREED, 0, DUE), 42, -1, True),
        (PlanLine(68, AGREED, 74, AGREED), 0, 73, True),
    ],
)
def test_a_figure_is_below_the_line_on_its_worse_side(line: PlanLine, day: int, value: float, below: bool) -> None:
    assert line.is_below(AGREED + timedelta(days=day), value) == below
