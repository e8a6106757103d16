"""A visit from booking to what is tried of it, in a browser; the network is lost in the middle."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coaching.models import AfterSheet, Booking, DuringSheet
from cohorts.tenancy.wall import within
from goals.models import Focus
from tests import factories as make
from tests.times import NOW

pytestmark = pytest.mark.journey


@pytest.fixture
def visit(cast):
    with within(cast.acme):
        Focus.objects.filter(enrolment__leader=cast.bo).update(archived_on=NOW.date())
        return make.VisitFactory(host=cast.gro.hosts.get(), capacity=2, title="Morning in Bergen")


def book_and_prepare(live, visit):
    """One tap books, one cancels, and Undo brings the place back; then the sheet before."""
    page = live.go("visit_booking", visit.pk)
    page.get_by_label("I keep to these rules").check()
    page.get_by_role("button", name="Book a place").click()
    expect(page.get_by_text("You have a place.").first).to_be_visible()
    page.get_by_role("button", name="Cancel my place").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Write your sheet").click()
    expect(page.get_by_role("heading", name="Before the visit")).to_be_visible()
    page.wait_for_load_state()  # a sheet sent before the scripts arrive is saved by the page, which says it elsewhere
    page.get_by_label("What I work on").fill("Clear messages")
    page.get_by_label("First thing to watch for").fill("How the morning meeting begins")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You can go on writing.")).to_be_visible()


def write_in_a_cellar(live, booking):
    """The network is lost while somebody writes, and comes back."""
    page = live.go("during_sheet", booking.pk)
    live.context.set_offline(True)
    page.get_by_label("Saw", exact=True).fill("She asked one question and waited")
    page.get_by_label("Clear", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outbox")).to_contain_text("Saved on this device")
    live.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    expect(page.get_by_text("You can go on writing.")).to_be_visible()
    # The page goes on from what arrived: the second save is no conflict.
    page.get_by_label("Heard", exact=True).fill("We stopped the daily figures")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Heard", exact=True)).to_have_value("We stopped the daily figures")
    for part in ("sendError", "afterRequest", "ERR_INTERNET_DISCONNECTED"):
        live.forgive(part)


def note_one_thing(live):
    page = live.go("my_visits")
    page.get_by_role("link", name="Note one thing to try").click()
    page.get_by_label("Which behaviour is it about?").select_option("clear")
    page.get_by_label("When…").fill("the morning meeting begins")
    page.get_by_label("I will…").fill("ask one question and wait")
    page.get_by_label("Thanks to the host").fill("Thank you for the open door")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Make this my focus").click()
    expect(page.get_by_role("heading", name="It is one of your focuses")).to_be_visible()


def say_that_it_was_tried(live):
    page = live.go("my_visits")
    page.get_by_role("link", name="Did you try it?").click()
    page.get_by_role("button", name="I tried it").click()
    expect(page.get_by_role("heading", name="You tried it.")).to_be_visible()


def test_a_visit_from_booking_to_a_focus(live, cast, visit, clock):
    live.sign_in(cast.bo)
    book_and_prepare(live, visit)
    with within(cast.acme):
        booking = Booking.objects.get(visit=visit, guest=cast.bo)

    clock.move_to(visit.starts_at + timedelta(minutes=20))
    write_in_a_cellar(live, booking)
    clock.move_to(visit.starts_at + timedelta(hours=20))
    note_one_thing(live)
    clock.move_to(visit.starts_at + timedelta(days=14, hours=1))
    say_that_it_was_tried(live)

    with within(cast.acme):
        sheet = DuringSheet.objects.get(booking=booking)
        assert sheet.behaviours == ["clear"]
        assert (sheet.saw, sheet.heard) == ("She asked one question and waited", "We stopped the daily figures")
        assert AfterSheet.objects.get(booking=booking).was_tried is True
        assert Focus.objects.filter(enrolment__leader=cast.bo, archived_on=None).count() == 1
        booking.refresh_from_db()
        assert (booking.state, booking.sequence) == ("booked", 2)  # cancelled and taken back
