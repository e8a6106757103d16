"""What each mail of visits says, and until when it is needed. `mails.py` beside it writes the rows.

Facts are names, numbers and dates. No sheet is quoted, and nobody reads where in the line they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.calendars.coaching_mail import Kind
from coaching.models import LEFT, AfterSheet, BeforeSheet, Booking, BookingState, CoachingMail, Visit, VisitState
from coaching.visiting.mails import VisitMail
from cohorts.models import Membership, Organisation

Facts = Mapping[str, Any]
Needed = Callable[[Sequence[CoachingMail], Organisation, datetime], Mapping[int, Facts]]


def _about_bookings(still: Callable[[Any, datetime], bool]) -> Needed:
    """The mails about bookings of which `still` holds when they go."""

    def needed(mails: Sequence[CoachingMail], _organisation: Organisation, now: datetime) -> Mapping[int, Facts]:
        rows = Booking.objects.select_related("visit__host", "guest").annotate(
            has_before=Exists(BeforeSheet.objects.filter(booking=OuterRef("pk"))),
            has_after=Exists(AfterSheet.objects.filter(booking=OuterRef("pk"))),
        )
        bookings = rows.in_bulk({mail.about for mail in mails})
        partners = _partners(bookings.values())
        found = {}
        for mail in mails:
            booking = bookings.get(mail.about)
            if booking is not None and still(booking, now):
                partner = partners.get((booking.group, booking.pk), "")
                found[mail.pk] = {**_facts(booking, mail.recipient), "partner": partner}
        return found

    return needed


def _facts(booking: Booking, reader: Membership) -> Facts:
    with translation.override(reader.person.language):
        return {
            "host": booking.visit.host.name,
            "guest": booking.guest.name,
            "visit_on": _moment(booking.starts_at, reader),
            "until": _moment(booking.offer_until, reader) if booking.offer_until else "",
        }


def _partners(bookings: Iterable[Booking]) -> dict[tuple[Any, int], str]:
    groups = {each.group: each for each in bookings if each.group}
    rows = Booking.objects.filter(group__in=groups).select_related("guest")
    both = [(each.group, each.pk, each.guest.name) for each in rows]
    return {(group, key): name for group, key, _own in both for other, pk, name in both if other == group and pk != key}


def _moment(at: datetime, reader: Membership) -> str:
    """A day and an hour on the reader's own clock."""
    local = at.astimezone(reader.zone)
    words = {"when": formats.date_format(local, "WEEKDAY_FORMAT"), "hour": formats.date_format(local, "TIME_FORMAT")}
    return _("%(when)s, %(hour)s") % words


def _is_ahead(booking: Booking, now: datetime) -> bool:
    return booking.visit.state == VisitState.OPEN and now < booking.starts_at


def _is_offered(booking: Booking, now: datetime) -> bool:
    is_open = booking.state == BookingState.OFFERED and booking.accepted_at is None
    return is_open and _is_ahead(booking, now) and booking.offer_until is not None and now < booking.offer_until


def _asked_along(booking: Booking, now: datetime) -> bool:
    return _is_offered(booking, now) or (booking.state == BookingState.WAITING and _is_ahead(booking, now))


def _guests_needed(mails: Sequence[CoachingMail], _organisation: Organisation, now: datetime) -> Mapping[int, Facts]:
    booked = Q(bookings__state=BookingState.BOOKED)
    rows = Visit.objects.annotate(
        guests=Count("bookings", filter=booked, distinct=True),
        prepared=Count("bookings__before_sheets", filter=booked, distinct=True),
    )
    visits = rows.in_bulk({mail.about for mail in mails})
    found = {}
    for mail in mails:
        visit = visits.get(mail.about)
        is_on = visit is not None and visit.state == VisitState.OPEN and now < visit.starts_at
        if visit is None or not is_on or mail.number != visit.sequence + 1 or not visit.guests:
            continue
        with translation.override(mail.recipient.person.language):
            when = _moment(visit.starts_at, mail.recipient)
        found[mail.pk] = {"visit_on": when, "guests": visit.guests, "unprepared": visit.guests - visit.prepared}
    return found


def _booking_page(mail: CoachingMail) -> tuple[Any, ...]:
    return ("booking", mail.about)


def _guest_mail(
    name: VisitMail, act: str | Promise, still: Callable[[Any, datetime], bool], *, is_asked_for: bool
) -> Kind:
    return Kind(name=name, act=act, page=_booking_page, needed=_about_bookings(still), is_asked_for=is_asked_for)


def _waits(booking: Booking, now: datetime) -> bool:
    return booking.state == BookingState.WAITING and _is_ahead(booking, now)


def _has_left(booking: Booking, now: datetime) -> bool:
    return booking.state in LEFT and _is_ahead(booking, now)


def _is_called_off(booking: Booking, now: datetime) -> bool:
    return booking.visit.state == VisitState.CANCELLED


def _is_unprepared(booking: Any, now: datetime) -> bool:
    return booking.state == BookingState.BOOKED and not booking.has_before and _is_ahead(booking, now)


def _has_noted_nothing(booking: Any, now: datetime) -> bool:
    return booking.state == BookingState.BOOKED and not booking.has_after and booking.ends_at <= now


SEE = gettext_lazy("See the date")
GUESTS = gettext_lazy("See your guests")
VISIT_MAILS: tuple[Kind, ...] = (
    _guest_mail(VisitMail.OFFER, gettext_lazy("Answer the offer"), _is_offered, is_asked_for=True),
    _guest_mail(VisitMail.TOGETHER, gettext_lazy("Answer"), _asked_along, is_asked_for=False),
    _guest_mail(VisitMail.PASSED_OVER, SEE, _waits, is_asked_for=True),
    _guest_mail(VisitMail.UNDONE, SEE, _has_left, is_asked_for=True),
    _guest_mail(VisitMail.CALLED_OFF, SEE, _is_called_off, is_asked_for=True),
    _guest_mail(VisitMail.ANSWERED, SEE, _has_left, is_asked_for=True),
    Kind(name=VisitMail.LEFT, act=GUESTS, page=_booking_page, needed=_about_bookings(_has_left)),
    Kind(
        name=VisitMail.SHEET,
        act=gettext_lazy("Write your sheet"),
        page=lambda mail: ("before_sheet", mail.about),
        needed=_about_bookings(_is_unprepared),
    ),
    Kind(
        name=VisitMail.GUESTS,
        act=GUESTS,
        page=lambda mail: ("visit_guests", mail.about),
        needed=_guests_needed,
    ),
    Kind(
        name=VisitMail.AFTERWARDS,
        act=gettext_lazy("Note one thing to try"),
        page=lambda mail: ("after_sheet", mail.about),
        needed=_about_bookings(_has_noted_nothing),
    ),
)
