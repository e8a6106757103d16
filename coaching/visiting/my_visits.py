"""A leader's own visits: where each stands and what to do next. For their page and for Today."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.calendars.working_time import WorkingDays
from coaching.models import LEFT, AfterSheet, BeforeSheet, Booking, BookingState, Visit, VisitState
from coaching.visiting.sheet_dates import after_due_on, ask_on, before_due_on
from cohorts.models import Membership
from cohorts.schedule.time_zones import local_date

SHOWN_BACK = timedelta(days=365)
LEFT_SHOWN = timedelta(days=2)
UNSETTLED = (BookingState.WAITING, BookingState.OFFERED, BookingState.ASKED)
TASKS_AHEAD = timedelta(days=14)
TASKS_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Act:
    """The one thing to do about a visit now. `by` is its last day, or the instant an offer ends."""

    label: str
    url: str
    by: date | datetime | None = None

    @property
    def has_hour(self) -> bool:
        return isinstance(self.by, datetime)


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One visit of mine."""

    booking: Booking
    state: str
    tone: str
    act: Act | None
    note: str = ""


def my_bookings(guest: Membership, *, now: datetime) -> QuerySet[Booking]:
    """Newest date first, without what was left long ago."""
    mine = Booking.objects.filter(guest=guest, visit__starts_at__gt=now - SHOWN_BACK)
    after = AfterSheet.objects.filter(booking=OuterRef("pk"))
    return (
        mine.exclude(state__in=LEFT, left_at__lte=now - LEFT_SHOWN)
        .select_related("visit__host")
        .annotate(
            has_before=Exists(BeforeSheet.objects.filter(booking=OuterRef("pk"))),
            has_after=Exists(after),
            is_answered=Exists(after.filter(was_tried__isnull=False)),
        )
        .order_by("-visit__starts_at", "-pk")
    )


def lines(bookings: Iterable[Booking], calendar: WorkingDays, *, now: datetime) -> list[BookingLine]:
    return [_line(booking, calendar, now) for booking in bookings]


def visits_of_leader(*, now: datetime) -> ArraySubquery:
    """What `visit_tasks` reads, as part of a query for the leader's clock."""
    after = AfterSheet.objects.filter(booking=OuterRef("pk"))
    asked = Q(state=BookingState.OFFERED, accepted_at=None) | Q(state=BookingState.BOOKED)
    mine = Booking.objects.filter(asked, guest=OuterRef("enrolment__leader"), visit__state=VisitState.OPEN)
    mine = mine.filter(visit__starts_at__range=(now - TASKS_BACK, now + TASKS_AHEAD))
    columns = JSONObject(
        id="pk",
        state="state",
        visit_id="visit_id",
        title="visit__title",
        starts_at="visit__starts_at",
        minutes="visit__minutes",
        has_before=Exists(BeforeSheet.objects.filter(booking=OuterRef("pk"))),
        has_after=Exists(after),
        is_answered=Exists(after.filter(was_tried__isnull=False)),
    )
    return ArraySubquery(mine.order_by("visit__starts_at").values(row=columns))


def visit_tasks(
    rows: Iterable[Mapping[str, Any]], calendar: WorkingDays, *, now: datetime
) -> Iterator[tuple[str, str]]:
    """What waits for the leader around their visits: words and an address."""
    for row in rows:
        starts_at = datetime.fromisoformat(row["starts_at"])
        visit = Visit(pk=row["visit_id"], title=row["title"], starts_at=starts_at, minutes=row["minutes"])
        booking = Booking(pk=row["id"], state=row["state"], visit=visit)
        for name in ("has_before", "has_after", "is_answered"):
            setattr(booking, name, row[name])
        if (act := _line(booking, calendar, now).act) is not None:
            yield f"{act.label} · {visit.title}", act.url


def _line(booking: Booking, calendar: WorkingDays, now: datetime) -> BookingLine:
    visit = booking.visit
    if visit.state == VisitState.CANCELLED:
        return BookingLine(booking, _("The host has cancelled this date."), "off", None, visit.cancel_reason)
    if booking.state == BookingState.BOOKED:
        return _booked(booking, calendar, now)
    if booking.state in UNSETTLED and booking.starts_at <= now:
        return BookingLine(booking, _("You did not get a place this time."), "off", None)
    if booking.state == BookingState.OFFERED and booking.accepted_at is None:
        act = Act(_("Answer the offer"), reverse("visit_booking", args=[visit.pk]), booking.offer_until)
        return BookingLine(booking, _("A place is held for you."), "asks", act)
    words, tone, note = _waits(booking)
    return BookingLine(booking, words, tone, None, note)


def _waits(booking: Booking) -> tuple[str, str, str]:
    """Where nothing is asked of the guest: words, tone and a note."""
    match booking.state:
        case BookingState.OFFERED:
            return _("Your place is held until your colleague answers."), "waiting", ""
        case BookingState.WAITING:
            return _("On the waiting list"), "waiting", passed_over_note(booking)
        case BookingState.ASKED:
            return _("The host decides who comes. You will get an answer."), "waiting", ""
        case BookingState.NO_SHOW:
            return _("The host says that you did not come."), "quiet", _("Only the two of you see this.")
    return str(booking.get_state_display()), "off", ""


def passed_over_note(booking: Booking) -> str:
    if booking.passed_over_at is None or booking.group is None:
        return ""
    return _("One place was free. It went to the next in line, since you asked for two or none. You keep your turn.")


def _booked(booking: Any, calendar: WorkingDays, now: datetime) -> BookingLine:
    visit_on, today = local_date(booking.starts_at, calendar.zone), local_date(now, calendar.zone)
    if now < booking.starts_at and today < visit_on:
        if booking.has_before:
            return BookingLine(booking, _("You have a place, and your sheet is with the host."), "good", None)
        act = Act(_("Write your sheet"), reverse("before_sheet", args=[booking.pk]), before_due_on(visit_on, calendar))
        return BookingLine(booking, _("You have a place."), "good", act)
    if now < booking.ends_at:
        act = Act(_("Write down what you see"), reverse("during_sheet", args=[booking.pk]))
        return BookingLine(booking, _("Today"), "good", act)
    if not booking.has_after:
        act = Act(_("Note one thing to try"), reverse("after_sheet", args=[booking.pk]), after_due_on(visit_on))
        return BookingLine(booking, _("You have been there."), "good", act)
    if not booking.is_answered and today >= ask_on(visit_on):
        act = Act(_("Did you try it?"), reverse("visit_tried", args=[booking.pk]))
        return BookingLine(booking, _("You have been there."), "good", act)
    return BookingLine(booking, _("You have been there, and noted what to try."), "good", None)
