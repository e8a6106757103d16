"""A 360 round in browsers: a rater answers on a phone, an admin closes and releases, the leader reads the report."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cohorts.models import Organisation
from feedback360 import engine
from feedback360.models import State
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.journeys.conftest import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(240)]

DESK = {"width": 1280, "height": 800}


def test_a_rater_answers_and_the_leader_reads_the_report(world: World, cast: Cast, acme: Organisation) -> None:
    asked = given_a_round_that_five_of_six_answered(acme)
    when_the_last_rater_answers_on_a_phone(world, asked)
    when_an_admin_closes_and_releases(world, cast, asked)
    then_the_leader_reads_the_report(world, asked)


def given_a_round_that_five_of_six_answered(acme: Organisation) -> Collecting:
    now = timezone.now()
    asked = collecting(
        acme,
        ["team"] * 6,
        nominates_at=now - timedelta(days=9),
        opens_at=now - timedelta(days=3),
        reminds_at=now + timedelta(days=4),
        closes_at=now + timedelta(days=7),
        releases_at=now + timedelta(days=8),
    )
    for number in range(1, 6):
        asked.answer(number, asked.sheet(number, keep=f"Said by number {number}."), now=now)
    return asked


def when_the_last_rater_answers_on_a_phone(world: World, asked: Collecting) -> None:
    page = world.person().page
    page.goto(f"{world.address}{asked.url(0)}")
    page.get_by_role("link", name="Start").click()
    for item in asked.content.items_for("team"):
        expect(page).to_have_url(f"{world.address}{asked.url(0, 'rater_item', item.key)}")
        page.get_by_label("Often", exact=True).check()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").first.fill("Said by the last one.")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you, your answers are sent")).to_be_visible()


def when_an_admin_closes_and_releases(world: World, cast: Cast, asked: Collecting) -> None:
    admin = world.person(viewport=DESK)
    admin.sign_in(cast.hana)
    for act, standing in (("Close now", State.CLOSED.label), ("Release now", State.RELEASED.label)):
        page = admin.go("round", asked.round.pk)
        check_accessible(page)
        it_goes_on_after_a_question(page, act)
        engine.turn(asked.organisation, now=timezone.now())
        page = admin.go("round", asked.round.pk)
        expect(page.get_by_text(str(standing)).first).to_be_visible()


def it_goes_on_after_a_question(page: Page, act: str) -> None:
    page.get_by_role("link", name=act).click()
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name=act).click()
    expect(page.get_by_text("It begins within a minute.")).to_be_visible()


def then_the_leader_reads_the_report(world: World, asked: Collecting) -> None:
    leader: Live = world.person()
    leader.sign_in(asked.subject.enrolment.leader)
    page = leader.go("feedback")
    page.get_by_role("link", name="Read").click()
    expect(page.get_by_role("heading", name="How others see your leadership")).to_be_visible()
    expect(page.get_by_text("6 of 6")).to_be_visible()
    expect(page.get_by_text("Said by the last one.")).to_be_visible()
    check_accessible(page)
