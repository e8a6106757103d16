"""Checking in on a goal: one a day, the newest stands, twice is once, between its beginning and today."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.leader_goals.actions.check_ins import check_in, take_back_check_in
from goals.models import CheckIn, Goal, GoalState
from tests import factories as make
from tests.cast import Cast
from tests.times import DAY_1, NOW, TODAY

YESTERDAY = TODAY - timedelta(days=1)
KEY = UUID(int=7)


@pytest.fixture
def goal(cast: Cast) -> Goal:
    with within(cast.acme):
        return make.GoalFactory(enrolment=cast.enrolment(cast.ada))


def say(goal: Goal, value: str | None = "71", on: date = TODAY, **changes: Any) -> CheckIn:
    words: dict[str, Any] = {"step": None, "line": "", "key": uuid4(), "today": TODAY, "by": goal.enrolment.leader}
    number = None if value is None else Decimal(value)
    return check_in(goal=goal, on=on, value=number, **{**words, "now": NOW, **changes})


def said(goal: Goal) -> list[tuple[date, Decimal | None, str]]:
    return list(goal.check_ins.values_list("on", "value", "line"))


def test_a_check_in_keeps_the_figure_and_the_line(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        say(goal, "71.5", line="The night shift helps")

        assert said(goal) == [(TODAY, Decimal("71.5"), "The night shift helps")]


def test_the_newest_check_in_of_a_day_replaces_it(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        first = say(goal, "70")
        second = say(goal, "71")

        assert second.pk == first.pk
        assert said(goal) == [(TODAY, 71, "")]


def test_an_older_draft_that_arrives_later_changes_nothing(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        say(goal, "72", edition=200)
        say(goal, "70", edition=100)

        assert said(goal) == [(TODAY, 72, "")]


def test_the_same_check_in_sent_twice_is_one_entry(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        first = say(goal, key=KEY, edition=1)
        again = say(goal, key=KEY, edition=1, now=NOW + timedelta(hours=1))

        assert again.pk == first.pk
        assert again.at == NOW


def test_a_check_in_moves_when_its_date_is_corrected(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        say(goal, "70", YESTERDAY)
        say(goal, "71", TODAY, key=KEY, edition=1)
        say(goal, "71", YESTERDAY, key=KEY, edition=2)

        assert said(goal) == [(YESTERDAY, 71, "")]


def test_a_goal_in_words_takes_a_step_and_no_figure(cast: Cast) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), direction="steps", baseline=None, target=None)
        assert say(goal, None, step=1).step == 1

        with pytest.raises(Invalid, match="no number"):
            say(goal, "71", step=1)
        with pytest.raises(Invalid, match="required"):
            say(goal, None)
        with pytest.raises(Invalid, match="valid choice"):
            say(goal, None, step=3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": DAY_1 - timedelta(days=1)}, "on"),
        ({"on": date.min}, "on"),
        ({"value": "100.1"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "71.1234"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": None}, "value"),
        ({"step": 1}, "step"),
        ({"line": "x" * 281}, "line"),
    ],
)
def test_a_check_in_refuses_what_cannot_be(cast: Cast, goal: Goal, changes: dict[str, Any], field: str) -> None:
    with within(cast.acme), pytest.raises(Invalid) as refused:
        say(goal, **changes)

    assert refused.value.field == field


def test_a_figure_without_per_cent_has_its_own_bounds(cast: Cast) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(
            enrolment=cast.enrolment(cast.ada), unit="s", baseline=420, target=390, direction="down"
        )
        assert say(goal, "405").value == 405

        with pytest.raises(Invalid, match="before the decimal point"):
            say(goal, "1000000000")


@pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.PROPOSED, GoalState.DONE, GoalState.LET_GO])
def test_only_a_goal_under_way_is_checked_in_on(cast: Cast, state: GoalState) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), state=state)

        with pytest.raises(NotNow, match="not under way"):
            say(goal)


def test_only_the_leader_checks_in(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        for other in (cast.sol, cast.hana, cast.bo):
            with pytest.raises(NotYours):
                say(goal, by=other)


def test_a_check_in_is_undone_on_its_own_day_only(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        entry = say(goal, on=YESTERDAY)
        with pytest.raises(NotYours):
            take_back_check_in(entry=entry, today=TODAY, by=cast.sol)
        with pytest.raises(NotNow, match="on the day"):
            take_back_check_in(entry=entry, today=TODAY + timedelta(days=1), by=cast.ada)
        take_back_check_in(entry=entry, today=TODAY, by=cast.ada)

        assert said(goal) == []
