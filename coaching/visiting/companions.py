"""Whom a leader can ask along: the others of their own cohort."""

from coaching.models import LIVE, Visit
from cohorts.enrolment.current import own_enrolment
from cohorts.models import Membership


def companions_of(guest: Membership, visit: Visit) -> dict[int, Membership]:
    """Leaders in the same cohort who have no place and no place in the line here yet, by key."""
    enrolment = own_enrolment(guest)
    if enrolment is None:
        return {}
    there = visit.bookings.filter(state__in=LIVE).values("guest")
    others = Membership.objects.active().filter(
        pk__in=enrolment.cohort.enrolments.filter(left_on=None).exclude(leader=guest).values("leader")
    )
    return {each.pk: each for each in others.exclude(pk__in=there).select_related("person").order_by("name", "pk")}
