"""The pages of a goal under way: two minutes for a review, a figure in one tap, Undo, and what a sponsor sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cohorts.tenancy.wall import within
from goals.models import Goal
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def goal(cast: Cast) -> Goal:
    """Ada's, with a review due today."""
    with within(cast.acme):
        since = TODAY - timedelta(days=45)
        return make.GoalFactory(
            enrolment=cast.enrolment(cast.ada), baseline_on=since, agreed_on=since, next_review_on=TODAY
        )


def test_a_review_is_kept_with_one_button_and_undone(client_for: Clients, cast: Cast, goal: Goal) -> None:
    ada = client_for(cast.ada)
    page = ada.get(ada.url("goal", goal.pk)).content.decode()
    assert page.count('name="due_on"') == 1
    assert "Not touched for 6 weeks" in page

    after = ada.post(ada.url("goal_review", goal.pk), {"due_on": TODAY.isoformat()}, follow=True).content.decode()
    assert "Sol sees that the review was held." in after
    with within(cast.acme):
        review = goal.reviews.get()
    undo = ada.url("goal_review_undoing", review.pk)
    assert undo in after
    assert "due today" in ada.post(undo, follow=True).content.decode()


def test_a_figure_with_a_comma_is_noted_and_undone(client_for: Clients, cast: Cast, goal: Goal) -> None:
    ada = client_for(cast.ada)
    sent = {"value": "71,5", "on": TODAY.isoformat(), "line": "Two new colleagues"}
    page = ada.post(ada.url("goal_check_in", goal.pk), sent, follow=True).content.decode()

    assert "71.5\u00a0% is noted." in page
    assert "Up 3.5 points in six weeks; 2.5 to go" in page
    again = ada.post(ada.url("goal_check_in", goal.pk), {**sent, "value": "72"}, follow=True).content.decode()
    assert "72\u00a0% is noted, instead of 71.5\u00a0%." in again
    with within(cast.acme):
        entry = goal.check_ins.get()
    ada.post(ada.url("goal_check_in_undoing", entry.pk))
    with within(cast.acme):
        assert not goal.check_ins.exists()


def test_a_wrong_figure_comes_back_as_the_same_form(client_for: Clients, cast: Cast, goal: Goal) -> None:
    ada = client_for(cast.ada)
    sent = {"value": "171", "on": (TODAY + timedelta(days=1)).isoformat(), "line": "kept"}
    for headers in ({}, {"HX-Request": "true"}):
        answer = ada.post(ada.url("goal_check_in", goal.pk), sent, headers=headers)

        assert answer.status_code == 422
        assert "kept" in answer.content.decode()


def test_a_sponsor_sees_that_a_review_was_held_and_no_line(client_for: Clients, cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        make.GoalReviewFactory(goal=goal, on=TODAY, due_on=TODAY, line="weighed at night", at=NOW)
        make.CheckInFactory(goal=goal, value=70, line="tired of it", at=NOW)
    sol = client_for(cast.sol)
    page = with_plain_dates(sol.get(sol.url("goal", goal.pk)))

    assert "Last review on 11 March" in page
    assert "Review held." in page
    assert "Up two points" in page
    assert "weighed at night" not in page
    assert "tired of it" not in page
    assert "Kept" not in page


def test_letting_go_shows_the_reason_to_both_and_can_be_undone(client_for: Clients, cast: Cast, goal: Goal) -> None:
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    assert ada.post(ada.url("goal_letting_go", goal.pk), {"reason": " "}).status_code == 422
    ada.post(ada.url("goal_letting_go", goal.pk), {"reason": "The queue moved"})

    for client in (ada, sol):
        assert "The queue moved" in client.get(client.url("goal", goal.pk)).content.decode()
    back = ada.post(ada.url("goal_return", goal.pk), follow=True).content.decode()
    assert "due today" in back
    assert "The queue moved" not in back


def test_a_closed_goal_is_scored_by_the_sponsor_alone(client_for: Clients, cast: Cast, goal: Goal) -> None:
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    ada.post(ada.url("goal_closing", goal.pk), {"value": "75", "on": TODAY.isoformat()})

    assert "not yet scored" in ada.get(ada.url("goal", goal.pk)).content.decode()
    assert ada.post(ada.url("goal_score", goal.pk), {"score": "2"}).status_code == 403
    page = sol.post(sol.url("goal_score", goal.pk), {"score": "0"}, follow=True).content.decode()
    assert "Scored 0" in page
    together = ada.get(ada.url("goals")).content.decode()  # with the goals of the cast: −1, and one let go
    assert "Score 43.8, over 2 of 2 goals" in together
    assert "1 of 3 let go (weight 2 of 6)" in together


def test_a_former_sponsor_finds_no_goal_to_score(client_for: Clients, cast: Cast, goal: Goal) -> None:
    with within(cast.acme):
        goal.enrolment.sponsor = cast.max
        goal.enrolment.save()
    sol = client_for(cast.sol)

    assert sol.post(sol.url("goal_score", goal.pk), {"score": "2"}).status_code == 404
