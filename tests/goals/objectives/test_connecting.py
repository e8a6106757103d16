"""Moves in the tree: at most five levels, never in a circle, also when two people move at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from django.db import connection

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from goals.models import Objective, Team
from goals.objectives.actions.writing import change_objective, write_objective
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.forms.objective import initial_of
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY


def facts_of(objective: Objective) -> ObjectiveFacts:
    said = initial_of(objective)
    return ObjectiveFacts(**{**said, "milestones": tuple(said["milestones"].splitlines())})


def move(objective: Objective, parent: Objective | None, by: Membership) -> None:
    objective = Objective.objects.select_related("team", "parent", "kpi", "guardrail").get(pk=objective.pk)
    parent = Objective.objects.get(pk=parent.pk) if parent else None
    said = replace(facts_of(objective), parent=parent)
    change_objective(objective=objective, facts=said, by=by, today=TODAY, now=NOW)


def department(parent: Objective | None = None, **more: object) -> Objective:
    return make.ObjectiveFactory(parent=parent, agreed_on=None, state="shared", **more)


def chain(length: int, top: Objective | None = None) -> list[Objective]:
    rows: list[Objective] = []
    for _ in range(length):
        rows.append(department(rows[-1] if rows else top))
    return rows


class TestTheTree:
    @pytest.fixture(autouse=True)
    def _open(self, cast: Cast) -> Iterator[None]:
        with within(cast.acme):
            yield

    def test_an_objective_never_stands_below_itself(self, cast: Cast) -> None:
        first, second, third = chain(3)
        for below in (first, second, third):
            with pytest.raises(Invalid, match="circle") as refusal:
                move(first, below, cast.hana)
            assert refusal.value.field == "parent"
        assert Objective.objects.get(pk=first.pk).parent is None

    def test_there_are_at_most_five_levels(self, cast: Cast) -> None:
        line = chain(4)
        fifth = department()
        move(fifth, line[3], cast.hana)

        with pytest.raises(Invalid, match="five levels"):
            move(department(), fifth, cast.hana)
        with pytest.raises(Invalid, match="five levels"):
            write_objective(
                place="department",
                facts=ObjectiveFacts(outcome="A sixth", department="Sales", course="up", parent=fifth),
                by=cast.hana,
                today=TODAY,
                now=NOW,
            )

    def test_what_stands_below_counts_when_something_moves(self, cast: Cast) -> None:
        line, branch = chain(3), chain(3)
        with pytest.raises(Invalid, match="five levels"):
            move(branch[0], line[2], cast.hana)
        move(branch[0], line[1], cast.hana)
        assert Objective.objects.get(pk=branch[0].pk).parent_id == line[1].pk

    def test_each_place_stands_below_its_own_kind_or_higher(self, cast: Cast) -> None:
        ours = Team.objects.get(leader=cast.ada)
        theirs = Team.objects.get(leader=cast.bo)
        own = make.ObjectiveFactory(place="team", team=ours, state="shared")
        foreign = make.ObjectiveFactory(place="team", team=theirs, state="shared")
        top = make.ObjectiveFactory(place="organisation", state="shared")
        low = department()
        for objective, parent, by in ((top, low, cast.hana), (low, own, cast.hana), (own, foreign, cast.ada)):
            with pytest.raises(Invalid) as refusal:
                move(objective, parent, by)
            assert refusal.value.field == "parent"
        move(own, low, cast.ada)
        move(low, top, cast.hana)

    def test_only_what_is_under_way_takes_more_below_it(self, cast: Cast) -> None:
        for state in ("draft", "done", "let_go"):
            ended = make.ObjectiveFactory(state=state, let_go_reason="busy", ended_on=TODAY)
            with pytest.raises(Invalid, match="under way"):
                move(department(), ended, cast.hana)

    def test_what_stands_below_an_ended_one_can_still_change(self, cast: Cast) -> None:
        ended = make.ObjectiveFactory(state="done", ended_on=TODAY)
        move(department(ended), ended, cast.hana)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle(cast: Cast) -> None:
    """Each alone is allowed. The second waits for the first, then sees what it did."""
    with within(cast.acme):
        one, other = department(), department()
    begun = Event()

    def second() -> str:
        try:
            with within(cast.acme):
                begun.set()
                move(other, one, cast.hana)
        except Invalid as refusal:
            return refusal.field
        else:
            return "moved"
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with within(cast.acme):
            move(one, other, cast.hana)
            waiting = pool.submit(second)
            begun.wait(10)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
        assert waiting.result(timeout=20) == "parent"

    with within(cast.acme):
        assert Objective.objects.get(pk=one.pk).parent_id == other.pk
        assert Objective.objects.get(pk=other.pk).parent_id is None
