"""The admin's pages in a real browser: nothing axe finds, nothing that scrolls sideways, no refused style or script."""

from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import expect

from cohorts.models import Cohort, Intake, Step
from cohorts.people.actions.intakes import upload_intake
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import check_accessible
from tests.times import NOW, TODAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

LIST = "Navn;E-post;Leder;Leders e-post\n" + "".join(
    f"Bjørnstjerne-Ødegård-Wilhelmsen, Åse-Kristin {n};a.rather.long.address.{n}@firm.test;Liv Lie;liv@firm.test\n"
    for n in range(3)
)
WRONG = "Kari;kari;;\n"


@pytest.fixture
def house(cast, acme):
    """Acme on a day when everything happened: mails failed, somebody is away, somebody has not come in."""
    house = cast.house_of(acme)
    with within(acme):
        step = Step.objects.get(version=house.version, day=9, kind="core")
        for leader, state, reason in (("ada", "sent", ""), ("bo", "failed", "refused"), ("max", "skipped", "paused")):
            make.NudgeFactory(
                enrolment=house.enrolments[leader], step=step, channel="mail", state=state, reason=reason, on=TODAY
            )
        make.InvitationFactory(membership=cast.bo, sent_at=NOW - timedelta(days=2))
        make.PauseFactory(enrolment=house.enrolments["max"], starts_on=TODAY)
    return house


@pytest.fixture
def hana(live, cast):
    live.sign_in(cast.hana)
    return live


def test_a_long_name_is_accessible_on_a_leaders_page(hana, house):
    check_accessible(hana.go("enrolment", house.enrolments["bo"].pk))


def test_a_preview_and_the_progress_of_its_import_are_accessible(hana, house, cast):
    with within(house.organisation):
        intake = upload_intake(
            cohort=house.cohort, file=BytesIO((LIST + WRONG).encode()), file_name="list.csv", by=cast.hana, now=NOW
        )

    check_accessible(hana.go("intake", intake.pk))
    with within(house.organisation):
        counts = {"done": 123_456, "people": 110_000, "total": 210_000}
        make.ImportRunFactory(intake=intake, state="working", lease_until=NOW + timedelta(days=900), **counts)
        Intake.objects.filter(pk=intake.pk).update(is_running=True)
    page = hana.go("intake_progress", intake.pk)
    assert page.get_by_role("progressbar").get_attribute("value") == "58"
    check_accessible(page)


def test_a_form_with_errors_is_accessible_and_puts_the_focus_on_them(hana, house):
    page = hana.go("cohort_new")
    with page.expect_navigation():
        page.get_by_role("button", name="Open the cohort").click()

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    hana.forgive("422")
    check_accessible(page)


def test_a_mail_is_shown_in_its_frame_and_the_page_around_it_is_accessible(hana, house):
    with within(house.organisation):
        step = Step.objects.get(version=house.version, day=9, kind="core")
    page = hana.go("cohort_mail", house.cohort.pk, step.pk)

    assert page.frame_locator("iframe").get_by_text("Day 9 core: practice (en)").is_visible()
    check_accessible(page)


def test_two_taps_switch_sending_off_and_one_undoes_it(hana, house):
    page = hana.go("cohort", house.cohort.pk)
    more, off = page.get_by_role("button", name="More"), page.get_by_role("button", name="Switch sending off")
    more.click()
    off.click()
    expect(page.get_by_role("button", name="Switch sending on")).to_be_visible()
    expect(off).to_have_count(0)
    with within(house.organisation):
        assert not Cohort.objects.get(pk=house.cohort.pk).is_sending

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("button", name="Switch sending on")).to_have_count(0)
    with within(house.organisation):
        assert Cohort.objects.get(pk=house.cohort.pk).is_sending
    more.click()
    expect(off).to_be_visible()
