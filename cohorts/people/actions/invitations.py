"""Invite, invite again, withdraw, accept. Opening an invitation's link changes nothing; coming in accepts it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Invitation, Membership, Person
from cohorts.people.invitation_links import token_hash
from cohorts.web.refusals import NotNow

OPEN_FOR = timedelta(days=14)
HELD_FOR = timedelta(minutes=1)  # so that sending to many can be undone
AT_ONCE = timedelta(0)


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link, in the open organisation; None when expired, revoked or unknown."""
    found = Invitation.objects.filter(token_hash=token_hash(token), revoked_at=None, expires_at__gt=now)
    return found.select_related("membership__person").first()


def accept_invitations(*, person: Person, now: datetime) -> int:
    """Accept the person's unanswered invitations here, expired ones too: signing in proved the address."""
    mine = Invitation.objects.filter(membership__person=person, accepted_at=None, revoked_at=None)
    return mine.update(accepted_at=now)


def invite_all(members: Iterable[Membership], *, now: datetime, held: timedelta = AT_ONCE) -> None:
    """Create an invitation for each member without an unanswered one; an expired one is replaced."""
    invited = list(members)
    unanswered = Invitation.objects.filter(membership__in=invited, accepted_at=None, revoked_at=None)
    unanswered.filter(expires_at__lte=now).update(revoked_at=now)
    opened = [
        Invitation(membership=each, created_at=now, not_before=now + held, expires_at=now + OPEN_FOR)
        for each in invited
    ]
    Invitation.objects.bulk_create(opened, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def resend_invitation(*, member: Membership, by: Membership, now: datetime, held: timedelta = AT_ONCE) -> Invitation:
    """Send a new link; the old one stops working."""
    mine = Invitation.objects.filter(membership=member).select_for_update()
    newest = mine.order_by("-pk").first()
    if newest is None or newest.accepted_at is not None:
        raise NotNow(_("They have already signed in, and can do so again with their e-mail address."))
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
    """The link stops working. Sending it again opens a new one."""
    if Invitation.objects.filter(membership=member, accepted_at=None, revoked_at=None).update(revoked_at=now):
        record(by=by, verb="revoked invitation", thing=member, now=now)
