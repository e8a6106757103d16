"""Who may read a cohort's curriculum and dates."""

from django.db.models import QuerySet

from cohorts.models import Cohort, Enrolment, Membership


def readable_cohorts(membership: Membership) -> QuerySet[Cohort]:
    """The cohorts whose ninety days a member may read: admins all, leaders their own, sponsors their leaders'.

    Nothing in a curriculum is secret, but a cohort's existence and dates are not for everybody.
    """
    if membership.is_admin:
        return Cohort.objects.all()
    theirs = Enrolment.objects.active().visible_to(membership)
    return Cohort.objects.filter(pk__in=theirs.values("cohort"))
