"""Who may read and write what a leader keeps. `may_…` answers for pages, `ensure_…` refuses inside actions."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow, NotYours
from goals.models import Audience, Focus, Practice, Reflection


def may_read_reflection(membership: Membership, reflection: Reflection) -> bool:
    """The writer; and the leader's sponsor when it is shared. Nobody else, whatever their role."""
    enrolment = reflection.enrolment
    if enrolment.leader_id == membership.pk:
        return True
    return reflection.audience == Audience.SPONSOR and enrolment.sponsor_id == membership.pk


def may_read_practice(membership: Membership, practice: Practice) -> bool:
    """The leader alone reads where it was and the line they wrote for themself."""
    return practice.enrolment.leader_id == membership.pk


def may_see_focus(membership: Membership, focus: Focus) -> bool:
    """The leader whose it is, and their sponsor."""
    return membership.pk in (focus.enrolment.leader_id, focus.enrolment.sponsor_id)


def may_keep(membership: Membership, enrolment: Enrolment) -> bool:
    """Only the leader writes in their own ninety days."""
    return enrolment.leader_id == membership.pk


def ensure_may_keep(membership: Membership, enrolment: Enrolment) -> None:
    if not may_keep(membership, enrolment):
        raise NotYours(_("Only the leader themself can write here."))
    if enrolment.left_on is not None:
        raise NotNow(_("You have left this cohort. What you wrote stays yours to read."))
