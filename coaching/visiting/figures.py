"""Numbers of visits: for a leader's own report, and for admins. No no-show is in either, and no text can be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coaching.disclosure import MIN_PEOPLE
from coaching.models import AfterSheet, BeforeSheet, Booking, BookingState, HelpWanted, Visit, VisitHelp, VisitState
from coaching.visiting.sheet_dates import TRIED_AFTER_DAYS, tried_share
from cohorts.models import Enrolment

SEEN = timedelta(days=30)  # how far back an admin's list of dates goes


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Visits a leader made, those with the sheets before and after, and what they noted and tried."""

    visits: int
    with_sheets: int
    noted: int
    tried: int

    @property
    def tried_share(self) -> float | None:
        return tried_share(noted=self.noted, tried=self.tried)


def visits_with_sheets(enrolment: Enrolment, *, now: datetime) -> VisitFigures:
    """Visits of this leader since day 1. What they noted counts once its two weeks are over. One query."""
    made = Booking.objects.filter(
        guest=enrolment.leader_id,
        state=BookingState.BOOKED,
        visit__state=VisitState.OPEN,
        visit__starts_at__date__gte=enrolment.day1_on,
        visit__starts_at__lte=now,
    )
    after = AfterSheet.objects.filter(booking=OuterRef("pk"))
    made = made.annotate(
        has_before=Exists(BeforeSheet.objects.filter(booking=OuterRef("pk"))),
        has_after=Exists(after),
        was_tried=Exists(after.filter(was_tried=True)),
        was_answered=Exists(after.filter(was_tried__isnull=False)),
    )
    is_over = Q(visit__starts_at__lte=now - timedelta(days=TRIED_AFTER_DAYS)) | Q(was_answered=True)
    return VisitFigures(
        **made.aggregate(
            visits=Count("pk"),
            with_sheets=Count("pk", filter=Q(has_before=True, has_after=True)),
            noted=Count("pk", filter=Q(has_after=True) & is_over),
            tried=Count("pk", filter=Q(was_tried=True)),
        )
    )


def dates_with_counts(*, now: datetime) -> QuerySet[Visit]:
    """Dates of the last month and all ahead, with how many places are taken and how many wait. Names nobody."""
    booked = Q(bookings__state=BookingState.BOOKED) | Q(bookings__state=BookingState.NO_SHOW)
    return (
        Visit.objects.filter(starts_at__gt=now - SEEN)
        .select_related("host")
        .annotate(
            booked=Count("bookings", filter=booked),
            offered=Count("bookings", filter=Q(bookings__state__in=[BookingState.OFFERED, BookingState.ASKED])),
            waiting=Count("bookings", filter=Q(bookings__state=BookingState.WAITING)),
        )
        .order_by("starts_at", "pk")
    )


def help_wanted() -> list[tuple[str, int]]:
    """How often each answer was given to *what would help you to come?*, where at least five gave it."""
    counted = dict(VisitHelp.objects.values_list("wants").annotate(n=Count("pk")).filter(n__gte=MIN_PEOPLE))
    return [(str(each.label), counted[each]) for each in HelpWanted if each in counted]
