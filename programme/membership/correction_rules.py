"""Who may correct a member, and whether a corrected address waits. Asked by the pages, decided in the actions."""

from django.utils.translation import gettext as _

from coaching.models import Ask, Session
from cohorts.access.fresh import has_factor
from cohorts.models import Invitation, Membership, Role
from cohorts.people.policies import POWERFUL, may_give
from cohorts.web.refusals import NotNow, NotYours
from feedback360.models import Request, Subject
from feedback360.rounds.rater_rules import ANSWERING
from goals.models import Goal, Practice, Reflection, Share


def may_correct(by: Membership, member: Membership) -> bool:
    """Admins correct everybody but owners, whom owners correct."""
    return by.is_admin and all(may_give(by, role) for role in member.roles)


def ensure_may_correct(by: Membership, member: Membership) -> None:
    if not may_correct(by, member):
        raise NotYours(_("Only an owner can correct an owner."))
    if member.left_at is not None:
        raise NotNow(_("They are no longer a member. Invite them back first."))


def ensure_key_may_touch(by: Membership, member: Membership) -> None:
    """No key moves the address of an owner or admin, or merges one: that takes fresh proof. Raises NotYours."""
    if by.key_prefix and not POWERFUL.isdisjoint(member.roles):
        raise NotYours(_("The address of an owner or admin is corrected on the pages, with fresh proof."))


def ensure_may_move(by: Membership, member: Membership) -> None:
    """A new address lets another mailbox in: refuse programs for owners and admins, and admins for a second factor."""
    ensure_key_may_touch(by, member)
    # The factor of somebody who has not come in was added for other organisations: refusing would reveal it.
    if not by.has_role(Role.OWNER) and has_come_in(member) and has_factor(member.person):
        raise NotYours(_("They have a passkey or app, which stays with the old address. Only an owner can do this."))


def has_come_in(member: Membership) -> bool:
    """Whether they have signed in, or signing in would show them something that the admin who asks may not read.

    That is anything of their own, what a leader shared with them or asked them, the 360 of a leader they sponsor, and a
    360 they are asked to answer. A new address would show it to whoever reads that mailbox.
    """
    invitations = Invitation.objects.filter(membership=member)
    if invitations.filter(accepted_at__isnull=False).exists() or not invitations.exists():
        return True
    return member.last_seen_on is not None or any(
        rows.exists()
        for rows in (
            Practice.objects.filter(enrolment__leader=member),
            Reflection.objects.filter(enrolment__leader=member),
            Goal.objects.filter(enrolment__leader=member),
            Subject.objects.filter(enrolment__leader=member),
            Session.objects.filter(pairing__leader=member),
            Session.objects.filter(pairing__partner=member),
            Share.objects.filter(reader=member),
            Ask.objects.filter(sponsor=member),
            Subject.objects.filter(enrolment__sponsor=member),
            Request.objects.filter(rater__membership=member, state__in=ANSWERING),
        )
    )
