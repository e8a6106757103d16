"""Whose branch somebody sees: their own, once there is one."""

from django.db.models import Exists, OuterRef, Q

from cohorts.models import Enrolment, Membership


def has_branch(member: Membership) -> bool:
    """Whether somebody below this member has people of their own: leaders or reports, other than this member."""
    leads = Enrolment.objects.active().filter(leader=OuterRef("pk"), sponsor=member)
    below = Membership.objects.active().filter(Q(manager=member) | Exists(leads)).exclude(pk=member.pk)
    reports = Membership.objects.active().filter(manager=OuterRef("pk")).exclude(pk=member.pk)
    sponsored = Enrolment.objects.active().filter(sponsor=OuterRef("pk")).exclude(leader=member)
    return below.filter(Exists(reports) | Exists(sponsored)).exists()
