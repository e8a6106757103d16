"""The table of moves: as drawn, and nothing beside it."""

import re
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest

from cohorts.web.refusals import NotNow
from feedback360.models import Round, State
from feedback360.rounds.actions.moves import hold, move
from feedback360.rounds.actions.rounds import bring_forward, cancel_round
from feedback360.rounds.transitions import MOVES, By, may_move
from tests import factories as make
from tests.feedback360.rounds.conftest import EARLY, Stage

ARCHITECTURE = Path(__file__).resolve().parents[3] / "ARCHITECTURE.md"


def drawn_moves() -> set[tuple[str, str]]:
    """The arrows of the drawing: along the line, and down from each state to cancelled."""
    drawing = re.search(r"```\n(\s*draft ──▶.*?)```", ARCHITECTURE.read_text(), re.DOTALL)
    assert drawing
    line, *below = drawing[1].strip("\n").splitlines()
    states = {found.start(): found[0] for found in re.finditer(r"\w+", line)}
    along = re.findall(r"\w+", line)
    down = "".join(below)
    to = re.search(r"▶ (\w+)", down)
    assert to
    corners = [found.start() for found in re.finditer("[└┴]", below[0])]
    from_above = {states[max(start for start in states if start <= corner)] for corner in corners}
    return set(pairwise(along)) | {(state, to[1]) for state in from_above}


def test_the_moves_are_those_of_the_drawing() -> None:
    assert drawn_moves() == MOVES.keys()


@pytest.mark.parametrize(("before", "after", "by"), list(product(State, State, By)))
def test_only_the_moves_of_the_table_are_made(stage: Stage, before: State, after: State, by: By) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=before)
    who = stage.admin if by is By.ADMIN else None

    if may_move(before, after, by):
        move(hold(round_.pk), after, by=who, now=EARLY)
    else:
        with pytest.raises(NotNow):
            move(hold(round_.pk), after, by=who, now=EARLY)

    expected = after if (before, after) in MOVES and by in MOVES[before, after] else before
    assert Round.objects.get(pk=round_.pk).state == expected


@pytest.mark.parametrize("state", State)
def test_a_round_is_cancelled_before_it_closes_or_never(stage: Stage, state: State) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=state)
    is_early = state in {State.DRAFT, State.NOMINATING, State.COLLECTING, State.CANCELLED}

    if is_early:
        cancel_round(round_=round_, by=stage.admin, now=EARLY)
    else:
        with pytest.raises(NotNow):
            cancel_round(round_=round_, by=stage.admin, now=EARLY)

    assert Round.objects.get(pk=round_.pk).state == (State.CANCELLED if is_early else state)


@pytest.mark.parametrize(("before", "after"), list(product(State, [*State][1:5])))
def test_only_the_next_move_can_be_brought_forward(stage: Stage, before: State, after: State) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=before)
    now = {
        State.NOMINATING: round_.nominates_at,
        State.COLLECTING: round_.opens_at,
        State.CLOSED: round_.closes_at,
        State.RELEASED: round_.releases_at,
    }[after] - timedelta(hours=2)

    if may_move(before, after, By.ADMIN):
        bring_forward(round_=round_, to=after, by=stage.admin, now=now)
        assert Round.objects.get(pk=round_.pk).next_at == now
    else:
        with pytest.raises(NotNow):
            bring_forward(round_=round_, to=after, by=stage.admin, now=now)
        assert Round.objects.get(pk=round_.pk).next_at is None
