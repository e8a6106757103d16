"""Goals in the printed report: what each copy says of them, and what none says."""

from datetime import timedelta

import pytest

from cohorts.tenancy.wall import within
from goals.models import Goal
from programme.models import Report
from programme.reports.goal_facts import goals_of
from programme.reports.pdf import print_page
from programme.reports.printing import facts_of, page_of
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


def test_an_admins_copy_counts_goals_and_reviews(cast):
    with within(cast.acme):
        facts = goals_of(report_of(cast, "admin"))

    assert facts.counts == "One goal was agreed. One review was held."
    assert (facts.attainment, facts.levels, facts.goals) == (None, [], [])


def test_the_paper_says_that_a_goal_was_dialled_down_and_what_it_reached(cast):
    with within(cast.acme):
        goal = Goal.objects.get(outcome=f"{BAIT} goal")
        make.GoalDialFactory(goal=goal, level=0, starts_on=TODAY - timedelta(days=2), ends_on=TODAY)
        text = text_of(print_page(page_of(facts_of(report_of(cast, "own"), cast.acme), "en")).content)

    assert "Dial to resting until" in text
    assert "Resting 1 50%" in " ".join(text.split())
    assert "Now, 71" in text
    assert "Less than agreed" in text


def test_a_goal_let_go_is_on_paper_with_its_reason(cast):
    with within(cast.acme):
        goal = make.GoalFactory(
            enrolment=cast.enrolment(cast.ada),
            state="let_go",
            agreed_on=DAY_1,
            ended_on=TODAY,
            let_go_reason="The campaign was called off",
        )
        make.GoalEventFactory(goal=goal, kind="let_go", words=goal.let_go_reason, by=cast.ada, on=TODAY)
        text = " ".join(
            text_of(print_page(page_of(facts_of(report_of(cast, "sponsor"), cast.acme), "en")).content).split()
        )

    assert "The campaign was called off" in text
    assert "1 of 2 let go" in text


def test_without_a_goal_the_paper_says_so(cast):
    report = Report(
        enrolment=cast.enrolment(cast.max), asked_by=cast.max, copy="own", language="en", on=TODAY, asked_at=NOW
    )
    with within(cast.acme):
        facts = goals_of(report)

    assert (facts.counts, facts.goals) == ("No goal has been agreed yet.", [])
