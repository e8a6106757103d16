"""Busy periods as pages and the engine read them: what waits for a leader, for an admin, and to begin."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from cohorts.models import Cohort, Enrolment
from goals.models import BusyAnswer, BusyPeriod

ONE_DAY = timedelta(days=1)  # the date of a leader is at most a day from that of UTC


@dataclass(frozen=True, slots=True)
class Offered:
    """One period of a cohort, and how its leaders answered: counts, never who."""

    period: BusyPeriod
    accepted: int
    declined: int
    leaders: int

    @property
    def unanswered(self) -> int:
        return max(self.leaders - self.accepted - self.declined, 0)


def waiting_to_begin(now: datetime) -> QuerySet[BusyAnswer]:
    """Accepted and not begun, on days that may be today somewhere."""
    on = now.date()
    return BusyAnswer.objects.filter(
        accepts=True,
        begun_on=None,
        enrolment__left_on=None,
        period__withdrawn_at=None,
        period__starts_on__lte=on + ONE_DAY,
        period__ends_on__gte=on - ONE_DAY,
    ).select_related("period", "enrolment")


def open_offers(cohort: Cohort | OuterRef, enrolment: Enrolment | OuterRef, today: date) -> QuerySet[BusyPeriod]:
    """What a leader has not answered and can still accept; the sooner first."""
    answers = BusyAnswer.objects.filter(period=OuterRef("pk"), enrolment=enrolment)
    offers = BusyPeriod.objects.filter(cohort=cohort, withdrawn_at=None, ends_on__gte=today)
    return offers.filter(~Exists(answers)).order_by("starts_on", "pk")


def offered_to(cohort: Cohort, today: date) -> list[Offered]:
    """The periods of now and ahead, withdrawn ones last. Two queries."""
    here = Q(answers__enrolment__left_on=None)
    periods = BusyPeriod.objects.filter(cohort=cohort, ends_on__gte=today).annotate(
        accepted=Count("answers", filter=here & Q(answers__accepts=True)),
        declined=Count("answers", filter=here & Q(answers__accepts=False)),
    )
    leaders = Enrolment.objects.active().filter(cohort=cohort).count()
    ordered = periods.order_by(F("withdrawn_at").asc(nulls_first=True), "starts_on", "pk")
    return [Offered(each, each.accepted, each.declined, leaders) for each in ordered]
