"""What changed between reading a goal and its turn: the newest sponsor, words and dials decide."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.actions.focus import archive_focus, resume_focus, set_dial
from goals.leader_goals.actions.agreeing import agree_goal, propose_goal, send_back_goal, withdraw_goal
from goals.leader_goals.actions.changing import let_goal_go
from goals.leader_goals.actions.closing import score_goal
from goals.leader_goals.policies import may_see_goal
from goals.models import Dial, Focus, Goal
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.goals.habits.test_two_taps import at_once
from tests.locks import wait_for_somebody
from tests.times import NOW, TODAY

WHO = ("enrolment__leader", "enrolment__sponsor")


def read(**which: object) -> Goal:
    return Goal.objects.select_related(*WHO).get(**which)


def goal_of(cast: Cast, state: str) -> Goal:
    mine = Goal.objects.filter(enrolment__leader=cast.ada, state=state)
    return mine.select_related(*WHO).earliest("pk")


@pytest.mark.parametrize("answer", ["agree", "send back", "score"])
def test_a_sponsor_replaced_meanwhile_answers_no_more(cast: Cast, answer: str) -> None:
    with within(cast.acme):
        goal = goal_of(cast, "proposed")
        if answer == "score":
            goal = make.GoalFactory(enrolment=goal.enrolment, state="done", ended_on=TODAY)
            goal = read(pk=goal.pk)
        Enrolment.objects.filter(pk=goal.enrolment_id).update(sponsor=cast.hana)

        common = {"goal": goal, "today": TODAY, "by": cast.sol, "now": NOW}
        answers = {
            "agree": lambda: agree_goal(**common),
            "send back": lambda: send_back_goal(words="No", **common),
            "score": lambda: score_goal(score=1, **common),
        }
        with pytest.raises(NotYours):
            answers[answer]()


def test_a_leader_with_a_new_sponsor_no_longer_agrees_alone(cast: Cast) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=None)
        goal = goal_of(cast, "draft")
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.sol)

        with pytest.raises(NotYours):
            agree_goal(goal=goal, today=TODAY, by=cast.ada, now=NOW)


def test_a_leader_who_left_meanwhile_lets_nothing_go(cast: Cast) -> None:
    with within(cast.acme):
        goal = goal_of(cast, "agreed")
        Enrolment.objects.filter(pk=goal.enrolment_id).update(left_on=TODAY)

        with pytest.raises(NotNow, match="You have left"):
            let_goal_go(goal=goal, reason="Enough", today=TODAY, by=cast.ada, now=NOW)


@pytest.mark.parametrize("is_proposed", [True, False])
def test_a_measure_taken_out_meanwhile_is_missing(cast: Cast, *, is_proposed: bool) -> None:
    with within(cast.acme):
        if not is_proposed:
            Enrolment.objects.filter(leader=cast.ada).update(sponsor=None)
        goal = goal_of(cast, "draft")
        Goal.objects.filter(pk=goal.pk).update(measure="")

        act = propose_goal if is_proposed else agree_goal
        with pytest.raises(NotNow, match="Still missing"):
            act(goal=goal, today=TODAY, by=cast.ada, now=NOW)


def test_a_dial_turned_back_meanwhile_sets_the_nudges_back(cast: Cast) -> None:
    with within(cast.acme):
        Dial.objects.filter(focus__enrolment__leader=cast.ada).delete()
        focus, other = Focus.objects.current().filter(enrolment__leader=cast.ada).order_by("pk")
        until = TODAY + timedelta(days=6)
        archive_focus(focus=other, today=TODAY, by=cast.ada, now=NOW)
        set_dial(focus=focus, level=2, ends_on=None, today=TODAY, by=cast.ada, now=NOW)
        first, second = (Focus.objects.select_related("enrolment").get(pk=focus.pk) for _tab in range(2))

        set_dial(focus=first, level=1, ends_on=until, today=TODAY, by=cast.ada, now=NOW)
        set_dial(focus=second, level=2, ends_on=None, today=TODAY, by=cast.ada, now=NOW)

        assert Enrolment.objects.get(pk=focus.enrolment_id).cadence == 2


def test_a_focus_archived_meanwhile_has_no_dial_to_turn(cast: Cast) -> None:
    with within(cast.acme):
        focus = Focus.objects.current().filter(enrolment__leader=cast.ada).earliest("pk")
        archive_focus(focus=Focus.objects.get(pk=focus.pk), today=TODAY, by=cast.ada, now=NOW)

        with pytest.raises(NotNow, match="archived"):
            set_dial(focus=focus, level=1, ends_on=TODAY, today=TODAY, by=cast.ada, now=NOW)


def test_a_focus_resumed_meanwhile_is_archived_again(cast: Cast) -> None:
    with within(cast.acme):
        focus = Focus.objects.current().filter(enrolment__leader=cast.ada).earliest("pk")
        archive_focus(focus=focus, today=TODAY, by=cast.ada, now=NOW)
        archived = Focus.objects.get(pk=focus.pk)
        resume_focus(focus=focus, today=TODAY, by=cast.ada, now=NOW)
        archive_focus(focus=archived, today=TODAY, by=cast.ada, now=NOW)

        assert Focus.objects.get(pk=focus.pk).archived_on == TODAY


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_the_leaders_turn_before_it_holds_the_goal(
    cast: Cast, client_for: Callable[..., OrganisationClient]
) -> None:
    """Every act locks enrolment, then goal: the other way round, a change and a review at once would deadlock."""
    with within(cast.acme):
        goal = goal_of(cast, "agreed")
    ada = client_for(cast.ada)

    def change() -> int:
        typed = {"outcome": "Another outcome", "due_on": str(goal.due_on)}
        return ada.post(ada.url("goal_change", goal.pk), typed).status_code

    def hold() -> None:
        take_turns(goal.enrolment)
        wait_for_somebody()
        Goal.objects.select_for_update(nowait=True, no_key=True).get(pk=goal.pk)

    assert at_once(cast, change, hold) == [302, None]


@pytest.mark.parametrize("state", ["draft", "proposed"])
def test_a_draft_that_was_let_go_stays_the_leaders_alone(
    cast: Cast, client_for: Callable[..., OrganisationClient], state: str
) -> None:
    with within(cast.acme):
        goal = goal_of(cast, "proposed")
        make.GoalEventFactory(goal=goal, kind="proposed", by=cast.ada)
        if state == "draft":
            withdraw_goal(goal=goal, today=TODAY, by=cast.ada, now=NOW)
        let_goal_go(goal=goal, reason="Too early", today=TODAY, by=cast.ada, now=NOW)
    sol, ada = client_for(cast.sol), client_for(cast.ada)

    assert sol.get(sol.url("goal", goal.pk)).status_code == 404
    assert ada.get(ada.url("goal", goal.pk)).status_code == 200
    with within(cast.acme):
        assert not may_see_goal(cast.sol, read(pk=goal.pk))
