"""Book a place, take up or decline an offer, leave and come back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.calendars import invitations
from coaching.calendars.members import calendars_of
from coaching.models import LEFT, LIVE, Booking, BookingState, Visit
from coaching.visiting.actions.settling import Unit, leave_unit, seats_taken, settle
from coaching.visiting.companions import companions_of
from coaching.visiting.mails import tell_answered, tell_together, tell_undone
from coaching.visiting.policies import ensure_ahead, ensure_guest, ensure_may_answer_guest, ensure_may_book
from coaching.visiting.queue_rules import Window, free_seats, offer_window, places_free
from coaching.visiting.rules import SEAT_KEPT_FOR, ensure_companion, ensure_house_rules
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow


@transaction.atomic
def book(
    *,
    visit: Visit,
    rules_version: int | None,
    key: UUID,
    by: Membership,
    now: datetime,
    companion: Membership | None = None,
) -> Booking:
    """Take a place, or the last place in the line. With a companion: both or none, and they are asked.

    Idempotent by key, and by guest: somebody who is in the line or has a place keeps that.
    """
    ensure_may_book(by, visit, now=now)
    settle(visit, now=now)
    ensure_may_book(by, visit, now=now)
    key = uuid5(key, str(visit.pk))  # the same form of another date is another booking
    mine = list(visit.bookings.filter(guest=by))
    there = next((each for each in mine if each.key == key or each.state in LIVE), None)
    if there is not None:
        return there
    ensure_house_rules(rules_version, visit.host)
    if any(each.seat for each in mine):
        _give_up_old_seat(visit, by)
    if companion is not None:
        return _book_together(visit, by, companion, rules_version, key, now)
    booking = _new(visit, by, now, key, rules_version)
    if free := _free(visit, 1):
        booking.seat, booking.seats = free[0], visit.capacity
        booking.state = BookingState.ASKED if visit.host.is_competitor else BookingState.BOOKED
    booking.save(force_insert=True)
    if booking.state == BookingState.BOOKED:
        invitations.invite(booking, now=now)
    return booking


@transaction.atomic
def accept_offer(*, booking: Booking, rules_version: int | None, by: Membership, now: datetime) -> Booking:
    """Take up an offer. Of two, both must. Idempotent. Raises NotNow when it has ended."""
    ensure_guest(by, booking)
    settle(booking.visit, now=now)
    booking.refresh_from_db()
    if booking.state in (BookingState.BOOKED, BookingState.ASKED):
        return booking
    if booking.state != BookingState.OFFERED:
        raise NotNow(_("This offer has ended. You can join the waiting list again."))
    ensure_ahead(booking.visit, now=now)
    ensure_house_rules(rules_version, booking.visit.host)
    booking.accepted_at, booking.rules_version = now, rules_version
    booking.save(update_fields=["accepted_at", "rules_version"])
    unit = _unit(booking, BookingState.OFFERED)
    if all(each.accepted_at for each in unit):
        _seat(unit, booking.visit, now)
    booking.refresh_from_db()
    return booking


@transaction.atomic
def leave(*, booking: Booking, by: Membership, now: datetime) -> Booking:
    """Cancel a place, decline an offer or leave the line, until the visit begins. Idempotent.

    The place is kept for ten minutes for Undo. Two who are still waiting for both or none leave together.
    """
    ensure_guest(by, booking)
    settle(booking.visit, now=now)
    booking.refresh_from_db()
    if booking.state in LEFT:
        return booking
    ensure_ahead(booking.visit, now=now)
    was = booking.state
    unit = [booking] if was == BookingState.BOOKED else _unit(booking, was)
    others = [each for each in unit if each.pk != booking.pk]
    to = BookingState.DECLINED if was == BookingState.OFFERED else BookingState.CANCELLED
    leave_unit([booking], to=to, now=now, keeps_seat=True)
    leave_unit(others, to=BookingState.CANCELLED, now=now, keeps_seat=True)
    tell_undone(others, now=now + SEAT_KEPT_FOR)
    if was == BookingState.BOOKED:
        invitations.cancelled(booking, now=now)
    return booking


@transaction.atomic
def undo_leaving(*, booking: Booking, by: Membership, now: datetime) -> Booking:
    """Back to where they were, for ten minutes. Those who left with them come back, too. Idempotent."""
    ensure_guest(by, booking)
    visit = booking.visit
    settle(visit, now=now)
    booking.refresh_from_db()
    if booking.state not in LEFT:
        return booking
    ensure_ahead(visit, now=now)
    unit = _left_together(booking)
    if not all(_can_come_back(each, now) for each in unit):
        raise NotNow(_("This could be undone for ten minutes. You can book again while there are places."))
    for each in unit:
        each.state, each.left_from, each.left_at = each.left_from, "", None
    Booking.objects.bulk_update(unit, ["state", "left_from", "left_at"])
    back = [each for each in unit if each.state == BookingState.BOOKED]
    invitations.restored(*back, now=now)
    booking.refresh_from_db()
    return booking


@transaction.atomic
def answer_guest(*, booking: Booking, is_welcome: bool, by: Membership, now: datetime) -> Booking:
    """The yes or no of a competitor's house. Two together get one answer. Idempotent."""
    ensure_may_answer_guest(by, booking.visit)
    settle(booking.visit, now=now)
    booking.refresh_from_db()
    if booking.state != BookingState.ASKED:
        return booking
    unit = _unit(booking, BookingState.ASKED)
    if is_welcome:
        _confirm(unit, now)
    else:
        leave_unit(unit, to=BookingState.DECLINED, now=now, keeps_seat=False)
        tell_answered(unit, now=now)
    verb = "welcomed guest" if is_welcome else "declined guest"
    record(by=by, verb=verb, thing=booking.visit, now=now, guest=booking.guest_id)
    booking.refresh_from_db()
    return booking


def _book_together(
    visit: Visit, guest: Membership, companion: Membership, rules_version: int | None, key: UUID, now: datetime
) -> Booking:
    ensure_companion(companion, companions_of(guest, visit))
    group = uuid4()
    first = _new(visit, guest, now, key, rules_version, group)
    second = _new(visit, companion, now, uuid5(key, "companion"), None, group)
    unit = [first, second]
    free = _free(visit, 2)
    windows = _windows(visit, unit, now)
    if len(free) == len(unit) and None in windows:
        raise NotNow(_("There is no time to ask someone else before this date. You can book for yourself."))
    if len(free) == len(unit):
        for booking, seat, window in zip(unit, free, windows, strict=True):
            assert window is not None  # asked just above
            booking.state, booking.seat, booking.seats = BookingState.OFFERED, seat, visit.capacity
            booking.offered_at, booking.offer_until = window.begins, window.ends
        first.accepted_at = now
    for booking in unit:
        booking.save(force_insert=True)
    tell_together(second, now=second.offered_at or now)
    return first


def _new(
    visit: Visit, guest: Membership, now: datetime, key: UUID, rules_version: int | None, group: UUID | None = None
) -> Booking:
    return Booking(
        visit=visit,
        guest=guest,
        state=BookingState.WAITING,
        joined_at=now,
        group=group,
        rules_version=rules_version,
        visit_sequence=visit.sequence,
        key=key,
    )


def _free(visit: Visit, wanted: int) -> list[int]:
    """So many free seats, or fewer. Who could have been offered one has been: the line is served before."""
    taken = seats_taken(visit)
    free = places_free(capacity=visit.capacity, taken=len(taken))
    return free_seats(taken, capacity=visit.capacity, count=min(free, wanted))


def _windows(visit: Visit, unit: Sequence[Booking], now: datetime) -> list[Window | None]:
    calendars = calendars_of([each.guest for each in unit], visit.organisation)
    return [offer_window(now=now, starts_at=visit.starts_at, calendar=calendars[each.guest_id]) for each in unit]


def _unit(booking: Booking, state: str) -> Unit:
    if booking.group is None:
        return [booking]
    return list(booking.visit.bookings.filter(group=booking.group, state=state).select_related("guest__person"))


def _seat(unit: Unit, visit: Visit, now: datetime) -> None:
    if visit.host.is_competitor:
        for booking in unit:
            booking.state = BookingState.ASKED
        Booking.objects.bulk_update(unit, ["state"])
    else:
        _confirm(unit, now)


def _confirm(unit: Unit, now: datetime) -> None:
    for booking in unit:
        booking.state = BookingState.BOOKED
    Booking.objects.bulk_update(unit, ["state"])
    invitations.invite(*unit, now=now)


def _left_together(booking: Booking) -> Unit:
    if booking.group is None or booking.left_from == BookingState.BOOKED:
        return [booking]
    return list(booking.visit.bookings.filter(group=booking.group, left_at=booking.left_at))


def _can_come_back(booking: Booking, now: datetime) -> bool:
    if booking.left_at is None or booking.left_at + SEAT_KEPT_FOR <= now:
        return False
    if booking.left_from == BookingState.OFFERED and booking.offer_until and booking.offer_until <= now:
        return False
    has_place = booking.seat is not None or booking.left_from == BookingState.WAITING
    return has_place and not booking.visit.bookings.live().filter(guest=booking.guest_id).exists()


def _give_up_old_seat(visit: Visit, guest: Membership) -> None:
    """Booking again right after leaving: the place that was kept for Undo is the one to book."""
    visit.bookings.filter(guest=guest, state__in=LEFT).update(seat=None, seats=None)
