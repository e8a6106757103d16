"""One turn of the clock for the visits of an organisation: settle what has something due, and write due reminders."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from coaching.calendars import clock
from coaching.calendars.members import calendars_of
from coaching.calendars.working_time import add_working_hours
from coaching.models import LEFT, LIVE, AfterSheet, BeforeSheet, Booking, BookingState, Visit, VisitState
from coaching.visiting.actions.settling import LOOK_AGAIN, settle
from coaching.visiting.mails import VisitMail, remind_of_sheet, tell_guests
from coaching.visiting.queue_rules import TOO_LATE
from coaching.visiting.rules import SEAT_KEPT_FOR
from coaching.visiting.sheet_dates import after_due_on, before_due_on, host_reads_on
from cohorts.failures import logged
from cohorts.models import Organisation
from cohorts.schedule.path import Calendar, local_instant
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import within

MORNING = time(8)
REMINDED_BEFORE = timedelta(days=21)  # two working days before a visit can be so far off after days away
REMINDED_AFTER = timedelta(days=5)
NEAR = timedelta(days=10)


def turn_visits(organisation: Organisation, *, now: datetime) -> None:
    """Idempotent. Opens the organisation itself; one visit is one transaction, and one that fails stops no other."""
    with within(organisation):
        due = list(due_visits(now=now))
    for key in due:
        alone = logged("a visit could not be settled", organisation_id=organisation.pk, visit_id=key)
        with alone, within(organisation):
            settle(Visit.objects.select_related("host__member").get(pk=key), now=now)
    with within(organisation):
        remind(organisation, now=now)
        if (at := next_look(now=now)) is not None:
            clock.wake(at)


def due_visits(*, now: datetime) -> Iterator[int]:
    """Visits on which something ended, was given back, was changed by the host, or is free while somebody waits."""
    bookings = Booking.objects.filter(visit=OuterRef("pk"))
    ended = Q(state=BookingState.OFFERED, offer_until__lte=now) | Q(
        state__in=[BookingState.OFFERED, BookingState.ASKED], visit__starts_at__lte=now
    )
    given_back = Q(state__in=LEFT, seat__isnull=False, left_at__lte=now - SEAT_KEPT_FOR)
    behind = Q(state__in=LIVE) & ~Q(visit_sequence=F("visit__sequence"))
    cancelled = Q(state__in=set(LIVE) - {BookingState.NO_SHOW}, visit__state=VisitState.CANCELLED)
    waits = Exists(bookings.filter(state=BookingState.WAITING))
    has_room = Q(taken__lt=F("capacity"), state=VisitState.OPEN, waits=True, starts_at__gt=now + TOO_LATE)
    something = Exists(bookings.filter(ended | given_back | behind | cancelled))
    visits = Visit.objects.annotate(
        something=something, waits=waits, taken=Count("bookings", filter=Q(bookings__seat__isnull=False))
    )
    yield from visits.filter(Q(something=True) | has_room).values_list("pk", flat=True)


def next_look(*, now: datetime) -> datetime | None:
    """Soon while somebody waits, answers or comes in the next days; else ten days before the next visit."""
    ahead = Booking.objects.filter(visit__starts_at__gt=now - REMINDED_AFTER)
    is_unsettled = Q(state__in=[BookingState.WAITING, BookingState.OFFERED, BookingState.ASKED])
    is_unsettled |= Q(state__in=LEFT, seat__isnull=False)
    is_near = Q(state=BookingState.BOOKED, visit__starts_at__lte=now + NEAR)
    if ahead.filter(is_unsettled | is_near).exists():
        return now + LOOK_AGAIN
    first = ahead.filter(state=BookingState.BOOKED).aggregate(at=Min("visit__starts_at"))["at"]
    return first - NEAR if first else None


def remind(organisation: Organisation, *, now: datetime) -> None:
    """Reminders of the sheets before and after, and the host's one message with all of them. Each is written once."""
    near = Q(visit__starts_at__gt=now - REMINDED_AFTER, visit__starts_at__lt=now + REMINDED_BEFORE)
    found = Booking.objects.filter(near, state=BookingState.BOOKED, visit__state=VisitState.OPEN)
    found = found.annotate(
        has_before=Exists(BeforeSheet.objects.filter(booking=OuterRef("pk"))),
        has_after=Exists(AfterSheet.objects.filter(booking=OuterRef("pk"))),
    )
    bookings = list(found.select_related("guest__person", "visit__host__member__person"))
    if not bookings:
        return
    hosts = {each.visit.host.member_id: each.visit.host.member for each in bookings if each.visit.host.member}
    calendars = calendars_of([*(each.guest for each in bookings), *hosts.values()], organisation)
    for booking in bookings:
        calendar = calendars[booking.guest_id]
        if not booking.has_before and sheet_is_due(booking, calendar, now=now):
            remind_of_sheet(booking, VisitMail.SHEET, at=add_working_hours(now, 0, calendar))
        if not booking.has_after and after_is_due(booking, calendar, now=now):
            remind_of_sheet(booking, VisitMail.AFTERWARDS, at=add_working_hours(now, 0, calendar))
    visits = {each.visit_id: each.visit for each in bookings}
    for visit in visits.values():
        host = visit.host.member
        if host and host_reads(visit, calendars[host.pk], now=now):
            tell_guests(visit, at=now)


def sheet_is_due(booking: Booking, calendar: Calendar, *, now: datetime) -> bool:
    due_on = before_due_on(_date(booking.visit, calendar), calendar)
    return local_instant(due_on, MORNING, calendar.zone) <= now < booking.starts_at


def host_reads(visit: Visit, calendar: Calendar, *, now: datetime) -> bool:
    reads_on = host_reads_on(_date(visit, calendar), calendar)
    return local_instant(reads_on, MORNING, calendar.zone) <= now < visit.starts_at


def after_is_due(booking: Booking, calendar: Calendar, *, now: datetime) -> bool:
    """From the morning after, until the three days are over."""
    visit_on = _date(booking.visit, calendar)
    first = local_instant(visit_on + timedelta(days=1), MORNING, calendar.zone)
    return first <= now and local_date(now, calendar.zone) <= after_due_on(visit_on)


def _date(visit: Visit, calendar: Calendar) -> date:
    return local_date(visit.starts_at, calendar.zone)
