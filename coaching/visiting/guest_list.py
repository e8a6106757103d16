"""What the host of a visit reads: who comes, prepared or not, their sheets and thanks."""

from dataclasses import dataclass
from datetime import datetime

from coaching.models import BeforeSheet, Booking, BookingState, HostThanks, Visit
from coaching.visiting.queue_rules import places_over
from coaching.visiting.rules import can_mark_no_show
from cohorts.models import Membership

COMES = (BookingState.BOOKED, BookingState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Guest:
    """One guest with a place. Without a sheet they are unprepared, and come all the same."""

    booking: Booking
    sheet: BeforeSheet | None
    thanks: str

    @property
    def is_no_show(self) -> bool:
        return self.booking.state == BookingState.NO_SHOW


@dataclass(frozen=True, slots=True)
class GuestList:
    """Everybody with a place, those a competitor's house has to answer, and how many wait."""

    visit: Visit
    guests: list[Guest]
    asking: list[Booking]
    offered: int
    waiting: int
    over: int
    can_mark: bool

    @property
    def unprepared(self) -> int:
        return sum(guest.sheet is None for guest in self.guests)


def guest_list(visit: Visit, *, reader: Membership, now: datetime) -> GuestList:
    """Three queries, however many come. `reader` sees the sheets that are for them."""
    bookings = list(visit.bookings.live().select_related("guest").order_by("guest__name", "pk"))
    for booking in bookings:
        booking.visit = visit
    sheets = {each.booking_id: each for each in BeforeSheet.objects.visible_to(reader).filter(booking__visit=visit)}
    thanks = dict(HostThanks.objects.visible_to(reader).filter(booking__visit=visit).values_list("booking_id", "words"))
    guests = [Guest(each, sheets.get(each.pk), thanks.get(each.pk, "")) for each in bookings if each.state in COMES]
    by_state = [each.state for each in bookings]
    taken = sum(each.seat is not None for each in bookings)
    is_ahead = now < visit.starts_at
    return GuestList(
        visit=visit,
        guests=guests,
        asking=[each for each in bookings if each.state == BookingState.ASKED and is_ahead],
        offered=by_state.count(BookingState.OFFERED) if is_ahead else 0,
        waiting=by_state.count(BookingState.WAITING) if is_ahead else 0,
        over=places_over(capacity=visit.capacity, taken=taken),
        can_mark=can_mark_no_show(visit, now=now),
    )
