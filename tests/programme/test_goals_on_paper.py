"""Goals in the printed report: what each copy says of them, and what none says."""

from datetime import timedelta

import pytest

from cohorts.tenancy.wall import within
from programme.models import Report
from programme.reports.facts import facts_of
from programme.reports.goal_facts import goals_of
from programme.reports.pdf import print_page
from programme.reports.printing import page_of
from tests import factories as make
from tests.programme.test_reports import text_of
from tests.times import DAY_1, NOW, TODAY

BAIT = "acme bait of ada"


def report_of(cast, copy):
    enrolment = cast.enrolment(cast.ada)
    by = {"own": cast.ada, "sponsor": cast.sol, "admin": cast.hana}[copy]
    return Report(enrolment=enrolment, asked_by=by, copy=copy, language="en", on=TODAY, asked_at=NOW)


@pytest.mark.parametrize(
    ("copy", "seen"),
    [
        ("own", {"goal": True, "check-in": True, "review": True, "event": True, "draft goal": False}),
        ("sponsor", {"goal": True, "check-in": False, "review": False, "event": True, "draft goal": False}),
        ("admin", {"goal": False, "check-in": False, "review": False, "event": False, "draft goal": False}),
    ],
)
def test_each_copy_says_of_goals_what_its_reader_may_see(cast, copy, seen):
    with within(cast.acme):
        html = page_of(facts_of(report_of(cast, copy), cast.acme), "en")

    assert {about: f"{BAIT} {about}" in html for about in seen} == seen


@pytest.fixture
def goal(cast):
    """The only goal of Max, agreed with Sol, with one figure and one review."""
    with within(cast.acme):
        enrolment = cast.enrolment(cast.max)
        enrolment.sponsor = cast.sol
        enrolment.save(update_fields=["sponsor"])
        found = make.GoalFactory(enrolment=enrolment)
        make.CheckInFactory(goal=found)
        make.GoalReviewFactory(goal=found)
        return found


def paper(cast, goal, copy):
    by = {"own": cast.max, "sponsor": cast.sol, "admin": cast.hana}[copy]
    report = Report(enrolment=goal.enrolment, asked_by=by, copy=copy, language="en", on=TODAY, asked_at=NOW)
    with within(cast.acme):
        return " ".join(text_of(print_page(page_of(facts_of(report, cast.acme), "en")).content).split())


def test_an_admins_copy_counts_goals_and_reviews(cast, goal):
    text = paper(cast, goal, "admin")

    assert "One goal was agreed. One review was held." in text
    assert goal.outcome not in text
    assert "Less than agreed" not in text


def test_the_paper_says_that_a_goal_was_dialled_down_and_what_it_reached(cast, goal):
    with within(cast.acme):
        make.GoalDialFactory(goal=goal, level=0, starts_on=TODAY - timedelta(days=2), ends_on=TODAY)
    text = paper(cast, goal, "own")

    assert "Dial to resting until" in text
    assert "Resting 1 50%" in text
    assert "Steady 1 50%" in text
    assert "Now, 71" in text
    assert "Less than agreed" in text


def test_a_goal_let_go_is_on_paper_with_its_reason(cast, goal):
    reason = "The campaign was called off"
    with within(cast.acme):
        dropped = make.GoalFactory(
            enrolment=goal.enrolment, state="let_go", agreed_on=DAY_1, ended_on=TODAY, let_go_reason=reason
        )
        make.GoalEventFactory(goal=dropped, kind="let_go", words=reason, by=cast.max, on=TODAY)
    text = paper(cast, goal, "sponsor")

    assert reason in text
    assert "1 of 2 let go (weight 2 of 4)" in text


def test_without_a_goal_the_paper_says_so(cast):
    report = Report(
        enrolment=cast.enrolment(cast.pat), asked_by=cast.pat, copy="own", language="en", on=TODAY, asked_at=NOW
    )
    with within(cast.acme):
        facts = goals_of(report)

    assert (facts.counts, facts.goals) == ("No goal has been agreed yet.", [])
