"""The two-week review: keep, change or let go; once, on time, and with Undo."""

from datetime import date, timedelta
from typing import Any

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from goals.leader_goals.actions.changing import GoalChange, change_goal, let_goal_go, take_goal_up
from goals.leader_goals.actions.reviews import keep_goal, take_back_review
from goals.models import Goal, GoalReview, Objective
from tests import factories as make
from tests.cast import Cast
from tests.times import DAY_1, NOW, TODAY

TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def goal(cast: Cast) -> Goal:
    """Ada's, with a review due today."""
    with within(cast.acme):
        return make.GoalFactory(enrolment=cast.enrolment(cast.ada), outcome="Solved at once", next_review_on=TODAY)


def act(goal: Goal, **changes: Any) -> dict[str, Any]:
    return {"goal": goal, "today": TODAY, "by": goal.enrolment.leader, "now": NOW, **changes}


def keep(goal: Goal, due_on: date = TODAY, line: str = "", **changes: Any) -> GoalReview:
    return keep_goal(due_on=due_on, line=line, **act(goal, **changes))


def changed(goal: Goal, **changes: Any) -> GoalChange:
    said = {name: getattr(goal, name) for name in ("outcome", "why", "due_on", "objective")}
    return GoalChange(**{**said, **changes})


def held(goal: Goal) -> list[tuple[date, str]]:
    return list(goal.reviews.values_list("due_on", "decision"))


def test_keeping_holds_the_review_and_sets_the_next_date(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        keep(goal, line="Nights are better")

        assert held(goal) == [(TODAY, "keep")]
        assert Goal.objects.get(pk=goal.pk).next_review_on == TODAY + TWO_WEEKS


def test_a_review_held_again_with_the_same_words_is_held_once(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        first = keep(goal, line="Nights")

        assert keep(goal, line="Nights").pk == first.pk


def test_a_second_review_of_the_same_date_is_refused(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        keep(goal, line="Nights")

        with pytest.raises(NotNow, match="already held"):
            keep(goal, line="Days")
        assert held(goal) == [(TODAY, "keep")]


@pytest.mark.parametrize(("due_in", "asked"), [(4, 4), (0, 1), (0, -14)])
def test_a_review_that_is_not_due_is_refused(cast: Cast, goal: Goal, due_in: int, asked: int) -> None:
    with within(cast.acme):
        Goal.objects.filter(pk=goal.pk).update(next_review_on=TODAY + timedelta(days=due_in))

        with pytest.raises(NotNow, match="not due"):
            keep(goal, TODAY + timedelta(days=asked))


def test_only_the_leader_holds_a_review_and_undoes_it(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        for other in (cast.sol, cast.hana):
            with pytest.raises(NotYours):
                keep(goal, by=other)
        review = keep(goal)
        with pytest.raises(NotYours):
            take_back_review(review=review, today=TODAY, by=cast.sol)


def test_undoing_a_review_makes_it_due_again_on_its_day(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        review = keep(goal)
        with pytest.raises(NotNow, match="on the day"):
            take_back_review(review=review, today=TODAY + timedelta(days=1), by=cast.ada)
        take_back_review(review=review, today=TODAY, by=cast.ada)

        assert held(goal) == []
        assert Goal.objects.get(pk=goal.pk).next_review_on == TODAY


def test_a_review_stays_once_a_later_one_was_held(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        early = keep(goal)
        make.GoalReviewFactory(goal=goal, due_on=TODAY + TWO_WEEKS, on=TODAY)

        with pytest.raises(NotNow, match="on the day"):
            take_back_review(review=early, today=TODAY, by=cast.ada)


def test_a_change_keeps_old_and_new_and_holds_the_review(cast: Cast, goal: Goal) -> None:
    due_on = TODAY + timedelta(days=90)
    with within(cast.acme):
        change_goal(change=changed(goal, outcome="Solved in one call", due_on=due_on), **act(goal))

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.outcome, fresh.due_on, fresh.next_review_on) == ("Solved in one call", due_on, TODAY + TWO_WEEKS)
        assert fresh.events.get().details == {
            "outcome": ["Solved at once", "Solved in one call"],
            "due_on": [goal.events.get().details["due_on"][0], due_on.isoformat()],
        }
        assert fresh.events.get().details["due_on"][0] == (TODAY + timedelta(days=60)).isoformat()
        assert held(fresh) == [(TODAY, "change")]


def test_a_change_between_reviews_leaves_their_date(cast: Cast, goal: Goal) -> None:
    on = TODAY + timedelta(days=9)
    with within(cast.acme):
        Goal.objects.filter(pk=goal.pk).update(next_review_on=on)
        change_goal(change=changed(goal, why="Less to do twice"), **act(goal))

        assert held(goal) == []
        assert Goal.objects.get(pk=goal.pk).next_review_on == on


def test_a_date_moved_on_brings_reviews_back(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        Goal.objects.filter(pk=goal.pk).update(next_review_on=None)
        change_goal(change=changed(goal, due_on=TODAY + timedelta(days=40)), **act(goal))
        assert Goal.objects.get(pk=goal.pk).next_review_on == TODAY + TWO_WEEKS

        Goal.objects.filter(pk=goal.pk).update(next_review_on=TODAY + TWO_WEEKS)
        change_goal(change=changed(goal, due_on=TODAY + timedelta(days=10)), **act(goal))
        assert Goal.objects.get(pk=goal.pk).next_review_on is None


def test_a_change_takes_focuses_and_objective_of_ones_own(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        focus = make.FocusFactory(enrolment=goal.enrolment)
        objective = make.ObjectiveFactory(outcome="Fewer second calls")
        change_goal(change=changed(goal, focuses=(focus,), objective=objective), **act(goal))

        assert goal.events.get().details == {"focuses": [[], [focus.pk]], "objective": ["", "Fewer second calls"]}
        assert list(goal.by_focus.values_list("focus", flat=True)) == [focus.pk]


def test_a_change_refuses_what_cannot_be(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        theirs = make.FocusFactory(enrolment=cast.enrolment(cast.bo))
        foreign = Objective.objects.get(team__leader=cast.bo)
        bad: list[tuple[str, dict[str, Any]]] = [
            ("outcome", {"outcome": " "}),
            ("outcome", {"outcome": "x" * 201}),
            ("why", {"why": "x" * 281}),
            ("due_on", {"due_on": TODAY}),
            ("due_on", {"due_on": TODAY + timedelta(days=732)}),
            ("focuses", {"focuses": (theirs,)}),
            ("objective", {"objective": foreign}),
        ]
        for field, change in bad:
            with pytest.raises(Invalid) as refused:
                change_goal(change=changed(goal, **change), **act(goal))
            assert refused.value.field == field


def test_a_change_of_nothing_leaves_story_and_review_alone(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        assert not change_goal(change=changed(goal), **act(goal))

        assert (goal.events.count(), held(goal)) == (0, [])


def test_a_goal_that_is_over_is_not_changed(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        done = make.GoalFactory(enrolment=goal.enrolment, state="done")
        with pytest.raises(NotNow, match="not under way"):
            change_goal(change=changed(done, why="More"), **act(done))
        with pytest.raises(NotYours):
            change_goal(change=changed(goal, why="More"), **act(goal, by=cast.sol))


def test_a_change_of_a_page_that_is_no_longer_the_newest_is_refused(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        keep(goal)

        with pytest.raises(Stale):
            change_goal(change=changed(goal, why="More"), expected_revision=0, **act(goal))


def test_letting_go_needs_a_reason_and_holds_the_review(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        for reason in ("", "  ", "x" * 281):
            with pytest.raises(Invalid):
                let_goal_go(reason=reason, **act(goal))
        with pytest.raises(NotYours):
            let_goal_go(reason="The queue moved", **act(goal, by=cast.sol))
        let_goal_go(reason="The queue moved", **act(goal))

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.state, fresh.ended_on, fresh.let_go_reason) == ("let_go", TODAY, "The queue moved")
        assert (fresh.next_review_on, held(fresh)) == (None, [(TODAY, "let_go")])
        assert fresh.events.get().words == "The queue moved"


def test_letting_go_twice_lets_go_once(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        let_goal_go(reason="The queue moved", **act(goal))
        let_goal_go(reason="Another reason", **act(goal))

        assert goal.events.get().words == "The queue moved"


def test_a_draft_nobody_saw_and_a_closed_goal_are_not_let_go(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        for state in ("draft", "done"):
            other = make.GoalFactory(enrolment=goal.enrolment, state=state)
            with pytest.raises(NotNow):
                let_goal_go(reason="The queue moved", **act(other))


def test_taking_up_on_the_same_day_undoes_letting_go(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        let_goal_go(reason="The queue moved", **act(goal))
        with pytest.raises(NotYours):
            take_goal_up(**act(goal, by=cast.sol))
        take_goal_up(**act(goal))

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.state, fresh.ended_on, fresh.let_go_reason) == ("agreed", None, "")
        assert (fresh.next_review_on, held(fresh)) == (TODAY, [])
        assert fresh.agreed_on == DAY_1


def test_taking_up_later_begins_two_weeks_to_the_next_review(cast: Cast, goal: Goal) -> None:
    later = TODAY + timedelta(days=5)
    with within(cast.acme):
        let_goal_go(reason="The queue moved", **act(goal))
        take_goal_up(**act(goal, today=later))

        fresh = Goal.objects.get(pk=goal.pk)
        assert (fresh.state, fresh.next_review_on) == ("agreed", later + TWO_WEEKS)
        assert held(fresh) == [(TODAY, "let_go")]


def test_a_proposal_that_was_let_go_waits_for_the_sponsor_again(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        proposed = Goal.objects.get(enrolment=goal.enrolment, state="proposed")
        let_goal_go(reason="Too many", **act(proposed))
        take_goal_up(**act(proposed))

        assert Goal.objects.get(pk=proposed.pk).state == "proposed"


def test_a_fourth_goal_is_not_taken_up(cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        let_goal_go(reason="The queue moved", **act(goal))
        make.GoalFactory(enrolment=goal.enrolment)  # beside the two of the cast

        with pytest.raises(NotNow, match="Three goals"):
            take_goal_up(**act(goal))
