"""Invite, invite again, withdraw, accept. Opening an invitation's link changes nothing; coming in accepts it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Invitation, Membership, Person
from cohorts.people.actions.access import open_again, shut_out
from cohorts.people.invitation_links import token_hash
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.people.policies import ensure_may_end
from cohorts.tenancy.sets import insert_columns
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock

OPEN_FOR = timedelta(days=14)
HELD_FOR = timedelta(minutes=1)  # so that sending to many can be undone
AT_ONCE = timedelta(0)


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link, in the open organisation; None when expired, revoked or unknown."""
    open_ones = Invitation.objects.filter(revoked_at=None, expires_at__gt=now)
    found = open_ones.filter(token_hash=token_hash(token), membership__in=Membership.objects.active())
    return found.select_related("membership__person").first()


def is_only_expired(*, token: str) -> bool | None:
    """Whether the time of a link that opens nothing is all that is over. None: it is of no invitation here."""
    mine = Invitation.objects.filter(token_hash=token_hash(token))
    counts = mine.filter(revoked_at=None, membership__in=Membership.objects.active())
    return counts.exists() if mine.exists() else None


def accept_invitations(*, person: Person, now: datetime) -> int:
    """Accept the person's unanswered invitations here, expired ones too: signing in proved the address."""
    mine = Invitation.objects.filter(membership__person=person, accepted_at=None, revoked_at=None)
    return mine.update(accepted_at=now)


def invite_all(members: Iterable[Membership], *, now: datetime, held: timedelta = AT_ONCE) -> None:
    """Create an invitation for each member without an unanswered one; an expired one is replaced."""
    invited = [member.pk for member in members]
    unanswered = Invitation.objects.filter(membership__in=invited, accepted_at=None, revoked_at=None)
    unanswered.filter(expires_at__lte=now).update(revoked_at=now)
    open_invitations(invited, now=now, held=held)


def open_invitations(members: Sequence[int], *, now: datetime, held: timedelta = AT_ONCE) -> None:
    """The same for members by their keys, none of whom has an expired one."""
    dates = {"created_at": now, "not_before": now + held, "expires_at": now + OPEN_FOR}
    insert_columns(Invitation, {"membership": members}, ignore_conflicts=True, **dates)


@transaction.atomic
def resend_invitation(*, member: Membership, by: Membership, now: datetime, held: timedelta = AT_ONCE) -> Invitation:
    """Send a new link; the old one stops working. Who was shut out by a withdrawn one can come in again."""
    ensure_may_end(by, member)
    lock(member)
    if member.left_at is not None:
        raise NotNow(_("They are no longer a member. Add them again instead."))
    mine = Invitation.objects.filter(membership=member).select_for_update()
    newest = mine.order_by("-pk").first()
    if newest is None or newest.accepted_at is not None:
        raise NotNow(_("They have already signed in, and can do so again with their e-mail address."))
    if member.suspended_at is not None:
        if newest.revoked_at is None:
            raise NotNow(_("They are suspended. Let them in again first."))
        open_again(member, by=by, verb="let member in again", now=now)
    mine.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    invite_all([member], now=now, held=held)
    record(by=by, verb="sent invitation again", thing=member, now=now)
    return Invitation.objects.get(membership=member, accepted_at=None, revoked_at=None)


@transaction.atomic
def take_back_resent(*, member: Membership, by: Membership, now: datetime) -> None:
    """Undo sending an invitation again: the link that worked before works again. Raises NotNow once the mail left."""
    mine = Invitation.objects.filter(membership=member).select_for_update()
    newest, before = (*mine.order_by("-pk")[:2], None, None)[:2]
    if newest is None or before is None or newest.revoked_at or before.revoked_at != newest.created_at:
        raise NotNow(_("There is no new invitation to take back."))
    if newest.attempts or newest.sent_at:
        raise NotNow(_("The mail has left already."))
    newest.delete()
    mine.filter(pk=before.pk).update(revoked_at=None)
    record(by=by, verb="took back new invitation", thing=member, now=now)


@transaction.atomic
def revoke_invitation(*, member: Membership, by: Membership, now: datetime) -> None:
    """Withdraw an unanswered invitation: the link stops working, and so does signing in without it. Idempotent.

    Sending it again opens a new one, and lets them in.
    """
    ensure_an_owner_stays(member)
    lock(member)
    ensure_may_end(by, member)
    if Invitation.objects.filter(membership=member, accepted_at=None, revoked_at=None).update(revoked_at=now):
        shut_out(member, by=by, verb="revoked invitation", now=now)
