"""May they? Asked by templates as `may_…`, enforced by actions as `ensure_…`; one body, two doors."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Enrolment, Membership, Role
from cohorts.refusals import NotYours


def may_give(by: Membership, role: str) -> bool:
    """Owners give and take every role; admins every role but the owner's."""
    return by.has_role(Role.OWNER) or (by.has_role(Role.ADMIN) and role != Role.OWNER)


def ensure_may_give(by: Membership, role: str) -> None:
    if not may_give(by, role):
        raise NotYours(_("Only an owner makes somebody an owner, or takes it from them."))


def readable_cohorts(membership: Membership) -> QuerySet[Cohort]:
    """The cohorts whose ninety days somebody may read: admins all, leaders their own, sponsors those of their leaders.

    Nothing in a curriculum is secret; that a cohort exists, and when it meets, is not everybody's.
    """
    if membership.has_role(Role.ADMIN) or membership.has_role(Role.OWNER):
        return Cohort.objects.all()
    theirs = Enrolment.objects.active().visible_to(membership)
    return Cohort.objects.filter(pk__in=theirs.values("cohort"))
