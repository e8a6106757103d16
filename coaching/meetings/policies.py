"""Who may read and write what two people hold between them. Actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from coaching.models import Pairing, PairingState
from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours


def is_of(member: Membership, pairing: Pairing) -> bool:
    """Whether they are one of the two. No admin, no manager of either and no later partner is."""
    return member.pk in (pairing.leader_id, pairing.partner_id)


def ensure_of(member: Membership, pairing: Pairing) -> None:
    if not is_of(member, pairing):
        raise NotYours(_("Only the two who meet can see this."))


def ensure_may_meet(member: Membership, pairing: Pairing) -> None:
    """One of the two, while the pairing lasts."""
    ensure_of(member, pairing)
    if pairing.state != PairingState.ACTIVE:
        raise NotNow(_("These 1:1s have ended. What you wrote stays yours to read."))


def may_act(member: Membership, pairing: Pairing) -> bool:
    """Who closes, words and hands out actions: both while the pairing lasts, and then the leader alone."""
    return is_of(member, pairing) and (member.pk == pairing.leader_id or pairing.state == PairingState.ACTIVE)


def ensure_may_act(member: Membership, pairing: Pairing) -> None:
    if not may_act(member, pairing):
        ensure_may_meet(member, pairing)


def ensure_leader(member: Membership, pairing: Pairing) -> None:
    if member.pk != pairing.leader_id:
        raise NotYours(_("Only the leader can do this."))


FIRST_TALKS = ("first-meeting", "three-way")


def ensure_work_has_begun(pairing: Pairing, *, template: str) -> None:
    """While a three-way agreement waits for signatures, the pair plans the talks that lead to it and no other."""
    if template not in FIRST_TALKS and pairing.agreements.under_way().exists():
        raise NotNow(
            _(
                "Your three-way agreement waits for signatures. Until all three have signed, you can plan the first "
                "meeting and the three-way talk."
            )
        )
