"""Bring one visit up to date: what has ended lapses, what is free is offered, what the host changed is passed on.

The engine does this every minute, and each act on a visit does it first, so that both see the same places. The visit is
held meanwhile (`hold`): the next one waits and then counts what is taken by now.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet

from coaching.calendars import clock, invitations
from coaching.calendars.members import calendar_of_member, calendars_of
from coaching.models import LEFT, LIVE, Booking, BookingState, Visit, VisitState
from coaching.visiting.mails import tell_called_off, tell_host_of_leaving, tell_offer, tell_passed_over, tell_undone
from coaching.visiting.queue_rules import TOO_LATE, Turn, choose, free_seats, is_near, offer_window, places_free
from coaching.visiting.rules import SEAT_KEPT_FOR

LOOK_AGAIN = timedelta(minutes=5)  # how late the clock notices what the host changed or what has ended

Unit = list[Booking]  # one booking, or two for both or none


def hold(visit: Visit) -> Visit:
    """Read the visit again and keep it: nobody else books, leaves or offers until this transaction ends."""
    visit.refresh_from_db(from_queryset=Visit.objects.select_for_update(no_key=True))
    return visit


@transaction.atomic
def settle(visit: Visit, *, now: datetime) -> None:
    """Idempotent. The visit is held from here on."""
    hold(visit)
    clock.wake(now + LOOK_AGAIN)
    bookings = list(_of_interest(visit))
    if visit.state == VisitState.CANCELLED:
        _call_off(visit, bookings, now)
        return
    _follow_the_visit(visit, bookings, now)
    for unit in units(bookings):
        _end_what_has_ended(visit, unit, now)
    _release(visit, bookings, now)
    _offer(visit, now)


def units(bookings: Iterable[Booking]) -> list[Unit]:
    """Bookings one by one, and those who asked for both or none together."""
    found: dict[object, Unit] = {}
    for booking in sorted(bookings, key=lambda each: each.pk):
        found.setdefault(booking.group or booking.pk, []).append(booking)
    return list(found.values())


def seats_taken(visit: Visit) -> list[int]:
    return list(visit.bookings.seated().values_list("seat", flat=True))


def leave_unit(unit: Unit, *, to: str, now: datetime, keeps_seat: bool) -> None:
    """All of them leave at one instant; Undo finds by it who left together."""
    for booking in unit:
        booking.left_from, booking.left_at, booking.state = booking.state, now, to
        if not keeps_seat:
            booking.seat = booking.seats = None
    Booking.objects.bulk_update(unit, ["state", "left_from", "left_at", "seat", "seats"])


def _of_interest(visit: Visit) -> QuerySet[Booking]:
    """Of a cancelled visit everybody; else those with something that may have ended, freed or moved. Often nobody."""
    found = visit.bookings.select_related("guest__person", "visit__host__member")
    if visit.state == VisitState.CANCELLED:
        return found.filter(Q(state__in=LIVE) | Q(seat__isnull=False))
    answers = Q(state__in=[BookingState.OFFERED, BookingState.ASKED])
    is_behind = Q(state__in=LIVE) & ~Q(visit_sequence=visit.sequence)
    return found.filter(answers | is_behind | Q(state__in=LEFT, seat__isnull=False))


def _follow_the_visit(visit: Visit, bookings: Sequence[Booking], now: datetime) -> None:
    behind = [each for each in bookings if each.visit_sequence != visit.sequence and each.state in LIVE]
    for booking in behind:
        booking.visit, booking.visit_sequence = visit, visit.sequence
    Booking.objects.bulk_update(behind, ["visit_sequence"])
    invitations.moved(*(each for each in behind if each.state == BookingState.BOOKED), now=now)


def _end_what_has_ended(visit: Visit, unit: Unit, now: datetime) -> None:
    has_begun = visit.starts_at <= now
    offered = [each for each in unit if each.state == BookingState.OFFERED]
    unanswered = [each for each in offered if each.accepted_at is None]
    if any(has_begun or (each.offer_until is not None and each.offer_until <= now) for each in unanswered):
        leave_unit(offered, to=BookingState.LAPSED, now=now, keeps_seat=False)
        tell_undone([each for each in offered if each.accepted_at is not None], now=now)
    asked = [each for each in unit if each.state == BookingState.ASKED]
    if asked and has_begun:
        leave_unit(asked, to=BookingState.LAPSED, now=now, keeps_seat=False)


def _release(visit: Visit, bookings: Iterable[Booking], now: datetime) -> None:
    """Give back the places of those who left, once they cannot undo it any more."""
    left = (each for each in bookings if each.state in LEFT and each.seat)
    gone = [each for each in left if each.left_at is not None and each.left_at + SEAT_KEPT_FOR <= now]
    for booking in gone:
        booking.seat = booking.seats = None
    Booking.objects.bulk_update(gone, ["seat", "seats"])
    _tell_host(visit, [each for each in gone if each.left_from == BookingState.BOOKED], now)


def _tell_host(visit: Visit, gone: Sequence[Booking], now: datetime) -> None:
    host = visit.host.member
    if gone and host is not None:
        calendar = calendar_of_member(host, visit.organisation)
        late = [each for each in gone if each.left_at and is_near(each.left_at, visit.starts_at, calendar)]
        tell_host_of_leaving(host, late, now=now)


def _offer(visit: Visit, now: datetime) -> None:
    if visit.starts_at < now + TOO_LATE:
        return
    taken = seats_taken(visit)
    free = places_free(capacity=visit.capacity, taken=len(taken))
    if not free:
        return
    waiting = list(visit.bookings.filter(state=BookingState.WAITING).select_related("guest__person"))
    if not waiting:
        return
    turns = _turns(visit, units(waiting), now)
    chosen = choose(turns.values(), free)
    seats = iter(free_seats(taken, capacity=visit.capacity, count=free))
    by_key = {each.pk: each for each in waiting}
    offered = [(by_key[key], turn) for turn in chosen.offered for key in turn.keys]
    for booking, turn in offered:
        window = turn.windows[turn.keys.index(booking.pk)]
        assert window is not None  # `choose` offers nothing to those who cannot be asked
        booking.state, booking.seat, booking.seats = BookingState.OFFERED, next(seats), visit.capacity
        booking.offered_at, booking.offer_until = window.begins, window.ends
    offers = [booking for booking, _turn in offered]
    Booking.objects.bulk_update(offers, ["state", "seat", "seats", "offered_at", "offer_until"])
    tell_offer(offers)
    passed = [by_key[key] for turn in chosen.passed_over for key in turn.keys if by_key[key].passed_over_at is None]
    for booking in passed:
        booking.passed_over_at = now
    Booking.objects.bulk_update(passed, ["passed_over_at"])
    tell_passed_over(passed, now=now)


def _turns(visit: Visit, waiting: Iterable[Unit], now: datetime) -> dict[tuple[int, ...], Turn]:
    members = [booking.guest for unit in waiting for booking in unit]
    calendars = calendars_of(members, visit.organisation)
    found = {}
    for unit in waiting:
        windows = tuple(
            offer_window(now=now, starts_at=visit.starts_at, calendar=calendars[each.guest_id]) for each in unit
        )
        keys = tuple(each.pk for each in unit)
        found[keys] = Turn(keys, unit[0].joined_at, unit[0].is_first, windows)
    return found


def _call_off(visit: Visit, bookings: Sequence[Booking], now: datetime) -> None:
    """The host cancelled: everybody gets one mail and comes first on the host's next date of this kind."""
    there = [each for each in bookings if each.state in LIVE and each.state != BookingState.NO_SHOW]
    booked = [each for each in there if each.state == BookingState.BOOKED]
    for booking in there:
        booking.visit = visit
    leave_unit(there, to=BookingState.CANCELLED, now=now, keeps_seat=False)
    invitations.cancelled(*booked, now=now)
    tell_called_off([each for each in there if each.left_from != BookingState.BOOKED], now=now)
    released = [each for each in bookings if each.state in LEFT and each not in there]
    for booking in released:
        booking.seat = booking.seats = None
    Booking.objects.bulk_update(released, ["seat", "seats"])
    if there and (following := next_date_of(visit, now=now)):
        _come_first(following, there, now)


def next_date_of(visit: Visit, *, now: datetime) -> Visit | None:
    """The host's next date of the same kind that can still be booked."""
    dates = Visit.objects.open().filter(host=visit.host_id, format=visit.format, starts_at__gt=now + timedelta(hours=2))
    return dates.exclude(pk=visit.pk).order_by("starts_at", "pk").first()


def _come_first(visit: Visit, from_elsewhere: Sequence[Booking], now: datetime) -> None:
    hold(visit)
    there = set(visit.bookings.filter(state__in=LIVE).values_list("guest_id", flat=True))
    groups: dict[UUID, UUID] = {}
    moved = [
        Booking(
            visit=visit,
            guest=each.guest,
            state=BookingState.WAITING,
            joined_at=each.joined_at,
            is_first=True,
            group=groups.setdefault(each.group, uuid4()) if each.group else None,
            visit_sequence=visit.sequence,
            key=uuid5(each.uid, str(visit.pk)),
        )
        for each in from_elsewhere
        if each.guest_id not in there
    ]
    Booking.objects.bulk_create(moved, ignore_conflicts=True)
    settle(visit, now=now)
