"""Who may read and write a leader's entries. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow, NotYours
from goals.models import Audience, Focus, Practice, Reflection


def may_read_reflection(membership: Membership, reflection: Reflection) -> bool:
    """The writer; and the sponsor they have now, when it was shared with that very person. No other role."""
    if reflection.enrolment.leader_id == membership.pk:
        return True
    return reflection.audience == Audience.SPONSOR and _is_named(membership, reflection)


def may_read_practice(membership: Membership, practice: Practice) -> bool:
    """Only the leader may read the place and the line."""
    return practice.enrolment.leader_id == membership.pk


def may_see_focus(membership: Membership, focus: Focus) -> bool:
    """The leader whose it is; and the sponsor they have now, when it was shared with that very person."""
    return focus.enrolment.leader_id == membership.pk or _is_named(membership, focus)


def may_thank(membership: Membership, reflection: Reflection) -> bool:
    """The sponsor who reads it because it was shared with them; nobody thanks themselves."""
    return reflection.enrolment.leader_id != membership.pk and may_read_reflection(membership, reflection)


def ensure_may_thank(membership: Membership, reflection: Reflection) -> None:
    if not may_thank(membership, reflection):
        raise NotYours(_("Only someone it was shared with can say thank you."))


def _is_named(sponsor: Membership, thing: Reflection | Focus) -> bool:
    return thing.enrolment.sponsor_id == sponsor.pk and thing.shares.filter(reader=sponsor).exists()


def may_keep(membership: Membership, enrolment: Enrolment) -> bool:
    """Only the leader may write in their own enrolment."""
    return enrolment.leader_id == membership.pk


def ensure_may_keep(membership: Membership, enrolment: Enrolment) -> None:
    if not may_keep(membership, enrolment):
        raise NotYours(_("Only the leader can write here."))
    if enrolment.left_on is not None:
        raise NotNow(_("You have left this cohort. What you wrote stays yours to read."))
