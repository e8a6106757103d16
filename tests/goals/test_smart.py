"""How SMART a goal is: a state for each letter, and what stops an agreement."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from goals.smart import Advice, Aim, Missing, State, check, missing
from goals.smart_words import ADVICE, LETTERS, STATES, STOPS, TONES, letters, what_is_missing

TODAY = date(2026, 3, 11)
EMPTY, PART, THERE = State.EMPTY, State.PART, State.THERE
WHOLE: dict[str, Any] = {
    "outcome": "Customers get it solved in the first contact",
    "measure": "First-contact resolution, my team",
    "unit": "%",
    "baseline": Decimal(68),
    "target": Decimal(74),
    "why": "Customers who call twice trust us less",
    "has_way": True,
    "due_on": TODAY + timedelta(days=70),
}


def states(**changes: Any) -> dict[str, State]:
    return {each.letter: each.state for each in check(Aim(**{**WHOLE, **changes}), today=TODAY)}


def advice(letter: str, **changes: Any) -> Advice:
    return next(each.advice for each in check(Aim(**{**WHOLE, **changes}), today=TODAY) if each.letter == letter)


def test_a_whole_goal_has_every_letter() -> None:
    assert states() == dict.fromkeys("SMART", THERE)


@pytest.mark.parametrize(
    "outcome", ["Improve customer service", "Forbedre kundeservicen", "Better results!", "Bli bedre"]
)
def test_a_wish_leaves_s_and_m_empty_with_examples(outcome: str) -> None:
    found = check(Aim(outcome=outcome), today=TODAY)

    assert [(each.letter, each.state) for each in found[:2]] == [("S", EMPTY), ("M", EMPTY)]
    assert "For example" in letters(found)[0].advice
    assert "first-contact resolution" in letters(found)[1].advice


@pytest.mark.parametrize(
    ("outcome", "state", "why"),
    [
        ("", EMPTY, Advice.OUTCOME),
        ("Improve customer service", EMPTY, Advice.WISH),
        ("Better FCR", PART, Advice.SHORT),
        ("Reduce handling time for invoices", PART, Advice.OPENING),
        ("Redusere ventetiden på telefon", PART, Advice.OPENING),
        ("Nobody waits longer than a minute", THERE, Advice.SPECIFIC_FINE),
        ("Kundene får løst saken ved første kontakt", THERE, Advice.SPECIFIC_FINE),
    ],
)
def test_s_asks_for_something_people_notice(outcome: str, state: State, why: Advice) -> None:
    assert (states(outcome=outcome)["S"], advice("S", outcome=outcome)) == (state, why)


@pytest.mark.parametrize(
    ("changes", "state", "why"),
    [
        ({"measure": "  "}, EMPTY, Advice.MEASURE),
        ({"baseline": None}, PART, Advice.FIGURES),
        ({"target": None}, PART, Advice.FIGURES),
        ({"is_counted": False}, PART, Advice.STEPS),
        ({"is_counted": False, "has_steps": True}, THERE, Advice.MEASURE_FINE),
        ({"baseline": Decimal("0.68"), "target": Decimal("0.74")}, PART, Advice.FRACTION),
        ({"baseline": Decimal("0.68"), "target": Decimal("0.74"), "unit": "a day"}, THERE, Advice.MEASURE_FINE),
        ({"baseline": Decimal(0)}, THERE, Advice.MEASURE_FINE),
    ],
)
def test_m_asks_for_a_measure_with_its_figures(changes: dict[str, Any], state: State, why: Advice) -> None:
    assert (states(**changes)["M"], advice("M", **changes)) == (state, why)


@pytest.mark.parametrize(
    ("changes", "state", "why"),
    [
        ({"measure": ""}, EMPTY, Advice.FIGURES_FIRST),
        ({"baseline": Decimal(40), "target": Decimal(60)}, THERE, Advice.REACH_FINE),
        ({"baseline": Decimal(40), "target": Decimal("60.1")}, PART, Advice.BIG),
        ({"baseline": Decimal(420), "target": Decimal(200)}, PART, Advice.BIG),
        ({"baseline": Decimal(0), "target": Decimal(3)}, THERE, Advice.REACH_FINE),
        ({"has_way": False}, PART, Advice.WAY),
        ({"is_held": True, "baseline": Decimal(1), "target": Decimal(9)}, THERE, Advice.REACH_FINE),
    ],
)
def test_a_asks_whether_it_is_within_reach(changes: dict[str, Any], state: State, why: Advice) -> None:
    assert (states(**changes)["A"], advice("A", **changes)) == (state, why)


@pytest.mark.parametrize(
    ("changes", "state", "why"),
    [
        ({"why": ""}, EMPTY, Advice.REASON),
        ({"why": "Costs"}, PART, Advice.SHORT_REASON),
        ({"why": "", "is_connected": True}, THERE, Advice.REASON_FINE),
        ({"needs_parent": True}, PART, Advice.PARENT),
        ({"needs_parent": True, "why": ""}, EMPTY, Advice.PARENT),
        ({"needs_parent": True, "is_connected": True}, THERE, Advice.REASON_FINE),
    ],
)
def test_r_asks_why_it_matters(changes: dict[str, Any], state: State, why: Advice) -> None:
    assert (states(**changes)["R"], advice("R", **changes)) == (state, why)


@pytest.mark.parametrize(
    ("days", "state", "why"),
    [
        (None, EMPTY, Advice.DATE),
        (0, PART, Advice.PAST),
        (1, PART, Advice.SOON),
        (13, PART, Advice.SOON),
        (14, THERE, Advice.DATE_FINE),
        (183, THERE, Advice.DATE_FINE),
        (184, PART, Advice.FAR),
    ],
)
def test_t_asks_for_a_date_that_is_neither_near_nor_far(days: int | None, state: State, why: Advice) -> None:
    due_on = None if days is None else TODAY + timedelta(days=days)

    assert (states(due_on=due_on)["T"], advice("T", due_on=due_on)) == (state, why)


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, ()),
        ({"outcome": "Improve customer service", "why": "", "has_way": False}, ()),
        ({"measure": ""}, (Missing.MEASURE,)),
        ({"target": None}, (Missing.MEASURE,)),
        ({"due_on": None}, (Missing.DATE,)),
        ({"needs_parent": True}, (Missing.PARENT,)),
        ({"measure": "", "due_on": None, "needs_parent": True}, tuple(Missing)),
    ],
)
def test_only_measure_date_and_parent_stop_an_agreement(changes: dict[str, Any], gaps: tuple[Missing, ...]) -> None:
    assert missing(Aim(**{**WHOLE, **changes})) == gaps
    assert bool(what_is_missing(gaps)) == bool(gaps)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_every_state_and_every_advice_has_words(language: str) -> None:
    with override(language):
        assert set(ADVICE) == set(Advice)
        assert set(STATES) == set(TONES) == set(State)
        assert set(STOPS) == set(Missing)
        assert list(LETTERS) == list("SMART")
        assert all(str(words) for words in [*ADVICE.values(), *STATES.values(), *STOPS.values()])
