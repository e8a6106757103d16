"""A week, then all ninety days, played through the real engine; and the report that is printed at the end."""

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from io import StringIO

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from coaching.models import Action, AfterSheet, MentorWish, Pairing, SponsorAct
from cohorts.models import Clock, Enrolment, Membership, Nudge, Organisation
from cohorts.tenancy.wall import within
from programme.demo.opening import open_company
from programme.demo.people import HARBOUR
from tests.browser import check_accessible
from tests.journeys.conftest import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(280)]


def test_a_week_then_ninety_days_and_a_printed_report(world: World) -> None:
    organisation = open_company(HARBOUR)
    grace = given(organisation, "grace@harbour.example")

    call_command("fast_forward", days=39, organisation="harbour")
    then_each_leader_had_at_most_one_mail_a_day(world)
    then_the_sponsor_had_one_digest_a_week(world)
    then_her_path_shows_the_week(world, grace)

    said = StringIO()
    call_command("fast_forward", days=83, organisation="harbour", stdout=said)
    assert "Grace Okafor's report" in said.getvalue()
    then_it_is_day_ninety(organisation, grace)
    then_nobody_walked_alone(organisation)
    then_a_report_is_printed(world, grace)


def given(organisation: Organisation, email: str) -> Membership:
    with within(organisation):
        return Membership.objects.select_related("person").get(person__email=email)


def nudges_in_the_post(world: World, email: str) -> Counter:
    mails = [message_from_bytes(mail.content, policy=policy.default) for mail in world.server.accepted]
    return Counter(
        parsedate_to_datetime(mail["Date"]).date()
        for mail in mails
        if email in mail["To"] and "nudge-" in mail["Message-ID"]
    )


def then_each_leader_had_at_most_one_mail_a_day(world: World) -> None:
    for leader in HARBOUR.leaders:
        days = nudges_in_the_post(world, leader.email)
        assert 3 <= len(days) <= 6
        assert set(days.values()) == {1}


def then_the_sponsor_had_one_digest_a_week(world: World) -> None:
    digests = [mail for mail in world.mails_to("dan@harbour.example") if "/d/" in mail.text]
    assert len(digests) == 2
    assert "Grace" in digests[0].text


def then_her_path_shows_the_week(world: World, grace: Membership) -> None:
    site = world.person()
    site.sign_in(grace)
    page = site.go("path")
    expect(page.get_by_role("heading", name=re.compile("Day [5-9] of 90"))).to_be_visible()
    check_accessible(page)
    site.go("today")
    check_accessible(page)


def then_it_is_day_ninety(organisation: Organisation, grace: Membership) -> None:
    organisation.refresh_from_db()
    now = organisation.now(timezone.now())
    with within(organisation):
        enrolment = Enrolment.objects.select_related("cohort__version").get(leader=grace)
        assert now.date() - enrolment.day1_on >= timedelta(days=89)
        mails = Nudge.objects.filter(enrolment=enrolment)
        assert set(mails.values_list("state", flat=True)) <= {"sent", "skipped"}
        steps = list(mails.filter(channel="app", state="sent").values_list("step__key", flat=True))
        assert len(steps) == len(set(steps))  # the cohort changed to version 2 in week 5, and no step came twice
        assert enrolment.cohort.version.number == 2
        assert Clock.objects.get(enrolment=enrolment).last_core_day >= 80


def then_nobody_walked_alone(organisation: Organisation) -> None:
    """Pairs met and carried actions on, a full coach has a queue, a visit its sheets, a sponsor's part its taps."""
    with within(organisation):
        for pairing in Pairing.objects.filter(kind="sponsor"):
            assert pairing.sessions.filter(state="held").count() >= 3
        assert Action.objects.filter(state="done").count() > Action.objects.filter(state="open").count()
        assert Pairing.objects.active().filter(kind="coach").count() == 2
        assert MentorWish.objects.filter(waiting_since__isnull=False).count() == 1
        assert AfterSheet.objects.filter(booking__before_sheets__isnull=False).exists()
        assert SponsorAct.objects.filter(confirmed_at__isnull=False).exists()


def then_a_report_is_printed(world: World, grace: Membership) -> None:
    site = world.person()
    site.sign_in(grace)
    with within(grace.organisation_id):
        enrolment = Enrolment.objects.get(leader=grace)
    page = site.go("report_new", enrolment.pk)
    check_accessible(page)
    page.get_by_role("button", name=re.compile("Print|Make")).click()
    link = page.get_by_role("link", name=re.compile("Download|Open"))
    expect(link).to_be_visible(timeout=40_000)
    with page.expect_download() as download:
        link.click()
    pdf = pypdfium2.PdfDocument(download.value.path())
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert 2 <= len(pdf) <= 6
    assert "Grace Okafor" in text
    assert "planned 1:1s were held" in text
