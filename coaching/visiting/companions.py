"""Whom a leader can ask along: the others of their own cohort."""

from django.db.models import QuerySet

from coaching.models import LIVE, Visit
from cohorts.models import Enrolment, Membership


def companions_of(guest: Membership, visit: Visit) -> QuerySet[Membership]:
    """Leaders of the guest's cohorts who have no place and no place in the line here yet."""
    cohorts = Enrolment.objects.active().filter(leader=guest).values("cohort")
    together = Enrolment.objects.active().filter(cohort__in=cohorts).exclude(leader=guest).values("leader")
    there = visit.bookings.filter(state__in=LIVE).values("guest")
    return Membership.objects.active().filter(pk__in=together).exclude(pk__in=there).order_by("name", "pk")
