"""A bad week: the dial of a goal goes down on a phone, and nudge and printed report say so."""

from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from django.utils import translation
from playwright.sync_api import expect

from cohorts.models import Clock, Nudge
from cohorts.nudges.engine import claim_everything
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from goals.models import Dial, Focus, Goal, GoalDial
from programme.models import Report
from programme.reports.facts import facts_of
from programme.reports.pdf import print_page
from programme.reports.printing import page_of
from tests import factories as make
from tests.times import NOW, TODAY

pytestmark = pytest.mark.journey

THURSDAY, FRIDAY = date(2026, 3, 12), date(2026, 3, 13)


@pytest.fixture
def goal(cast):
    """Ada's goal leans on both focuses. She was nudged this morning, so the next one comes tomorrow."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        found = Goal.objects.current().get(enrolment=enrolment)
        Dial.objects.filter(focus__enrolment=enrolment).delete()
        GoalDial.objects.filter(goal=found).delete()
        for focus in Focus.objects.current().filter(enrolment=enrolment).exclude(by_goal__goal=found):
            make.GoalFocusFactory(goal=found, focus=focus)
        Nudge.objects.filter(enrolment=enrolment, on__gte=TODAY).delete()
        Clock.objects.filter(enrolment=enrolment).update(last_on=TODAY)
        plan_again([enrolment.pk], now=NOW)
    return found


def nudged_on(cast, on):
    """Whether Ada is nudged on a date, once the clocks of that morning have been claimed."""
    claim_everything(now=datetime(on.year, on.month, on.day, 10, tzinfo=UTC))
    with within(cast.acme):
        return Nudge.objects.filter(enrolment__leader=cast.ada, on=on).exists()


def printed(cast):
    """Ada's own copy of the report, as text."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme), translation.override("en"):
        report = Report(enrolment=enrolment, asked_by=cast.ada, copy="own", language="en", on=TODAY, asked_at=NOW)
        content = print_page(page_of(facts_of(report, cast.acme), "en")).content
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_dialling_a_goal_down_moves_the_nudge_and_stands_in_the_report(live, cast, goal):
    live.sign_in(cast.ada)
    page = live.go("goal", goal.pk)
    dial = page.locator("#goal-dial")
    expect(dial).to_contain_text("Next nudge: tomorrow 09:00.")
    expect(dial).to_contain_text("Light or resting until Sunday? It takes one of the 3 reserve weeks you have left.")
    assert "No reserve week was used." in printed(cast)

    dial.get_by_label("Light", exact=True).check()

    says = "Next nudge: Friday 09:00. Reserve week 1 of 3. Back to Steady on Monday."
    expect(dial).to_contain_text(says)
    dial.get_by_role("button", name="Undo").click()
    expect(dial).to_contain_text("Next nudge: tomorrow 09:00.")
    expect(dial.get_by_label("Steady", exact=True)).to_be_checked()
    dial.get_by_label("Light", exact=True).check()
    expect(dial).to_contain_text(says)
    page.reload()
    expect(dial.get_by_label("Light", exact=True)).to_be_checked()
    assert not nudged_on(cast, THURSDAY)
    assert nudged_on(cast, FRIDAY)
    assert "One reserve week was used, from 9 March 2026." in printed(cast)


def test_a_busy_offer_goes_from_the_cohorts_menu_to_a_leaders_dials(live, cast, goal):
    live.sign_in(cast.hana)
    page = live.go("cohort", cast.enrolment(cast.ada).cohort_id)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Offer a busy period").click()
    page.get_by_label("What is going on").fill("Easter campaign")
    page.get_by_label("First day").fill("2026-03-18")
    page.get_by_label("Last day").fill((TODAY + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Offer to everybody").click()
    offered = page.get_by_role("listitem").filter(has_text="Easter campaign")
    expect(offered).to_contain_text("0 of 4 leaders accepted. 4 have not answered yet.")

    live.context.clear_cookies()
    live.sign_in(cast.ada)
    page = live.go("today")
    expect(page.get_by_text("Easter campaign: turn all your dials to light from 18 March to 21 March?")).to_be_visible()
    page.get_by_role("button", name="Yes, dial down").click()
    expect(page.get_by_text("Noted: from 18 March your dials go to light, until 21 March.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Yes, dial down")).to_be_visible()
