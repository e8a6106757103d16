"""The end of a goal: closed with its last figure, opened again until it is scored, scored by the sponsor of now."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.leader_goals.actions.closing import close_goal, reopen_goal, score_goal
from goals.models import Goal, Share
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

REVIEW = TODAY + timedelta(days=5)


@pytest.fixture
def goal(cast: Cast) -> Goal:
    with within(cast.acme):
        return make.GoalFactory(enrolment=cast.enrolment(cast.ada), next_review_on=REVIEW)


def act(goal: Goal, **changes: Any) -> dict[str, Any]:
    return {"goal": goal, "today": TODAY, "by": goal.enrolment.leader, "now": NOW, **changes}


def close(goal: Goal, value: str | None = "75", **changes: Any) -> Goal:
    number = None if value is None else Decimal(value)
    words = {"on": TODAY, "value": number, "step": None, "line": "", "key": uuid4()}
    return close_goal(**act(goal, **{**words, **changes}))


def score(goal: Goal, score: int = 1, **changes: Any) -> Goal:
    return score_goal(score=score, **act(goal, **{"by": goal.enrolment.sponsor, **changes}))


def kinds(goal: Goal) -> list[str]:
    return list(goal.events.values_list("kind", flat=True))


def test_closing_keeps_the_last_figure_and_waits_for_the_score(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.state, fresh.ended_on, fresh.score, fresh.next_review_on) == ("done", TODAY, None, None)
        assert list(fresh.check_ins.values_list("value", flat=True)) == [75]
        assert kinds(goal) == ["closed"]


def test_closing_needs_the_last_figure(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        with pytest.raises(Invalid):
            close(goal, None)
        with pytest.raises(NotYours):
            close(goal, by=cast.sol)

        assert Goal.objects.get(pk=goal.pk).state == "agreed"


def test_closing_twice_closes_once(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        close(goal, "10")

        assert (kinds(goal), goal.check_ins.get().value) == (["closed"], 75)


def test_a_goal_that_was_let_go_is_not_closed(cast: Cast) -> None:
    with within(cast.acme), pytest.raises(NotNow):
        close(make.GoalFactory(enrolment=cast.enrolment(cast.ada), state="let_go"))


def test_reopening_undoes_closing_and_keeps_the_figure(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        with pytest.raises(NotYours):
            reopen_goal(**act(goal, by=cast.sol))
        reopen_goal(**act(goal))
        reopen_goal(**act(goal))

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.state, fresh.ended_on, fresh.next_review_on) == ("agreed", None, REVIEW)
        assert (kinds(goal), goal.check_ins.count()) == (["closed", "reopened"], 1)


def test_a_scored_goal_stays_closed(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        score(goal)

        with pytest.raises(NotNow, match="stays closed"):
            reopen_goal(**act(goal))


def test_the_sponsor_scores_a_closed_goal_and_can_correct_it(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        score(goal, 0)
        score(goal, 0)
        score(goal, 1)

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.score, fresh.scored_by_id, fresh.scored_at) == (1, cast.sol.pk, NOW)
        assert [event.details for event in goal.events.filter(kind="scored")] == [
            {"score": [None, 0]},
            {"score": [0, 1]},
        ]


def test_a_goal_under_way_has_no_score(cast: Cast, goal: Goal) -> None:
    with within(cast.acme), pytest.raises(NotNow, match="not closed yet"):
        score(goal)


def test_a_score_is_a_step_of_the_scale(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        for wrong in (-3, 3, None, "1"):
            with pytest.raises(Invalid):
                score(goal, wrong)  # type: ignore[arg-type]


def test_neither_leader_nor_admin_nor_former_sponsor_scores(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        close(goal)
        for other in (cast.ada, cast.hana, cast.bo):
            with pytest.raises(NotYours):
                score(goal, by=other)
        Enrolment.objects.filter(pk=goal.enrolment_id).update(sponsor=cast.max)
        moved = Goal.objects.select_related("enrolment").get(pk=goal.pk)
        with pytest.raises(NotYours):
            score(moved, by=cast.sol)
        with pytest.raises(NotYours):
            score(moved, by=cast.max)  # until the leader opens it to the new one
        Share.objects.create(goal=moved, reader=cast.max, shared_at=NOW)
        score(moved, by=cast.max)

        assert Goal.objects.get(pk=goal.pk).scored_by_id == cast.max.pk


def test_a_leader_without_a_sponsor_scores_alone(cast: Cast) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.max))
        close(goal)
        score(goal, by=cast.max)

        assert Goal.objects.get(pk=goal.pk).score == 1
