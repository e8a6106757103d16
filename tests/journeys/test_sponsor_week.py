"""A week of a sponsor and a leader, in two browsers: ask, answer, two minutes, confirmed with one tap."""

import pytest
import time_machine
from playwright.sync_api import Browser, expect

from coaching.models import Ask, SponsorAct
from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from tests.browser import Live
from tests.cast import Cast
from tests.times import NOW

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def test_a_week_of_a_sponsor(cast: Cast, live_server: pytest.FixtureRequest, browser: Browser) -> None:
    with within(cast.acme):
        Ask.objects.all().delete()
        Enrolment.objects.filter(leader=cast.ada).update(confirmed_at=NOW)
    with time_machine.travel(NOW, tick=True):
        ada, sol = (Live.on_a_phone(str(live_server), browser) for _person in range(2))
        ada.sign_in(cast.ada)
        sol.sign_in(cast.sol)

        page = ada.go("today")
        page.get_by_role("link", name="Ask Sol something").click()
        page.get_by_label("What you ask").fill("Can I move the Thursday huddle?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Sol sees your question.")).to_be_visible()

        desk = sol.go("sponsor_home")
        desk.get_by_role("link", name="Answer").click()
        desk.get_by_label("Your answer").fill("Yes, to after the handover.")
        desk.get_by_role("button", name="Answer").click()
        expect(desk.get_by_text("Ada sees your answer.")).to_be_visible()
        desk.get_by_role("button", name="Done my two minutes").click()
        expect(desk.get_by_role("heading", name="Thank you, Sol.")).to_be_visible()

        page = ada.go("today")
        page.get_by_role("link", name="Read", exact=True).click()
        expect(page.get_by_text("Yes, to after the handover.")).to_be_visible()
        page.get_by_role("button", name="Got it").click()
        page.get_by_role("button", name="Yes, we did").click()
        expect(page.get_by_text("Noted: the two of you talked.")).to_be_visible()

    with within(cast.acme):
        assert Ask.objects.get().read_at is not None
        assert SponsorAct.objects.get(enrolment__leader=cast.ada, week=2).confirmed_at is not None
