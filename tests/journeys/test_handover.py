"""A handover in browsers: a leader finds a new mentor, asks, is accepted, and chooses what they may know."""

import pytest
from playwright.sync_api import Page, expect

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast
from tests.journeys.conftest import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(240)]

DESK = {"width": 1280, "height": 800}
SENTENCE = "Short talks work best for me."


def test_a_leader_hands_over_to_a_new_mentor(world: World, cast: Cast, acme: Organisation) -> None:
    mentor = given_somebody_who_offers(acme)
    ada, mats = world.person(), world.person(viewport=DESK)
    when_the_leader_asks(ada, cast)
    when_the_mentor_says_yes(mats, mentor)
    then_the_mentor_knows_nothing_of_before(mats)
    when_the_leader_looks_at_a_note_and_gives_it(ada)
    then_the_mentor_reads_exactly_the_note(mats)


def given_somebody_who_offers(acme: Organisation) -> Membership:
    with within(acme):
        member = make.MembershipFactory(name="Mats Mentor", roles=["coach"])
        make.MentorProfileFactory(member=member, kind="mentor", places=1)
    return member


def when_the_leader_asks(ada: Live, cast: Cast) -> None:
    ada.sign_in(cast.ada)
    page = ada.go("mentors")
    page.get_by_role("link", name="Mats Mentor").click()
    expect(page.get_by_text("Helps with what you work on: clear.")).to_be_visible()
    page.get_by_role("link", name="Ask Mats").click()
    page.get_by_label("A sentence to them").fill("May I learn from you?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name="You have asked Mats Mentor")).to_be_visible()


def when_the_mentor_says_yes(mats: Live, mentor: Membership) -> None:
    mats.sign_in(mentor)
    page = mats.go("mentoring")
    expect(page.get_by_text("May I learn from you?")).to_be_visible()
    page.get_by_role("button", name="Yes, gladly").click()
    expect(page.get_by_role("heading", name="Ada Acme")).to_be_visible()


def then_the_mentor_knows_nothing_of_before(mats: Live) -> None:
    expect(mats.page.get_by_role("heading", name="From earlier talks")).to_have_count(0)
    assert "acme bait" not in mats.page.content()


def when_the_leader_looks_at_a_note_and_gives_it(ada: Live) -> None:
    page: Page = ada.go("my_mentors")
    page.get_by_role("listitem").filter(has_text="Mats Mentor").get_by_role("link", name="Hand over").click()
    page.get_by_label("Clear").check()
    page.get_by_label("acme bait sponsor ada action").check()
    page.get_by_label("In your own words").fill(SENTENCE)
    page.get_by_role("button", name="Look at the note").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Worked on: Clear.")
    expect(preview).to_contain_text("acme bait sponsor ada action")
    expect(preview).to_contain_text(SENTENCE)
    preview.get_by_role("button", name="Give it to Mats").click()
    expect(page.get_by_text("Mats Mentor can read your note now.")).to_be_visible()


def then_the_mentor_reads_exactly_the_note(mats: Live) -> None:
    mats.page.reload()
    note = mats.page.locator("section").filter(has=mats.page.get_by_role("heading", name="From earlier talks"))
    expect(note).to_contain_text(SENTENCE)
    expect(note).to_contain_text("acme bait sponsor ada action")
    assert "acme bait coach ada" not in mats.page.content()
