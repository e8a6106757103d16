"""A three-way agreement on three phones: written, changed before all had signed, signed by three, a line struck."""

import pytest
from playwright.sync_api import Page, expect

from coaching.models import Agreement
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast

pytestmark = pytest.mark.journey


def sign(live: Live, member: Membership, pk: int, number: int) -> Page:
    live.sign_in(member)
    page = live.go("agreement", pk)
    page.get_by_role("button", name=f"Sign version {number}").click()
    return page


def test_three_sign_an_agreement_with_a_change_in_between(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.cleo)
    live.sign_in(cast.cleo)
    page = live.go("agreement_new", pairing.pk)
    page.get_by_label("What the talks are for").fill("To lead the huddle so that the quiet ones speak, too.")
    page.get_by_label("The themes the leader chooses").check()
    check_accessible(page)
    page.get_by_role("button", name="Save as a version to sign").click()
    expect(page.get_by_text("Waits for signatures.")).to_be_visible()
    with within(cast.acme):
        pk = Agreement.objects.get(pairing=pairing).pk
    page = sign(live, cast.cleo, pk, 1)
    expect(page.get_by_text("You have signed version 1.")).to_be_visible()
    check_accessible(page)

    # Ada wants her plans left out of it, but her dates in, before she signs.
    live.sign_in(cast.ada)
    page = live.go("agreement", pk)
    page.get_by_role("link", name="Change").click()
    page.get_by_label("The dates of the talks held").check()
    page.get_by_role("button", name="Save as a version to sign").click()
    expect(page.get_by_text("Version 2 is written. It needs three signatures.")).to_be_visible()
    for member in (cast.ada, cast.cleo):
        sign(live, member, pk, 2)
    page = sign(live, cast.sol, pk, 2)
    expect(page.get_by_text("All three have signed. The agreement holds from now on.")).to_be_visible()

    # Sol sees nothing until Ada has looked at it.
    page.get_by_role("link", name="What Ada Acme shows you").click()
    expect(page.get_by_role("heading", name="Nothing yet")).to_be_visible()
    live.sign_in(cast.ada)
    page = live.go("agreement_summary", pk)
    page.get_by_label("Clear", exact=True).check()
    page.get_by_label("Encouraging", exact=True).check()
    check_accessible(page)
    page.get_by_role("button", name="Show these to Sol Acme").click()
    page.get_by_label("Encouraging", exact=True).uncheck()
    page.get_by_role("button", name="Show these to Sol Acme").click()
    expect(page.get_by_text("Sol Acme sees 1 line now.")).to_be_visible()

    live.sign_in(cast.sol)
    page = live.go("agreement_summary", pk)
    expect(page.get_by_text("Clear", exact=True)).to_be_visible()
    expect(page.get_by_text("Encouraging")).to_have_count(0)
    check_accessible(page)
    assert live.complaints == []
