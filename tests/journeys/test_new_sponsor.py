"""A new sponsor, in browsers: an admin hands Ada over, she decides what to open, nothing earlier follows by itself."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from coaching.meetings.actions.pairings import follow_sponsors
from coaching.models import Pairing, Session
from cohorts.models import Enrolment, Organisation
from cohorts.tenancy.wall import within
from goals.models import Reflection
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(240)]

SHARED = "Asked her what she wanted first"


def test_a_new_sponsor_begins_anew(live: Live, cast: Cast, acme: Organisation) -> None:
    given_something_shared_with_the_old_sponsor(cast, acme)
    when_an_admin_changes_the_sponsor(live, cast, acme)
    then_the_new_sponsor_sees_a_talk_to_begin_with_and_nothing_earlier(live, cast, acme)
    when_the_leader_opens_what_she_shared(live, cast)
    then_the_new_sponsor_reads_it(live, cast)
    then_the_old_sponsor_reads_nothing_new(live, cast, acme)


def given_something_shared_with_the_old_sponsor(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        enrolment = cast.enrolment(cast.ada)
        Reflection.objects.filter(enrolment=enrolment).delete()
        make.ReflectionFactory(enrolment=enrolment, audience="sponsor", tried=SHARED)


def when_an_admin_changes_the_sponsor(live: Live, cast: Cast, acme: Organisation) -> None:
    page = anew(live, cast.hana, "enrolment", cast.enrolment(cast.ada).pk)
    page.get_by_role("combobox", name="Sponsor").select_option(label=cast.max.name)
    page.get_by_role("button", name="Save the sponsor").click()
    expect(page.get_by_text("Saved. The leader has a new sponsor.")).to_be_visible()
    with within(acme):
        follow_sponsors(organisation=acme, now=timezone.now())  # as the engine does within a minute


def then_the_new_sponsor_sees_a_talk_to_begin_with_and_nothing_earlier(
    live: Live, cast: Cast, acme: Organisation
) -> None:
    page = anew(live, cast.max, "sponsor_home")
    expect(page.get_by_text("With Ada Acme")).to_be_visible()  # the talk a sponsor begins with
    expect(page.get_by_text(SHARED)).to_have_count(0)
    expect(page.get_by_text("bait sponsor ada")).to_have_count(0)
    page = live.go("my_people")
    expect(page.get_by_text("late")).to_have_count(0)
    with within(acme):
        new = Pairing.objects.active().get(kind="sponsor", leader=cast.ada)
        assert new.partner_id == cast.max.pk
        assert not Session.objects.visible_to(cast.max).filter(pairing__leader=cast.ada).exists()
        assert (new.handover, new.last_held_on) == ("", None)
        assert new.due_on is None or new.due_on >= timezone.localdate()


def when_the_leader_opens_what_she_shared(live: Live, cast: Cast) -> None:
    page = anew(live, cast.ada, "today")
    expect(page.get_by_role("heading", name=f"{cast.max.name} is your sponsor now")).to_be_visible()
    question = page.get_by_role("listitem").filter(has_text="You shared one reflection with Sol Acme.")
    question.get_by_role("button", name="Yes, open").click()
    expect(page.get_by_text("You shared one reflection with Sol Acme.")).to_have_count(0)


def then_the_new_sponsor_reads_it(live: Live, cast: Cast) -> None:
    page = anew(live, cast.max, "leader", cast.enrolment(cast.ada).pk)
    expect(page.get_by_text(SHARED).first).to_be_visible()


def then_the_old_sponsor_reads_nothing_new(live: Live, cast: Cast, acme: Organisation) -> None:
    page = anew(live, cast.sol, "sponsor_home")
    expect(page.get_by_text("Ada Acme")).to_have_count(0)
    with within(acme):
        assert Enrolment.objects.get(leader=cast.ada).sponsor_id == cast.max.pk
        new = Pairing.objects.active().get(kind="sponsor", leader=cast.ada)
        make.SessionFactory(pairing=new)
        assert not Session.objects.visible_to(cast.sol).filter(pairing=new).exists()
        assert not Reflection.objects.visible_to(cast.sol).filter(enrolment__leader=cast.ada).exists()
    live.page.goto(live.url("leader", cast.enrolment(cast.ada).pk))
    expect(live.page.get_by_text(SHARED)).to_have_count(0)
    live.forgive("404")


def anew(live: Live, member: object, route: str, *args: object) -> Page:
    """As this member, in a browser that knows nobody else."""
    live.context.clear_cookies()
    live.sign_in(member)  # type: ignore[arg-type]
    return live.go(route, *args)
