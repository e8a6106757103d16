"""Book, wait, take up an offer, leave, come back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from coaching.models import Booking, BookingState, CalendarMail, CoachingMail, Visit
from coaching.visiting.actions.bookings import accept_offer, answer_guest, book, leave, undo_leaving
from coaching.visiting.actions.settling import settle
from coaching.visiting.mails import VisitMail
from cohorts.models import Membership
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.coaching.visiting.conftest import leaders
from tests.times import NOW

LATER = NOW + timedelta(minutes=11)


def take(visit: Visit, guest: Membership, *, now: datetime = NOW, companion: Membership | None = None) -> Booking:
    return book(visit=visit, rules_version=1, key=uuid4(), by=guest, now=now, companion=companion)


def accept(booking: Booking, now: datetime = LATER) -> Booking:
    return accept_offer(booking=booking, rules_version=1, by=booking.guest, now=now)


def go(booking: Booking, now: datetime = NOW) -> Booking:
    return leave(booking=booking, by=booking.guest, now=now)


def states(*bookings: Booking) -> list[str]:
    for booking in bookings:
        booking.refresh_from_db()
    return [booking.state for booking in bookings]


def mails(kind: VisitMail) -> list[str]:
    return list(CoachingMail.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_two_places_are_booked_and_the_third_waits(inside: Cast, visit: Visit) -> None:
    found = [take(visit, guest) for guest in leaders(inside, 3)]

    assert states(*found) == ["booked", "booked", "waiting"]
    assert sorted(each.seat for each in found if each.seat) == [1, 2]


def test_booking_twice_is_booking_once(inside: Cast, visit: Visit) -> None:
    key = uuid4()
    first = book(visit=visit, rules_version=1, key=key, by=inside.ada, now=NOW)

    again = book(visit=visit, rules_version=1, key=key, by=inside.ada, now=NOW)
    other_tab = take(visit, inside.ada)

    assert first.pk == again.pk == other_tab.pk


def test_a_booking_goes_to_the_guests_calendar_alone(inside: Cast, visit: Visit) -> None:
    booking = take(visit, inside.ada)

    found = CalendarMail.objects.filter(uid=booking.uid).values_list("recipient", "sequence", "method")
    assert list(found) == [(inside.ada.pk, 0, "REQUEST")]


def test_somebody_in_the_line_has_nothing_in_their_calendar(inside: Cast, visit: Visit) -> None:
    waiting = [take(visit, guest) for guest in leaders(inside, 3)][-1]

    assert not CalendarMail.objects.filter(uid=waiting.uid).exists()


@pytest.mark.parametrize("version", [None, 2])
def test_the_house_rules_of_now_are_accepted(inside: Cast, visit: Visit, version: int | None) -> None:
    with pytest.raises(Invalid, match="house rules"):
        book(visit=visit, rules_version=version, key=uuid4(), by=inside.ada, now=NOW)


def test_the_accepted_version_is_stored(inside: Cast, visit: Visit) -> None:
    assert take(visit, inside.ada).rules_version == 1


def test_only_leaders_book(inside: Cast, visit: Visit) -> None:
    for member in (inside.sol, inside.hana, inside.gro):
        with pytest.raises(NotYours):
            take(visit, member)


def test_a_date_that_has_begun_cannot_be_booked(inside: Cast, visit: Visit) -> None:
    with pytest.raises(NotNow):
        take(visit, inside.ada, now=visit.starts_at)


def test_a_freed_place_is_offered_once_the_undo_is_over(inside: Cast, visit: Visit) -> None:
    first, _second, third, fourth = (take(visit, guest) for guest in leaders(inside, 4))

    go(first)
    settle(visit, now=NOW + timedelta(minutes=9))
    before = states(third, fourth)
    settle(visit, now=LATER)

    assert before == ["waiting", "waiting"]
    assert states(first, third, fourth) == ["cancelled", "offered", "waiting"]
    assert third.offer_until == datetime(2026, 3, 16, 8, 41, tzinfo=UTC)
    assert mails(VisitMail.OFFER) == [third.guest.name]


def test_a_live_offer_takes_its_place(inside: Cast, visit: Visit) -> None:
    """Counting offers as free is how a visit is booked over."""
    guests = leaders(inside, 4)
    first, _second, third = (take(visit, guest) for guest in guests[:3])
    go(first)
    settle(visit, now=LATER)

    newcomer = take(visit, guests[3], now=LATER)

    assert states(third, newcomer) == ["offered", "waiting"]


def test_an_offer_is_taken_up(inside: Cast, visit: Visit) -> None:
    first, _second, third = (take(visit, guest) for guest in leaders(inside, 3))
    go(first)
    settle(visit, now=LATER)
    third.refresh_from_db()

    accept(third)
    accept(third)

    assert states(third) == ["booked"]
    assert CalendarMail.objects.filter(uid=third.uid, method="REQUEST").count() == 1


def test_an_offer_that_lapses_goes_to_the_next(inside: Cast, visit: Visit) -> None:
    first, _second, third, fourth = (take(visit, guest) for guest in leaders(inside, 4))
    go(first)
    settle(visit, now=LATER)
    third.refresh_from_db()

    settle(visit, now=third.offer_until)

    assert states(third, fourth) == ["lapsed", "offered"]
    with pytest.raises(NotNow):
        accept(third, now=third.offer_until)


def test_declining_goes_to_the_next_and_keeps_no_grudge(inside: Cast, visit: Visit) -> None:
    first, _second, third, fourth = (take(visit, guest) for guest in leaders(inside, 4))
    go(first)
    settle(visit, now=LATER)

    go(third, LATER)
    settle(visit, now=LATER + timedelta(minutes=11))
    again = take(visit, third.guest, now=LATER + timedelta(hours=1))

    assert states(third, fourth, again) == ["declined", "offered", "waiting"]
    assert again.uid != third.uid


def test_cancelling_after_an_offer_does_not_put_you_back_in_the_line(inside: Cast, visit: Visit) -> None:
    """pretix#1163: redeem and cancel brought another voucher."""
    first, second, third = (take(visit, guest) for guest in leaders(inside, 3))
    go(first)
    settle(visit, now=LATER)
    third.refresh_from_db()
    accept(third)
    go(third, LATER)

    go(second, LATER)
    settle(visit, now=LATER + timedelta(minutes=30))

    assert states(third) == ["cancelled"]
    assert Booking.objects.filter(guest=third.guest).count() == 1


def test_no_offer_goes_out_at_night(inside: Cast, visit: Visit) -> None:
    first, _second, third = (take(visit, guest) for guest in leaders(inside, 3))
    night = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)  # three in Oslo
    go(first, night - timedelta(minutes=10))

    settle(visit, now=night)

    mail = CoachingMail.objects.get(kind=VisitMail.OFFER)
    third.refresh_from_db()
    assert third.state == BookingState.OFFERED
    assert mail.not_before == third.offered_at == datetime(2026, 3, 12, 7, 0, tzinfo=UTC)
    assert third.offer_until == datetime(2026, 3, 16, 15, 0, tzinfo=UTC)  # Thursday, Friday, Monday


def test_no_offer_goes_out_two_hours_before_the_start(inside: Cast, visit: Visit) -> None:
    first, _second, third = (take(visit, guest) for guest in leaders(inside, 3))
    late = visit.starts_at - timedelta(hours=2)
    go(first, late - timedelta(minutes=10))

    settle(visit, now=late + timedelta(seconds=1))

    assert states(third) == ["waiting"]


def test_more_places_are_offered_at_once(inside: Cast, visit: Visit) -> None:
    found = [take(visit, guest) for guest in leaders(inside, 5)]
    Visit.objects.filter(pk=visit.pk).update(capacity=4)

    settle(visit, now=NOW)

    assert states(*found) == ["booked", "booked", "offered", "offered", "waiting"]


def test_fewer_places_throw_nobody_out(inside: Cast, visit: Visit) -> None:
    guests = leaders(inside, 5)
    Visit.objects.filter(pk=visit.pk).update(capacity=4)
    found = [take(visit, guest) for guest in guests[:4]]
    Visit.objects.filter(pk=visit.pk).update(capacity=2)

    newcomer = take(visit, guests[4])
    go(found[0])
    settle(visit, now=LATER)

    assert states(*found[1:], newcomer) == ["booked", "booked", "booked", "waiting"]


def test_leaving_can_be_undone_for_ten_minutes(inside: Cast, visit: Visit) -> None:
    first, _second, third = (take(visit, guest) for guest in leaders(inside, 3))

    go(first)
    undo_leaving(booking=first, by=first.guest, now=NOW + timedelta(minutes=9))

    assert states(first, third) == ["booked", "waiting"]


def test_after_ten_minutes_leaving_cannot_be_undone(inside: Cast, visit: Visit) -> None:
    first = take(visit, inside.ada)
    go(first)

    with pytest.raises(NotNow, match="ten minutes"):
        undo_leaving(booking=first, by=inside.ada, now=NOW + timedelta(minutes=10))


def test_leaving_the_line_can_be_undone_without_losing_the_turn(inside: Cast, visit: Visit) -> None:
    waiting = [take(visit, guest) for guest in leaders(inside, 3)][-1]

    go(waiting)
    undo_leaving(booking=waiting, by=waiting.guest, now=LATER - timedelta(minutes=5))

    assert (states(waiting), waiting.joined_at) == (["waiting"], NOW)


def test_booking_again_right_after_leaving_is_a_new_booking(inside: Cast, visit: Visit) -> None:
    first = take(visit, inside.ada)
    go(first)

    again = take(visit, inside.ada)

    assert states(first, again) == ["cancelled", "booked"]
    assert (again.uid != first.uid, again.sequence) == (True, 0)
    with pytest.raises(NotNow):
        undo_leaving(booking=first, by=inside.ada, now=NOW)


def test_a_visit_cannot_be_left_once_it_has_begun(inside: Cast, visit: Visit) -> None:
    first = take(visit, inside.ada)

    with pytest.raises(NotNow):
        go(first, visit.starts_at)


def test_only_the_guest_leaves_accepts_and_undoes(inside: Cast, visit: Visit) -> None:
    first = take(visit, inside.ada)
    for other in (inside.bo, inside.gro, inside.hana, inside.sol):
        with pytest.raises(NotYours):
            leave(booking=first, by=other, now=NOW)
        with pytest.raises(NotYours):
            undo_leaving(booking=first, by=other, now=NOW)
        with pytest.raises(NotYours):
            accept_offer(booking=first, rules_version=1, by=other, now=NOW)


@pytest.mark.parametrize(("days_before", "told"), [(5, 0), (1, 1)])
def test_the_host_hears_of_a_late_cancellation(inside: Cast, visit: Visit, days_before: int, told: int) -> None:
    first = take(visit, inside.ada)
    at = visit.starts_at - timedelta(days=days_before)

    go(first, at)
    settle(visit, now=at + timedelta(minutes=10))

    assert mails(VisitMail.LEFT) == [inside.gro.name] * told


def test_an_undone_cancellation_reaches_no_host(inside: Cast, visit: Visit) -> None:
    first = take(visit, inside.ada)
    at = visit.starts_at - timedelta(days=1)
    go(first, at)
    undo_leaving(booking=first, by=inside.ada, now=at)

    settle(visit, now=at + timedelta(minutes=10))

    assert mails(VisitMail.LEFT) == []


# Both or none


def test_two_get_both_places_once_both_say_yes(inside: Cast, visit: Visit) -> None:
    guest, other = leaders(inside, 2)
    first = take(visit, guest, companion=other)
    second = Booking.objects.get(guest=other)

    before = states(first, second)
    accept(second)

    assert before == ["offered", "offered"]
    assert states(first, second) == ["booked", "booked"]
    assert CalendarMail.objects.filter(uid__in=[first.uid, second.uid]).count() == 2


def test_two_get_neither_place_when_one_says_no(inside: Cast, visit: Visit) -> None:
    guest, other = leaders(inside, 2)
    first = take(visit, guest, companion=other)
    second = Booking.objects.get(guest=other)

    go(second, LATER)

    assert states(first, second) == ["cancelled", "declined"]
    assert mails(VisitMail.UNDONE) == [guest.name]


def test_two_get_neither_place_when_one_does_not_answer(inside: Cast, visit: Visit) -> None:
    guest, other = leaders(inside, 2)
    first = take(visit, guest, companion=other)
    second = Booking.objects.get(guest=other)

    settle(visit, now=second.offer_until)

    assert states(first, second) == ["lapsed", "lapsed"]
    assert mails(VisitMail.UNDONE) == [guest.name]


def test_for_one_place_the_line_passes_over_two_and_tells_them(inside: Cast, visit: Visit) -> None:
    one, two, guest, other, single = leaders(inside, 5)
    first, second = take(visit, one), take(visit, two)
    pair = take(visit, guest, companion=other)
    partner = Booking.objects.get(guest=other)
    last = take(visit, single, now=NOW + timedelta(seconds=1))

    go(first)
    settle(visit, now=LATER)
    passed = states(pair, partner, last)
    told = sorted(mails(VisitMail.PASSED_OVER))
    go(second, LATER)
    go(last, LATER)
    settle(visit, now=LATER + timedelta(minutes=11))

    assert passed == ["waiting", "waiting", "offered"]
    assert told == sorted([guest.name, other.name])
    assert states(pair, partner) == ["offered", "offered"]


def test_only_a_leader_of_ones_own_cohort_comes_along(inside: Cast, visit: Visit) -> None:
    for stranger in (inside.sol, inside.gro, inside.ada):
        with pytest.raises(Invalid, match="cohort"):
            take(visit, inside.ada, companion=stranger)


def test_leaving_together_is_undone_together(inside: Cast, visit: Visit) -> None:
    guest, other = leaders(inside, 2)
    first = take(visit, guest, companion=other)
    second = Booking.objects.get(guest=other)
    go(first)

    undo_leaving(booking=first, by=guest, now=NOW + timedelta(minutes=1))

    assert states(first, second) == ["offered", "offered"]


def test_of_two_who_are_booked_one_can_leave(inside: Cast, visit: Visit) -> None:
    guest, other = leaders(inside, 2)
    first = take(visit, guest, companion=other)
    second = accept(Booking.objects.get(guest=other))

    go(first, LATER)

    assert states(first, second) == ["cancelled", "booked"]


# A competitor's house


@pytest.fixture
def at_a_competitor(visit: Visit) -> Visit:
    visit.host.is_competitor = True
    visit.host.save(update_fields=["is_competitor"])
    return visit


@pytest.mark.parametrize(("is_welcome", "state", "invited"), [(True, "booked", 1), (False, "declined", 0)])
def test_a_competitors_house_answers_before_a_booking_counts(
    inside: Cast, at_a_competitor: Visit, *, is_welcome: bool, state: str, invited: int
) -> None:
    booking = take(at_a_competitor, inside.ada)
    before = states(booking)

    answer_guest(booking=booking, is_welcome=is_welcome, by=inside.gro, now=NOW)

    assert (before, states(booking)) == (["asked"], [state])
    assert CalendarMail.objects.filter(uid=booking.uid).count() == invited
    assert mails(VisitMail.ANSWERED) == [inside.ada.name] * (not is_welcome)


def test_nobody_else_answers_for_a_competitors_house(inside: Cast, at_a_competitor: Visit) -> None:
    booking = take(at_a_competitor, inside.ada)

    for member in (inside.ada, inside.hana, inside.sol):
        with pytest.raises(NotYours):
            answer_guest(booking=booking, is_welcome=True, by=member, now=NOW)


def test_a_competitors_house_that_never_answers_has_not_said_yes(inside: Cast, at_a_competitor: Visit) -> None:
    booking = take(at_a_competitor, inside.ada)

    settle(at_a_competitor, now=at_a_competitor.starts_at)

    assert states(booking) == ["lapsed"]


# What PostgreSQL refuses


def test_the_database_refuses_a_seat_twice(inside: Cast, visit: Visit) -> None:
    make.BookingFactory(visit=visit, seat=1, seats=2)

    with pytest.raises(IntegrityError, match="booking_seat_once"), transaction.atomic():
        make.BookingFactory(visit=visit, seat=1, seats=2)


def test_the_database_refuses_a_seat_beyond_the_places(inside: Cast, visit: Visit) -> None:
    with pytest.raises(IntegrityError, match="booking_seat_within_capacity"), transaction.atomic():
        make.BookingFactory(visit=visit, seat=3, seats=2)


@pytest.mark.parametrize("state", ["booked", "offered", "asked", "no_show"])
def test_the_database_refuses_a_place_without_a_seat(inside: Cast, visit: Visit, state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.BookingFactory(visit=visit, state=state, seat=None, seats=None, offered_at=NOW, offer_until=NOW)


def test_the_same_form_sent_to_another_date_is_another_booking(inside: Cast, visit: Visit) -> None:
    other, key = make.VisitFactory(host=visit.host, capacity=2, title="Another day"), uuid4()

    found = [book(visit=each, rules_version=1, key=key, by=inside.ada, now=NOW) for each in (visit, other)]

    assert states(*found) == ["booked", "booked"]
