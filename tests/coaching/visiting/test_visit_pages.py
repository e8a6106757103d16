"""The pages around a visit: a leader's, the host's and an admin's."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from coaching.models import AfterSheet, BeforeSheet, Booking, DuringSheet, Visit
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from goals.models import Focus
from tests import factories as make
from tests.cast import Cast
from tests.coaching.visiting.conftest import leaders
from tests.times import NOW

ClientFor = Callable[[Membership], Client]
BEFORE = {"working_on": "Clear messages", "watch_1": "The morning meeting", "agent_question": "What changed?"}
AFTER = {"behaviour": "clear", "cue": "the meeting begins", "response": "ask one question", "thanks": "Thank you all"}


@pytest.fixture
def visit(cast: Cast) -> Visit:
    with within(cast.acme):
        return make.VisitFactory(host=cast.gro.hosts.get(), capacity=2, title="Two places")


@pytest.fixture
def booking(cast: Cast, visit: Visit) -> Booking:
    with within(cast.acme):
        return make.BookingFactory(visit=visit, guest=cast.bo)


def rules(**more: object) -> dict[str, object]:
    return {"rules_version": 1, "accepts": "on", "key": uuid4(), **more}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_a_leader_books_and_undoes_it_from_the_message(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    bo = client_for(cast.bo)

    page = bo.post(bo.url("visit_booking", visit.pk), rules(), follow=True)

    with within(cast.acme):
        booking = Booking.objects.get(visit=visit, guest=cast.bo)
    assert booking.state == "booked"
    assert bo.url("booking_leaving", booking.pk) in text(page)


def test_without_the_tick_nothing_is_booked(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    bo = client_for(cast.bo)

    page = bo.post(bo.url("visit_booking", visit.pk), {"rules_version": 1, "key": uuid4()})

    assert page.status_code == 422
    assert "Tick the box" in text(page)
    with within(cast.acme):
        assert not Booking.objects.filter(visit=visit).exists()


def test_rules_that_changed_meanwhile_are_read_again(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    bo = client_for(cast.bo)

    page = bo.post(bo.url("visit_booking", visit.pk), rules(rules_version=7))

    assert page.status_code == 422
    assert "house rules have changed" in text(page)


@pytest.mark.parametrize("name", ["booking_accepting", "booking_leaving", "booking_return", "no_show", "guest_answer"])
def test_a_mail_scanners_get_changes_nothing(client_for: ClientFor, cast: Cast, visit: Visit, name: str) -> None:
    with within(cast.acme):
        offer = make.BookingFactory(
            visit=visit, guest=cast.bo, state="offered", offered_at=NOW, offer_until=NOW + timedelta(days=1)
        )
    bo = client_for(cast.bo)

    for method in (bo.get, bo.head):
        assert method(bo.url(name, offer.pk)).status_code in (403, 405)
    bo.get(bo.url("visit_booking", visit.pk))

    with within(cast.acme):
        offer.refresh_from_db()
        assert (offer.state, offer.accepted_at) == ("offered", None)


def test_an_offer_is_taken_from_the_page(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    with within(cast.acme):
        offer = make.BookingFactory(
            visit=visit, guest=cast.bo, state="offered", offered_at=NOW, offer_until=NOW + timedelta(days=1)
        )
    bo = client_for(cast.bo)
    shown = text(bo.get(bo.url("visit_booking", visit.pk)))

    refused = bo.post(bo.url("booking_accepting", offer.pk), {"rules_version": 1})
    taken = bo.post(bo.url("booking_accepting", offer.pk), rules(), follow=True)

    assert "Take the place" in shown
    assert (refused.status_code, "Tick the box" in text(refused)) == (422, True)
    assert "You have a place." in text(taken)


def test_the_line_never_says_how_many_are_before(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    """Nor who: the page of the first and of the last in line differ by nothing."""
    with within(cast.acme):
        guests = leaders(cast, 5)
        for guest in guests[:2]:
            make.BookingFactory(visit=visit, guest=guest)
        for guest in (cast.bo, *guests[2:], cast.pat):
            make.BookingFactory(visit=visit, guest=guest, state="waiting")
    pages = []
    for member in (cast.bo, cast.pat):
        client = client_for(member)
        page = text(client.get(client.url("visit_booking", visit.pk)))
        pages.append(page[page.index('id="standing"') : page.index("Leave the waiting list")])

    first, last = pages
    assert "Leader " not in first
    assert len(first) == len(last)


def test_an_overlap_is_said_and_allowed(client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking) -> None:
    with within(cast.acme):
        other = make.VisitFactory(
            host=visit.host, title="At the same time", starts_at=visit.starts_at + timedelta(hours=1)
        )
        apart = make.VisitFactory(host=visit.host, title="After it", starts_at=visit.starts_at + timedelta(hours=5))
    bo = client_for(cast.bo)

    clash = text(bo.post(bo.url("visit_booking", other.pk), rules(), follow=True))
    fine = text(bo.post(bo.url("visit_booking", apart.pk), rules(), follow=True))

    assert "also booked for Two places at the same time" in clash
    assert "at the same time" not in fine
    with within(cast.acme):
        assert Booking.objects.filter(guest=cast.bo, state="booked").count() == 3


def test_the_before_sheet_begins_with_the_behaviour_of_the_focus(
    client_for: ClientFor, cast: Cast, booking: Booking
) -> None:
    bo = client_for(cast.bo)
    with within(cast.acme):
        label = Focus.objects.filter(enrolment__leader=cast.bo).first().behaviour_label

    page = bo.get(bo.url("before_sheet", booking.pk))

    assert page.context["form"]["working_on"].value() == label


def test_a_before_sheet_is_saved_and_read_by_the_host(
    client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking
) -> None:
    bo, gro = client_for(cast.bo), client_for(cast.gro)

    bo.post(bo.url("before_sheet", booking.pk), {**BEFORE, "key": uuid4()})
    page = text(gro.get(gro.url("visit_guests", visit.pk)))

    for words in (cast.bo.name, *BEFORE.values()):
        assert words in page
    assert "Unprepared" not in page


def test_a_guest_without_a_sheet_is_unprepared_and_comes(
    client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking
) -> None:
    gro = client_for(cast.gro)

    page = text(gro.get(gro.url("visit_guests", visit.pk)))

    assert cast.bo.name in page
    assert "Unprepared" in page


def test_a_refused_sheet_keeps_what_was_typed(client_for: ClientFor, cast: Cast, booking: Booking) -> None:
    bo = client_for(cast.bo)

    page = bo.post(bo.url("before_sheet", booking.pk), {"working_on": "Half a sheet", "key": uuid4()})

    assert page.status_code == 422
    assert "Half a sheet" in text(page)


def test_the_same_form_again_after_a_lost_answer_is_no_conflict(
    client_for: ClientFor, cast: Cast, booking: Booking
) -> None:
    """drafts.js sends again what it never heard back about, with newer words and the same key."""
    bo, key = client_for(cast.bo), uuid4()
    url = bo.url("during_sheet", booking.pk)
    bo.post(url, {"saw": "first", "opened": "", "key": key, "edition": 1}, HTTP_HX_REQUEST="true")

    page = bo.post(url, {"saw": "second", "opened": "", "key": key, "edition": 2}, HTTP_HX_REQUEST="true")

    assert page.status_code == 200
    with within(cast.acme):
        assert DuringSheet.objects.get(booking=booking).saw == "second"


def test_two_tabs_with_one_sheet_show_each_others_words(client_for: ClientFor, cast: Cast, booking: Booking) -> None:
    bo = client_for(cast.bo)
    url = bo.url("during_sheet", booking.pk)
    opened = bo.get(url).context["form"]["opened"].value()
    bo.post(url, {"saw": "from the phone", "opened": opened, "key": uuid4()})

    page = bo.post(url, {"saw": "from the desk", "opened": opened, "key": uuid4()})

    assert page.status_code == 422
    assert "from the phone" in text(page)
    with within(cast.acme):
        assert DuringSheet.objects.get(booking=booking).saw == "from the phone"


def test_after_the_visit_one_thing_to_try_becomes_a_focus(
    client_for: ClientFor, cast: Cast, booking: Booking, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        Focus.objects.filter(enrolment__leader=cast.bo).update(archived_on=NOW.date())
    clock.move_to(booking.starts_at + timedelta(hours=5))
    bo = client_for(cast.bo)

    noted = bo.post(bo.url("after_sheet", booking.pk), {**AFTER, "key": uuid4()}, follow=True)
    made = bo.post(bo.url("visit_focus", booking.pk), follow=True)

    assert "When the meeting begins, I will ask one question." in text(noted)
    assert "It is one of your focuses" in text(made)
    with within(cast.acme):
        assert Focus.objects.filter(enrolment__leader=cast.bo, archived_on=None, cue="the meeting begins").exists()


def test_two_weeks_later_the_page_asks_whether_it_was_tried(
    client_for: ClientFor, cast: Cast, booking: Booking, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        make.AfterSheetFactory(booking=booking)
    bo = client_for(cast.bo)
    clock.move_to(booking.starts_at + timedelta(days=13))
    before = text(bo.get(bo.url("visit_tried", booking.pk)))
    clock.move_to(booking.starts_at + timedelta(days=14))
    listed = text(bo.get(bo.url("my_visits")))

    page = text(bo.post(bo.url("visit_tried", booking.pk), {"was_tried": "yes"}, follow=True))

    assert "I tried it" not in before
    assert "Did you try it?" in listed
    assert "You tried it." in page
    with within(cast.acme):
        assert AfterSheet.objects.get(booking=booking).was_tried is True


def test_the_host_reads_thanks_and_marks_who_did_not_come(
    client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        make.HostThanksFactory(booking=booking, words="Thank you for the open door")
    clock.move_to(visit.starts_at + timedelta(hours=1))
    gro = client_for(cast.gro)

    before = text(gro.get(gro.url("visit_guests", visit.pk)))
    after = text(gro.post(gro.url("no_show", booking.pk), follow=True))
    gro.post(gro.url("no_show_return", booking.pk))

    assert "Thank you for the open door" in before
    assert gro.url("no_show_return", booking.pk) in after
    with within(cast.acme):
        booking.refresh_from_db()
        assert booking.state == "booked"


def test_a_no_show_never_reaches_the_sponsor(
    client_for: ClientFor, cast: Cast, booking: Booking, clock: time_machine.Traveller
) -> None:
    """Max is Bo's sponsor: his pages read the same whether or not Bo came."""
    clock.move_to(booking.starts_at + timedelta(days=1))
    enrolment = cast.enrolment(cast.bo)
    pages = []
    for state in ("booked", "no_show"):
        with within(cast.acme):
            Booking.objects.filter(pk=booking.pk).update(state=state)
        sponsor = client_for(cast.max)
        pages.append(
            [text(sponsor.get(sponsor.url(*where))) for where in (("sponsor_home",), ("leader", enrolment.pk))]
        )

    assert "did not come" not in "".join(pages[1])
    came, missed = ([_without_tokens(page) for page in each] for each in pages)
    assert came == missed


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line and "request-id" not in line]


def test_an_admin_sees_numbers_and_no_names(client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking) -> None:
    hana = client_for(cast.hana)

    page = text(hana.get(hana.url("visit_counts")))

    assert "Two places" in page
    assert cast.bo.name not in page
    assert hana.get(hana.url("visit_guests", visit.pk)).status_code == 404


def test_a_mail_leads_the_guest_to_the_date_and_the_host_to_the_list(
    client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking
) -> None:
    for member, name in ((cast.bo, "visit_booking"), (cast.gro, "visit_guests")):
        client = client_for(member)
        assert client.get(client.url("booking", booking.pk)).url == client.url(name, visit.pk)
    sol = client_for(cast.sol)
    assert sol.get(sol.url("booking", booking.pk)).status_code == 404


def test_another_host_and_another_guest_find_nothing(
    client_for: ClientFor, cast: Cast, visit: Visit, booking: Booking
) -> None:
    with within(cast.acme):
        other = make.MembershipFactory(roles=["host", "leader"])
        make.HostFactory(member=other)
    client = client_for(other)

    for name, key in (("visit_guests", visit.pk), ("before_sheet", booking.pk), ("visit_tried", booking.pk)):
        assert client.get(client.url(name, key)).status_code == 404
    for name in ("no_show", "guest_answer", "booking_leaving"):
        assert client.post(client.url(name, booking.pk)).status_code == 404


def test_what_a_host_reads_is_in_the_guests_own_time_zone(client_for: ClientFor, cast: Cast, visit: Visit) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.bo.pk).update(zone="Europe/London")
    bo = client_for(cast.bo)

    page = text(bo.get(bo.url("visit_booking", visit.pk)))

    assert "08:30" in page
    assert "09:30" not in page


def many_visits(cast: Cast, count: int) -> None:
    with within(cast.acme):
        for number in range(count):
            host = make.HostFactory()
            past = make.VisitFactory(host=host, starts_at=NOW - timedelta(days=20 + number))
            make.AfterSheetFactory(booking=make.BookingFactory(visit=past, guest=cast.bo))
            make.BookingFactory(visit=make.VisitFactory(host=host), guest=cast.bo, state="waiting")


@pytest.mark.parametrize("state", ["waiting", "asked"])
def test_after_the_date_nobody_waits_for_a_place_any_more(
    state: str, client_for: ClientFor, cast: Cast, visit: Visit
) -> None:
    with within(cast.acme):
        make.BookingFactory(visit=visit, guest=cast.bo, state=state)

    bo, gro = client_for(cast.bo), client_for(cast.gro)
    with time_machine.travel(visit.ends_at, tick=False):
        mine = text(bo.get(bo.url("my_visits")))
        guests = text(gro.get(gro.url("visit_guests", visit.pk)))

    assert "You did not get a place this time." in mine
    assert "On the waiting list" not in mine
    assert "One waits." not in guests
    assert "Do you say yes?" not in guests


def test_my_visits_reads_as_much_for_one_as_for_thirty(
    client_for: ClientFor, cast: Cast, count_queries: Callable
) -> None:
    bo = client_for(cast.bo)
    counts = []
    for count in (1, 29):
        many_visits(cast, count)
        queries = count_queries(lambda: bo.get(bo.url("my_visits")))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_host_reads_as_much_for_one_guest_as_for_thirty(
    client_for: ClientFor, cast: Cast, count_queries: Callable
) -> None:
    with within(cast.acme):
        visit = make.VisitFactory(host=cast.gro.hosts.get(), capacity=40)
    gro, counts = client_for(cast.gro), []
    for count in (1, 29):
        with within(cast.acme):
            for guest in leaders(cast, count):
                make.BeforeSheetFactory(booking=make.BookingFactory(visit=visit, guest=guest))
        queries = count_queries(lambda: gro.get(gro.url("visit_guests", visit.pk)))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_numbers_read_as_much_for_one_date_as_for_thirty(
    client_for: ClientFor, cast: Cast, count_queries: Callable
) -> None:
    hana, counts = client_for(cast.hana), []
    for count in (1, 29):
        with within(cast.acme):
            for _number in range(count):
                make.BookingFactory(guest=cast.bo, visit=make.VisitFactory(host=make.HostFactory()))
        queries = count_queries(lambda: hana.get(hana.url("visit_counts")))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_tables_of_zenith_stay_there(client_for: ClientFor, cast: Cast, booking: Booking) -> None:
    zoe = client_for(cast.zoe)

    assert zoe.get(zoe.url("before_sheet", booking.pk)).status_code == 404
    with within(cast.zenith):
        assert not BeforeSheet.objects.filter(booking=booking.pk).exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-10, "Write your sheet · Two places"),
        (0, "Write down what you see · Two places"),
        (1, "Note one thing to try · Two places"),
        (-20, ""),
        (30, ""),
    ],
)
def test_today_says_what_to_do_about_a_visit(
    client_for: ClientFor, cast: Cast, booking: Booking, clock: time_machine.Traveller, days: int, words: str
) -> None:
    clock.move_to(booking.starts_at + timedelta(days=days))
    bo = client_for(cast.bo)

    page = text(bo.get(bo.url("today") + "?on="))

    assert words in page
    assert ("Two places" in page) is bool(words)


def test_today_asks_on_day_14_whether_it_was_tried(
    client_for: ClientFor, cast: Cast, booking: Booking, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        make.AfterSheetFactory(booking=booking)
    clock.move_to(booking.starts_at + timedelta(days=14))
    bo = client_for(cast.bo)

    assert "Did you try it? · Two places" in text(bo.get(bo.url("today") + "?on="))
