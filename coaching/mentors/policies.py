"""Who may do what with profiles and requests. Actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from coaching.models import MentorKind, MentorRequest, Pairing
from cohorts.models import Membership
from cohorts.web.refusals import NotYours


def ensure_asker(member: Membership, request: MentorRequest) -> None:
    if member.pk != request.pairing.leader_id:
        raise NotYours(_("Only the one who asked can do this."))


def ensure_asked(member: Membership, request: MentorRequest) -> None:
    if member.pk != request.pairing.partner_id:
        raise NotYours(_("Only the one who was asked can do this."))


def may_stop(member: Membership, pairing: Pairing) -> bool:
    """Either of the two, of a coach or mentor. A sponsor is the leader's own manager: admins change those."""
    return pairing.kind in MentorKind.values and member.pk in (pairing.leader_id, pairing.partner_id)


def ensure_may_stop(member: Membership, pairing: Pairing) -> None:
    if not may_stop(member, pairing):
        raise NotYours(_("Only the two can stop, and only what a leader and a coach or mentor began."))


def may_hand_over(member: Membership, pairing: Pairing) -> bool:
    """The leader alone decides what a new partner reads of earlier talks."""
    return member.pk == pairing.leader_id


def ensure_may_hand_over(member: Membership, pairing: Pairing) -> None:
    if not may_hand_over(member, pairing):
        raise NotYours(_("Only the leader decides what goes into a handover note."))
