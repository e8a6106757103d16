"""The mails of visits: rows of the outbox. Each is written once however often its moment is met.

None quotes a sheet, names another guest, or says where in the line somebody is.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from coaching.models import Booking, CoachingMail, Visit
from cohorts.models import Membership


class VisitMail(StrEnum):
    """What a mail is about; for those of `visit_guests` the key of a visit, for the others that of a booking."""

    OFFER = "visit_offer"
    TOGETHER = "visit_together"  # somebody asked to come with you
    PASSED_OVER = "visit_passed_over"
    UNDONE = "visit_undone"  # the other of two did not take the place
    CALLED_OFF = "visit_called_off"
    ANSWERED = "visit_answered"  # the host of a competitor's house said no
    LEFT = "visit_left"  # to the host: a guest cancelled at short notice
    SHEET = "visit_sheet"
    GUESTS = "visit_guests"  # to the host: all sheets on one page
    AFTERWARDS = "visit_afterwards"


def tell_offer(bookings: Iterable[Booking]) -> None:
    """Goes out when the offer begins: in the guest's working hours."""
    _write(_mail(VisitMail.OFFER, each.guest, each.pk, each.offered_at) for each in bookings if each.offered_at)


def tell_together(booking: Booking, *, now: datetime) -> None:
    _write([_mail(VisitMail.TOGETHER, booking.guest, booking.pk, now)])


def tell_passed_over(bookings: Iterable[Booking], *, now: datetime) -> None:
    _write(_mail(VisitMail.PASSED_OVER, each.guest, each.pk, now) for each in bookings)


def tell_undone(bookings: Iterable[Booking], *, now: datetime) -> None:
    _write(_mail(VisitMail.UNDONE, each.guest, each.pk, now) for each in bookings)


def tell_called_off(bookings: Iterable[Booking], *, now: datetime) -> None:
    """Those without a place. Those with one get the cancellation in their calendar, and no second mail."""
    _write(_mail(VisitMail.CALLED_OFF, each.guest, each.pk, now) for each in bookings)


def tell_answered(bookings: Iterable[Booking], *, now: datetime) -> None:
    _write(_mail(VisitMail.ANSWERED, each.guest, each.pk, now) for each in bookings)


def tell_host_of_leaving(host: Membership, bookings: Iterable[Booking], *, now: datetime) -> None:
    _write(_mail(VisitMail.LEFT, host, each.pk, now) for each in bookings)


def tell_guests(visit: Visit, *, at: datetime) -> None:
    """Again for each new date: a moved visit has its sheets read anew."""
    host = visit.host.member
    if host is not None:
        _write([_mail(VisitMail.GUESTS, host, visit.pk, at, number=visit.sequence + 1)])


def remind_of_sheet(booking: Booking, kind: VisitMail, *, at: datetime) -> None:
    _write([_mail(kind, booking.guest, booking.pk, at, number=booking.visit_sequence + 1)])


def _mail(kind: VisitMail, recipient: Membership, about: int, at: datetime, *, number: int = 1) -> CoachingMail:
    return CoachingMail(recipient=recipient, kind=kind, about=about, number=number, due_at=at, not_before=at)


def _write(mails: Iterable[CoachingMail]) -> None:
    CoachingMail.objects.bulk_create(mails, ignore_conflicts=True)
