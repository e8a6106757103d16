"""Who books, hosts and reads. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from datetime import datetime

from django.utils.translation import gettext as _

from coaching.models import BeforeSheet, Booking, BookingState, Visit, VisitState
from cohorts.models import Membership
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotNow, NotYours


def is_guest(member: Membership, booking: Booking) -> bool:
    return member.pk == booking.guest_id


def is_host(member: Membership, visit: Visit) -> bool:
    """The member who looks after the host's dates. No admin, and no other host."""
    return member.pk == visit.host.member_id


def may_see_booking(member: Membership, booking: Booking) -> bool:
    return is_guest(member, booking) or is_host(member, booking.visit)


def may_read_before(member: Membership, sheet: BeforeSheet) -> bool:
    """The guest; the host, once the guest has a place."""
    booking = sheet.booking
    if is_guest(member, booking):
        return True
    return is_host(member, booking.visit) and booking.state in (BookingState.BOOKED, BookingState.NO_SHOW)


def may_answer_guest(member: Membership, visit: Visit) -> bool:
    """Who says yes for a competitor's house: its host; for a site without a member, an admin."""
    return is_host(member, visit) or (visit.host.member_id is None and member.is_admin)


def ensure_guest(member: Membership, booking: Booking) -> None:
    if not is_guest(member, booking):
        raise NotYours(_("Only the guest can do this."))


def ensure_host(member: Membership, visit: Visit) -> None:
    if not is_host(member, visit):
        raise NotYours(_("Only the host can do this."))


def ensure_may_answer_guest(member: Membership, visit: Visit) -> None:
    if not may_answer_guest(member, visit):
        raise NotYours(_("Only the host can do this."))


def ensure_may_book(member: Membership, visit: Visit, *, now: datetime) -> None:
    """A leader of this organisation, until the visit begins."""
    if not may(member, Permission.WALK) or not member.is_active:
        raise NotYours(_("Visits are for leaders in the programme."))
    ensure_ahead(visit, now=now)


def ensure_ahead(visit: Visit, *, now: datetime) -> None:
    if visit.state != VisitState.OPEN:
        raise NotNow(_("The host has cancelled this date."))
    if visit.starts_at <= now:
        raise NotNow(_("This date has begun or is over."))
