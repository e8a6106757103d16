"""Two tabs, or sponsor and leader, act on one goal at the same moment, on two connections."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from goals.leader_goals.actions.changing import let_goal_go, take_goal_up
from goals.leader_goals.actions.check_ins import check_in
from goals.leader_goals.actions.closing import reopen_goal, score_goal
from goals.leader_goals.actions.reviews import keep_goal
from goals.models import Goal
from tests import factories as make
from tests.cast import Cast
from tests.goals.habits.test_two_taps import at_once
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def copies(goal: Goal) -> list[Goal]:
    """The goal as two requests read it."""
    return [Goal.objects.select_related("enrolment__leader").get(pk=goal.pk) for _ in range(2)]


def test_two_tabs_hold_one_review(cast: Cast) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), next_review_on=TODAY)
        one, other = copies(goal)
    act = {"due_on": TODAY, "today": TODAY, "by": cast.ada, "now": NOW}

    answers = at_once(
        cast,
        lambda: keep_goal(goal=one, line="one", **act),
        lambda: keep_goal(goal=other, line="other", **act),
    )

    assert [type(answer) for answer in answers].count(NotNow) == 1
    with within(cast.acme):
        assert goal.reviews.count() == 1


def test_two_tabs_make_one_check_in_a_day(cast: Cast) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada))
        one, other = copies(goal)
    words = {"on": TODAY, "step": None, "line": "", "today": TODAY, "by": cast.ada, "now": NOW}

    at_once(
        cast,
        lambda: check_in(goal=one, value=Decimal(70), key=uuid4(), edition=1, **words),
        lambda: check_in(goal=other, value=Decimal(71), key=uuid4(), edition=2, **words),
    )

    with within(cast.acme):
        assert [entry.value for entry in goal.check_ins.all()] == [71]


def test_a_goal_is_reopened_or_scored_never_both(cast: Cast) -> None:
    with within(cast.acme):
        ended = TODAY - timedelta(days=1)
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), state="done", ended_on=ended)
        make.GoalEventFactory(goal=goal, kind="closed", by=cast.ada, details={"next_review_on": None})
        one, other = copies(goal)
    act = {"today": TODAY, "now": NOW}

    answers = at_once(
        cast,
        lambda: reopen_goal(goal=one, by=cast.ada, **act),
        lambda: score_goal(goal=other, score=1, by=cast.sol, **act),
    )

    assert [type(answer) for answer in answers].count(NotNow) == 1


def test_two_goals_taken_up_at_once_are_still_at_most_three(cast: Cast) -> None:
    act = {"today": TODAY, "by": cast.ada, "now": NOW}
    with within(cast.acme):
        dropped = [make.GoalFactory(enrolment=cast.enrolment(cast.ada)) for _ in range(2)]
        for goal in dropped:
            let_goal_go(goal=goal, reason="Too many", **act)
        one, other = dropped

    at_once(cast, lambda: take_goal_up(goal=one, **act), lambda: take_goal_up(goal=other, **act))

    with within(cast.acme):
        assert Goal.objects.filter(enrolment__leader=cast.ada, state__in=("agreed", "proposed")).count() == 3
