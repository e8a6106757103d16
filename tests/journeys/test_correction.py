"""In a browser: a mistyped address is corrected and the right mailbox signs in; two members are merged."""

import pytest
from playwright.sync_api import expect

from cohorts.models import Membership, Organisation
from cohorts.people.actions.members import add_member
from cohorts.tenancy.wall import within
from tests.browser import check_accessible
from tests.cast import Cast
from tests.journeys.conftest import World
from tests.times import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(240)]

DESK = {"width": 1280, "height": 800}


def test_an_admin_corrects_an_address_and_the_person_comes_in(world: World, cast: Cast, acme: Organisation) -> None:
    with within(acme):
        nina = add_member(
            organisation=acme,
            email="nnia@acme.test",
            name="Nnia Ny",
            roles=["sponsor"],
            language="en",
            by=cast.hana,
            now=NOW,
        )
    hana = world.person(viewport=DESK)
    hana.sign_in(cast.hana)
    page = hana.go("member_correction", nina.pk)
    check_accessible(page)
    page.get_by_label("Name").fill("Nina Ny")
    page.get_by_label("E-mail").fill("Nina Ny <NINA@acme.test>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="New address for Nina Ny")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Correct the address").click()
    expect(page.get_by_role("heading", name="Nina Ny")).to_be_visible()
    expect(page.get_by_text("nina@acme.test")).to_be_visible()

    assert "Hello Nina." in world.mail("nina@acme.test", link="/accounts/login/").text
    assert "no longer opens" in world.mail("nnia@acme.test").subject
    person = world.person()
    came_in = world.sign_in(person, "nina@acme.test")
    expect(came_in.get_by_text("Nina", exact=False).first).to_be_attached()
    assert "/o/acme/" in came_in.url


def test_an_admin_makes_one_member_of_two(world: World, cast: Cast, acme: Organisation) -> None:
    """Sol was invited a second time under another address; the one Sol uses stays."""
    with within(acme):
        twin = add_member(
            organisation=acme,
            email="sol.acme@firm.test",
            name="Sol A. Acme",
            roles=["coach"],
            language="en",
            by=cast.hana,
            now=NOW,
        )
    hana = world.person(viewport=DESK)
    hana.sign_in(cast.hana)
    page = hana.go("member_merge", cast.sol.pk)
    check_accessible(page)
    page.get_by_label("Address of their other membership").fill("sol.acme@firm.test")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_role("heading", name="Merge two members")).to_be_visible()
    expect(page.get_by_text("They get the roles of both: Coach or mentor.")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("heading", name="Sol Acme")).to_be_visible()

    assert "no longer opens" in world.mail("sol.acme@firm.test").subject
    with within(acme):
        assert Membership.objects.get(pk=twin.pk).left_at is not None
        assert set(Membership.objects.get(pk=cast.sol.pk).roles) == {"coach", "sponsor"}
