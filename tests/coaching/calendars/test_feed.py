"""The secret calendar feed: what it holds, whom its address lets in, and what it costs."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from coaching.calendars.actions.feed import close_feed, open_feed, restore_feed
from coaching.calendars.choices import choice_of
from coaching.calendars.feed_links import feed_address, read_feed
from coaching.models import Session
from cohorts.mail.signed_links import BadLink
from cohorts.models import Membership, Person
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opened(member: Membership) -> str:
    """The path of the member's address."""
    with within(member.organisation_id):
        open_feed(member=member, now=NOW)
    return path_of(member)


def path_of(member: Membership) -> str:
    with within(member.organisation_id):
        version = choice_of(member).feed_version
    return "/c/" + feed_address(member.organisation_id, member.pk, version).partition("/c/")[2]


@pytest.fixture
def service(clock: time_machine.Traveller) -> Client:
    """A calendar service: no cookie, no session."""
    return Client()


def titles(service: Client, path: str) -> list[str]:
    response = service.get(path)
    assert response.status_code == 200
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(response.content).events]


def test_a_leader_sees_their_talks_and_their_live_events(cast: Cast, service: Client) -> None:
    found = [title for title in titles(service, opened(cast.ada)) if not title.startswith("Visit")]

    assert sorted(found) == sorted([*["1:1 with Sol Acme", "1:1 with Cleo Acme"] * 2, *live_events(cast)])


def live_events(cast: Cast) -> list[str]:
    with within(cast.acme):
        version = cast.house_of(cast.acme).version
        return [each.in_language("en").title for each in version.milestones.all()]


def test_a_sponsor_sees_a_shared_event_once_and_a_personal_one_by_name(cast: Cast, service: Client) -> None:
    shared, personal = sorted(live_events(cast), key=lambda title: "kick" in title.lower())
    found = titles(service, opened(cast.max))

    assert f"{personal}: {cast.bo.name}" in found
    assert found.count(shared) == 1


def test_a_booked_visit_is_in_the_feed_of_its_guest_alone(cast: Cast, service: Client) -> None:
    with within(cast.acme):
        booking = make.BookingFactory(guest=cast.pat, state="booked", visit__starts_at=NOW + 5 * DAY)
        host = booking.visit.host.name

    assert f"Visit: {host}" in titles(service, opened(cast.pat))
    assert f"Visit: {host}" not in titles(service, opened(cast.ada))


def test_the_feed_holds_nothing_that_somebody_wrote(cast: Cast, service: Client) -> None:
    for member in (cast.ada, cast.sol, cast.cleo, cast.max):
        content = service.get(opened(member)).content.decode()
        assert "BEGIN:VEVENT" in content
        assert "bait" not in content


def test_times_places_and_links_are_true(cast: Cast, service: Client) -> None:
    with within(cast.acme):
        session = Session.objects.get(pairing__leader=cast.ada, pairing__partner=cast.sol, state="planned")
        Session.objects.filter(pk=session.pk).update(place="Ødegård, 3rd floor")

    response = service.get(opened(cast.ada))

    (event,) = [each for each in Calendar.from_ical(response.content).events if str(session.uid) in each["UID"]]
    assert (event.start, event.end) == (session.starts_at, session.starts_at + timedelta(minutes=session.minutes))
    assert event["LOCATION"] == "Ødegård, 3rd floor"
    assert event["URL"].endswith(f"/o/acme/sessions/{session.pk}/")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_live_events_are_whole_days(cast: Cast, service: Client) -> None:
    events = Calendar.from_ical(service.get(opened(cast.pat)).content).events

    assert {type(event.start) for event in events if event["UID"].startswith("live-")} == {date}


def test_a_cancelled_talk_leaves_the_feed(cast: Cast, service: Client) -> None:
    path = opened(cast.cleo)
    before = titles(service, path)
    with within(cast.acme):
        Session.objects.filter(pairing__partner=cast.cleo, state="planned").update(state="cancelled")

    assert len(titles(service, path)) == len(before) - 1


def test_the_feed_speaks_the_members_language(cast: Cast, service: Client) -> None:
    Person.objects.filter(pk=cast.ada.person_id).update(language="nb")

    assert "Samtale med Sol Acme" in titles(service, opened(cast.ada))


def assert_tells_nothing(response: object) -> None:
    assert response.status_code == 404
    assert response.content == b""


def test_nobody_has_a_feed_before_they_ask_for_one(cast: Cast, service: Client) -> None:
    for version in (0, 1):
        address = feed_address(cast.acme.pk, cast.sol.pk, version).partition("/c/")[2]
        assert_tells_nothing(service.get(f"/c/{address}"))


def test_a_closed_feed_tells_nothing_and_undo_opens_it_again(cast: Cast, service: Client) -> None:
    path = opened(cast.ada)
    with within(cast.acme):
        close_feed(member=cast.ada, now=NOW)
    assert_tells_nothing(service.get(path))

    with within(cast.acme):
        restore_feed(member=cast.ada, now=NOW)
    assert service.get(path).status_code == 200


def test_a_new_address_kills_the_old_one(cast: Cast, service: Client) -> None:
    old, new = opened(cast.ada), opened(cast.ada)

    assert old != new
    assert_tells_nothing(service.get(old))
    assert service.get(new).status_code == 200


def test_opening_again_after_closing_never_revives_the_old_address(cast: Cast, service: Client) -> None:
    old = opened(cast.ada)
    with within(cast.acme):
        close_feed(member=cast.ada, now=NOW)
    opened(cast.ada)

    assert_tells_nothing(service.get(old))


def test_an_address_that_was_changed_by_one_sign_tells_nothing(cast: Cast, service: Client) -> None:
    path = opened(cast.ada)
    other = path.replace(f"-{cast.ada.pk}-", f"-{cast.sol.pk}-", 1)
    for changed in (path.replace(".ics", "x.ics"), other, "/c/1-1-1.ics", "/c/x.ics"):
        assert_tells_nothing(service.get(changed))


def test_a_member_who_left_has_no_feed(cast: Cast, service: Client) -> None:
    path = opened(cast.ada)
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(left_at=NOW)

    assert_tells_nothing(service.get(path))


def test_a_mail_link_is_no_feed_address(cast: Cast) -> None:
    with pytest.raises(BadLink):
        read_feed("1-1-1-1.x")


def test_an_unchanged_feed_is_not_sent_again(cast: Cast, service: Client, clock: time_machine.Traveller) -> None:
    path = opened(cast.ada)
    first = service.get(path)
    clock.shift(timedelta(minutes=7))

    again = service.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    with within(cast.acme):
        Session.objects.filter(pairing__leader=cast.ada, state="planned").update(minutes=50)
    changed = service.get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_feed_takes_at_most_twelve_queries(
    cast: Cast, service: Client, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    path = opened(cast.max)
    with within(cast.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.max)

    def meet(number: int) -> None:
        with within(cast.acme):
            make.SessionFactory(pairing=pairing, starts_at=NOW + number * DAY)
            enrolment = make.EnrolmentFactory(cohort=cast.house_of(cast.acme).cohort, sponsor=cast.max)
            make.BookingFactory(guest=cast.max, state="booked", visit__starts_at=NOW + number * DAY)
            assert enrolment.pk

    assert same_queries_at_1_and_30(lambda: service.get(path), meet) <= 12


def test_the_page_makes_closes_and_restores_an_address(cast: Cast, client_for: Callable, service: Client) -> None:
    client = client_for(cast.sol)
    page = client.get(client.url("my_calendar")).content.decode()
    assert "Make my address" in page

    client.post(client.url("feed_opening"))
    path = path_of(cast.sol)
    assert path in client.get(client.url("my_calendar")).content.decode()
    assert service.get(path).status_code == 200

    closed = client.post(client.url("feed_closing"), follow=True).content.decode()
    assert client.url("feed_restoring") in closed
    assert service.get(path).status_code == 404

    client.post(client.url("feed_restoring"))
    assert service.get(path).status_code == 200


def test_the_page_switches_each_kind_of_mail_by_itself(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)

    client.post(client.url("calendar_invitations"), {"on": "0"})
    with within(cast.acme):
        choice = choice_of(cast.ada)
    assert (choice.invitations_on, choice.reminders_on) == (False, True)

    client.post(client.url("calendar_reminders"), {"on": "0"})
    client.post(client.url("calendar_invitations"), {"on": "1"})
    with within(cast.acme):
        choice = choice_of(cast.ada)
    assert (choice.invitations_on, choice.reminders_on) == (True, False)
