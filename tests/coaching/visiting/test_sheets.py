"""Three sheets around a visit: saved once, owned by the guest, read by whom they say."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import models

from coaching.models import AfterSheet, BeforeSheet, Booking, DuringSheet, HostingOffer, HostThanks, Visit
from coaching.visiting.actions.sheets import answer_tried, make_focus, save_after, save_before, save_during
from coaching.visiting.figures import VisitFigures, visits_with_sheets
from coaching.visiting.policies import may_read_before
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from goals.models import Focus
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

LINES = {"working_on": "Clear messages", "watch_1": "How the meeting begins"}
AFTER = {
    "behaviour": "clear",
    "cue": "the meeting begins",
    "response": "ask one question",
    "language": "en",
    "question_left": "",
    "thanks": "",
    "would_host": "",
}


@pytest.fixture
def booking(inside: Cast, visit: Visit) -> Booking:
    return make.BookingFactory(visit=visit, guest=inside.ada)


@pytest.fixture
def after_the_visit(booking: Booking) -> Any:
    return booking.starts_at + timedelta(hours=4)


def before(booking: Booking, by: Membership | None = None, **change: Any) -> BeforeSheet:
    said = {"lines": LINES, "key": uuid4(), "now": NOW, **change}
    return save_before(booking=booking, by=by or booking.guest, **said)


def after(booking: Booking, now: Any, by: Membership | None = None, **change: Any) -> AfterSheet:
    return save_after(booking=booking, by=by or booking.guest, now=now, **{"key": uuid4(), **AFTER, **change})


def test_a_before_sheet_is_saved_and_changed_in_place(booking: Booking) -> None:
    before(booking)
    before(booking, lines={**LINES, "agent_question": "What do you hear most?"})

    assert BeforeSheet.objects.get(booking=booking).agent_question == "What do you hear most?"


def test_of_two_arrivals_of_one_form_the_newer_words_stand(booking: Booking) -> None:
    key = uuid4()
    save = {"booking": booking, "behaviours": [], "key": key, "by": booking.guest, "now": NOW}
    save_during(notes={"saw": "newer"}, edition=2, **save)
    save_during(notes={"saw": "older"}, edition=1, **save)

    assert DuringSheet.objects.get(booking=booking).saw == "newer"


def test_another_tab_does_not_overwrite_unseen_words(booking: Booking) -> None:
    before(booking)
    before(booking, expected_revision=1)

    with pytest.raises(Stale):
        before(booking, expected_revision=1)


@pytest.mark.parametrize(
    "lines", [{}, {"working_on": "x"}, {**LINES, "watch_2": "x" * 201}, {**LINES, "agent_question": "a\0b"}]
)
def test_a_before_sheet_says_what_for_and_what_to_watch(booking: Booking, lines: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        before(booking, lines=lines)


def test_a_behaviour_is_one_of_the_seven(booking: Booking) -> None:
    with pytest.raises(Invalid):
        save_during(booking=booking, notes={}, behaviours=["clear", "grumpy"], key=uuid4(), by=booking.guest, now=NOW)


def test_only_the_guest_writes_sheets(inside: Cast, booking: Booking, after_the_visit: Any) -> None:
    for other in (inside.bo, inside.gro, inside.sol, inside.hana):
        with pytest.raises(NotYours):
            before(booking, by=other)
        with pytest.raises(NotYours):
            save_during(booking=booking, notes={}, behaviours=[], key=uuid4(), by=other, now=NOW)
        with pytest.raises(NotYours):
            after(booking, after_the_visit, by=other)


def test_the_after_sheet_is_for_after_the_start(booking: Booking) -> None:
    with pytest.raises(NotNow):
        after(booking, booking.starts_at - timedelta(minutes=1))


def test_who_only_waited_has_no_after_sheet(inside: Cast, visit: Visit, after_the_visit: Any) -> None:
    waiting = make.BookingFactory(visit=visit, guest=inside.bo, state="waiting")

    with pytest.raises(NotNow, match="no place"):
        after(waiting, after_the_visit)


def test_thanks_reach_the_host_and_an_empty_box_takes_them_back(booking: Booking, after_the_visit: Any) -> None:
    after(booking, after_the_visit, thanks="Thank you")
    said = HostThanks.objects.get(booking=booking).words
    after(booking, after_the_visit, thanks="")

    assert said == "Thank you"
    assert not HostThanks.objects.filter(booking=booking).exists()


def test_a_guest_offers_to_host_one_behaviour(inside: Cast, booking: Booking, after_the_visit: Any) -> None:
    after(booking, after_the_visit, would_host="encouraging")
    after(booking, after_the_visit, would_host="encouraging")

    assert HostingOffer.objects.filter(member=inside.ada, behaviour="encouraging").count() == 1


def test_the_if_then_becomes_a_focus_once(inside: Cast, booking: Booking, after_the_visit: Any) -> None:
    Focus.objects.filter(enrolment=inside.enrolment(inside.ada)).update(archived_on=NOW.date())
    sheet = after(booking, after_the_visit)

    first = make_focus(sheet=sheet, by=inside.ada, now=after_the_visit)
    again = make_focus(sheet=AfterSheet.objects.get(pk=sheet.pk), by=inside.ada, now=after_the_visit)

    assert first.pk == again.pk
    assert (first.cue, first.response, first.enrolment.leader) == ("the meeting begins", "ask one question", inside.ada)


def test_a_third_focus_is_refused_and_the_sheet_stays(inside: Cast, booking: Booking, after_the_visit: Any) -> None:
    sheet = after(booking, after_the_visit)

    with pytest.raises(NotNow, match="two focuses"):
        make_focus(sheet=sheet, by=inside.ada, now=after_the_visit)

    assert AfterSheet.objects.get(pk=sheet.pk).focus is None


def test_from_day_14_a_guest_says_whether_it_was_tried(booking: Booking, after_the_visit: Any) -> None:
    sheet = after(booking, after_the_visit)
    with pytest.raises(NotNow):
        answer_tried(sheet=sheet, was_tried=True, by=booking.guest, now=booking.starts_at + timedelta(days=13))

    answer_tried(sheet=sheet, was_tried=True, by=booking.guest, now=booking.starts_at + timedelta(days=14))

    assert AfterSheet.objects.get(pk=sheet.pk).was_tried is True


def test_a_visit_with_sheets_cannot_be_deleted(booking: Booking) -> None:
    before(booking)

    with pytest.raises(models.ProtectedError):
        booking.visit.delete()
    with pytest.raises(models.ProtectedError):
        booking.delete()


@pytest.mark.parametrize("state", ["booked", "waiting", "offered", "asked", "cancelled"])
def test_a_before_sheet_is_read_by_guest_and_host_alone(inside: Cast, booking: Booking, state: str) -> None:
    """The whole cast, by the query and by the policy: the host only while the guest has a place."""
    sheet = before(booking)
    left = {"left_at": NOW, "left_from": "booked"} if state == "cancelled" else {}
    seat = {"seat": None, "seats": None} if state == "waiting" else {}
    Booking.objects.filter(pk=booking.pk).update(state=state, offered_at=NOW, offer_until=NOW, **left, **seat)
    sheet = BeforeSheet.objects.select_related("booking__visit__host").get(pk=sheet.pk)
    everybody = inside.houses["acme"].members

    by_query = {n for n, m in everybody.items() if BeforeSheet.objects.visible_to(m).filter(pk=sheet.pk).exists()}
    by_policy = {name for name, member in everybody.items() if may_read_before(member, sheet)}

    assert by_query == by_policy == ({"ada", "gro"} if state == "booked" else {"ada"})


@pytest.mark.parametrize("model", [DuringSheet, AfterSheet])
def test_what_a_guest_noticed_only_the_guest_reads(inside: Cast, model: Any) -> None:
    for name, member in inside.houses["acme"].members.items():
        assert model.objects.visible_to(member).exists() == (name == "ada"), name


def test_thanks_are_read_by_guest_and_host_alone(inside: Cast) -> None:
    for name, member in inside.houses["acme"].members.items():
        assert HostThanks.objects.visible_to(member).exists() == (name in ("ada", "gro")), name


def test_bookings_are_seen_by_guest_and_host_alone(inside: Cast) -> None:
    for name, member in inside.houses["acme"].members.items():
        assert Booking.objects.visible_to(member).exists() == (name in ("ada", "gro")), name


# The report


def visited(leader: Membership, visit: Visit, days_ago: int, **sheet: Any) -> Booking:
    other = make.VisitFactory(host=visit.host, starts_at=NOW - timedelta(days=days_ago))
    booking = make.BookingFactory(visit=other, guest=leader)
    make.BeforeSheetFactory(booking=booking)
    if sheet:
        answered = NOW if sheet.get("was_tried") is not None else None
        make.AfterSheetFactory(booking=booking, answered_at=answered, **sheet)
    return booking


@pytest.fixture
def bo(inside: Cast) -> Enrolment:
    """Bo in a cohort that began long ago."""
    enrolment = inside.enrolment(inside.bo)
    Enrolment.objects.filter(pk=enrolment.pk).update(day1_on=NOW.date() - timedelta(days=60))
    return Enrolment.objects.get(pk=enrolment.pk)


def test_five_noted_and_three_tried_are_sixty_percent(bo: Enrolment, visit: Visit) -> None:
    for tried in (True, True, True, False, None):
        visited(bo.leader, visit, 20, was_tried=tried)
    visited(bo.leader, visit, 3, was_tried=None)  # its two weeks are not over
    visited(bo.leader, visit, 2)

    figures = visits_with_sheets(bo, now=NOW)

    assert figures == VisitFigures(visits=7, with_sheets=6, noted=5, tried=3)
    assert figures.tried_share == 0.60


def test_a_no_show_is_not_in_the_leaders_report(bo: Enrolment, visit: Visit) -> None:
    made = visited(bo.leader, visit, 20, was_tried=True)
    missed = visited(bo.leader, visit, 20)
    Booking.objects.filter(pk=missed.pk).update(state="no_show")

    with_missed = visits_with_sheets(bo, now=NOW)
    BeforeSheet.objects.filter(booking=missed).delete()
    missed.delete()

    assert with_missed == visits_with_sheets(bo, now=NOW) == VisitFigures(1, 1, 1, 1)
    assert made.guest == bo.leader


def test_visits_before_day_1_or_still_ahead_do_not_count(bo: Enrolment, visit: Visit) -> None:
    visited(bo.leader, visit, 70, was_tried=True)
    make.BookingFactory(visit=visit, guest=bo.leader)

    assert visits_with_sheets(bo, now=NOW) == VisitFigures(0, 0, 0, 0)
    assert visits_with_sheets(bo, now=NOW).tried_share is None
