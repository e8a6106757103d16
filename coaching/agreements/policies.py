"""Who may read, write and sign a three-way agreement. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from coaching.models import Agreement, AgreementVersion, Pairing, PairingKind, PairingState
from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours


def is_of_pairing(member: Membership, pairing: Pairing) -> bool:
    return member.pk in (pairing.leader_id, pairing.partner_id)


def parties(version: AgreementVersion) -> tuple[Membership, Membership, Membership]:
    """Leader, coach or mentor, sponsor."""
    pairing = version.agreement.pairing
    return pairing.leader, pairing.partner, version.sponsor


def may_read_version(member: Membership, version: AgreementVersion) -> bool:
    """The same rule as `AgreementVersion.objects.visible_to`."""
    return member.pk in {each.pk for each in parties(version)}


def may_write(member: Membership, agreement: Agreement) -> bool:
    """The two who talk. A sponsor asks for a change; what goes to them is not theirs to word."""
    return is_of_pairing(member, agreement.pairing)


def may_choose_lines(member: Membership, agreement: Agreement) -> bool:
    """Only the leader decides what the sponsor reads."""
    return member.pk == agreement.pairing.leader_id


def ensure_may_begin(member: Membership, pairing: Pairing) -> None:
    if not is_of_pairing(member, pairing):
        raise NotYours(_("Only the two who meet can write this agreement."))
    if pairing.kind == PairingKind.SPONSOR:
        raise NotNow(_("A three-way agreement is for talks with a coach or mentor."))
    ensure_active(pairing)


def ensure_may_write(member: Membership, agreement: Agreement) -> None:
    if not may_write(member, agreement):
        raise NotYours(_("Only the two who meet can change this agreement. Tell them what you would like to change."))
    ensure_active(agreement.pairing)


def ensure_may_sign(member: Membership, version: AgreementVersion) -> None:
    if not may_read_version(member, version):
        raise NotYours(_("Only the three whom the agreement names can sign it."))
    ensure_active(version.agreement.pairing)


def ensure_may_stop(member: Membership, agreement: Agreement, version: AgreementVersion) -> None:
    """Any of the three, without a reason."""
    if not (may_read_version(member, version) or is_of_pairing(member, agreement.pairing)):
        raise NotYours(_("Only the three whom the agreement names can stop it."))


def ensure_may_choose_lines(member: Membership, agreement: Agreement) -> None:
    if not may_choose_lines(member, agreement):
        raise NotYours(_("Only the leader decides what the sponsor sees."))
    ensure_active(agreement.pairing)


def ensure_active(pairing: Pairing) -> None:
    if pairing.state != PairingState.ACTIVE:
        raise NotNow(_("These 1:1s have ended, so the agreement has ended, too."))
