"""May they? Asked by templates as `may_…`, enforced by actions as `ensure_…`; one body, two doors."""

from django.db.models import QuerySet

from cohorts.models import Cohort, Enrolment, Membership, Role


def readable_cohorts(membership: Membership) -> QuerySet[Cohort]:
    """The cohorts whose ninety days somebody may read: admins all, leaders their own, sponsors those of their leaders.

    Nothing in a curriculum is secret; that a cohort exists, and when it meets, is not everybody's.
    """
    if membership.has_role(Role.ADMIN) or membership.has_role(Role.OWNER):
        return Cohort.objects.all()
    theirs = Enrolment.objects.active().visible_to(membership)
    return Cohort.objects.filter(pk__in=theirs.values("cohort"))
