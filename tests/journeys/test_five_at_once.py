"""An admin finds who needs attention and acts on five at once: number, chip, boxes, one button, and Undo."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cohorts.models import Clock, Invitation, Pause
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast
from tests.hand import Hand
from tests.times import NOW, TODAY

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

NAMES = ["Amund Vik", "Berit Lie", "Cecilie Moe", "Dag Hagen", "Åse-Kristin Bjørnstjerne-Ødegård Wilhelmsen"]


@pytest.fixture
def page(live: Live, cast: Cast) -> Page:
    """Hana's desk. The invitations of five leaders ran out before they came in."""
    house = cast.houses["acme"]
    with within(cast.acme):
        for name in NAMES:
            leader = make.MembershipFactory(name=name)
            Clock.objects.create(enrolment=make.EnrolmentFactory(cohort=house.cohort, leader=leader, confirmed_at=None))
            old = NOW - timedelta(days=20)
            make.InvitationFactory(
                membership=leader, created_at=old, not_before=old, sent_at=old, expires_at=NOW - timedelta(days=6)
            )
    live.page.set_viewport_size({"width": 1280, "height": 800})
    live.sign_in(cast.hana)
    return live.go("cohort", house.cohort.pk)


def given_the_five_are_chosen(page: Page) -> Hand:
    hand = Hand()
    hand.press(page.get_by_role("link", name="5 can’t get in"))
    expect(page.get_by_role("heading", name="Needs attention")).to_be_in_viewport()
    hand.press(page.get_by_role("link", name="Not signed in 5"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)
    for name in NAMES:
        hand.press(page.get_by_role("checkbox", name=name))
    expect(page.get_by_text("5 chosen")).to_be_visible()
    return hand


def test_five_invitations_are_sent_again_and_taken_back(page: Page, cast: Cast) -> None:
    hand = given_the_five_are_chosen(page)
    hand.press(page.get_by_role("button", name="Resend invitation"))
    expect(page.get_by_text("5 new invitations are on their way.")).to_be_visible()
    assert (hand.presses, hand.keys) == (8, 0)
    with within(cast.acme):
        assert Invitation.objects.filter(membership__name__in=NAMES, expires_at__gt=NOW).count() == 5

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Undone. Everything is as it was.")).to_be_visible()
    with within(cast.acme):
        assert not Invitation.objects.filter(membership__name__in=NAMES, expires_at__gt=NOW).exists()


def test_five_leaders_are_paused_and_back_again(page: Page, cast: Cast) -> None:
    given_the_five_are_chosen(page)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_label("First day away").fill(str(TODAY))
    page.get_by_label("Last day away").fill(str(TODAY + timedelta(days=4)))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("5 leaders are paused.")).to_be_visible()
    with within(cast.acme):
        assert Pause.objects.filter(enrolment__leader__name__in=NAMES).count() == 5

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Undone. Everything is as it was.")).to_be_visible()
    with within(cast.acme):
        assert not Pause.objects.filter(enrolment__leader__name__in=NAMES).exists()
