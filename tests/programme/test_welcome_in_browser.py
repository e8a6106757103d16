"""The first minutes on a phone: a flow of its own that counts its steps and loses nothing."""

import pytest
from playwright.sync_api import Page, expect

from cohorts.models import Cohort, Enrolment
from cohorts.tenancy.wall import within
from goals.models import Focus
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.times import TODAY

PLANS = {"clear": {"queue": {"en": {"cue": "When the board turns red", "response": "I will say the one thing first"}}}}


@pytest.fixture
def fresh(live: Live, cast: Cast) -> Page:
    """Ada on her first day: nothing confirmed, nothing picked."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        Enrolment.objects.filter(pk=enrolment.pk).update(confirmed_at=None)
        Focus.objects.filter(enrolment=enrolment).update(archived_on=TODAY)
        Cohort.objects.update(version=make.CurriculumVersionFactory(starters=PLANS))
    live.sign_in(cast.ada)
    return live.go("today")


def step(page: Page, number: int) -> None:
    expect(page.get_by_text(f"Step {number} of 4")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    check_accessible(page)


def test_the_welcome_counts_its_steps_and_keeps_what_was_typed(fresh: Page, live: Live, cast: Cast) -> None:
    page = fresh
    step(page, 1)
    page.get_by_label("Nudge time").fill("07:30")
    expect(page.locator("[data-draft-status]").first).to_contain_text("Saved on this device")
    page.get_by_role("link", name="Later").tap()
    step(page, 2)
    page.get_by_role("link", name="Back").tap()
    expect(page.get_by_label("Nudge time")).to_have_value("07:30")
    page.get_by_role("button", name="This suits me").tap()

    expect(page.get_by_text("Says what is expected, so that nobody has to guess.")).to_be_visible()
    page.get_by_role("link", name="Clear").tap()
    step(page, 3)
    page.get_by_label("When…").fill("two talk at once")
    expect(page.locator("[data-draft-status]").first).to_contain_text("Saved on this device")
    page.get_by_role("link", name="Back").tap()
    step(page, 2)
    page.get_by_role("link", name="Clear").tap()
    expect(page.get_by_label("When…")).to_have_value("two talk at once")

    # Left, and taken up again where it was.
    live.go("today")
    expect(page.get_by_role("link", name="Pick a focus")).to_be_visible()
    live.go("welcome")
    step(page, 2)
    page.get_by_role("link", name="Clear").tap()
    page.get_by_role("link", name="The queue is long").tap()
    page.get_by_role("button", name="Make this my focus").tap()
    step(page, 4)
    page.get_by_role("link", name="Back").tap()
    step(page, 2)
    expect(page.get_by_text("When the board turns red, I will say the one thing first")).to_be_visible()
    page.get_by_role("link", name="Go on").tap()
    page.get_by_role("link", name="Go to Today").tap()

    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    with within(cast.acme):
        assert str(Enrolment.objects.get(leader=cast.ada).nudge_hour) == "07:30:00"
        assert Focus.objects.get(enrolment__leader=cast.ada, archived_on=None).cue == "the board turns red"


def test_ready_plans_stand_before_the_empty_form(fresh: Page, live: Live) -> None:
    page = live.page
    page.goto(live.url("focus_new") + "?from=welcome&behaviour=clear")
    plans, form = page.get_by_role("heading", name="Start from one of these"), page.get_by_label("When…")

    above, below = plans.bounding_box(), form.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    page.get_by_role("link", name="The queue is long").tap()

    expect(form).to_have_value("the board turns red")
    expect(page.get_by_text("Start from another plan")).to_be_visible()
    expect(plans).to_have_count(0)
