"""Suspend members, let them in again, and end memberships: access ends with the commit.

A person may belong to several organisations. Here only what belongs to the open one ends; their sessions end when no
other organisation lets them in. What they wrote stays theirs.

The floor's part. `programme.membership` carries out what the other apps hold, and pages call that.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.access.sessions import end_sessions
from cohorts.audit import record
from cohorts.models import ApiKey, Invitation, Membership
from cohorts.nudges.planner import hold_leaders
from cohorts.people.memberships import belongings_of
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.people.policies import ensure_may_end
from cohorts.people.sign_in import has_withdrawn_invitation
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock


@transaction.atomic
def suspend(*, member: Membership, by: Membership, now: datetime) -> None:
    """Shut a member out for now: no page, no mail, no link, and their ninety days wait. Idempotent."""
    _hold(member, by)
    if member.suspended_at is not None:
        return
    shut_out(member, by=by, verb="suspended member", now=now)


@transaction.atomic
def let_back_in(*, member: Membership, by: Membership, now: datetime) -> None:
    """End a suspension: they come in with their address as before, and the ninety days go on. Idempotent."""
    ensure_may_end(by, member)
    lock(member)
    _ensure_here(member)
    if member.suspended_at is None:
        return
    if has_withdrawn_invitation(member):
        raise NotNow(_("Their invitation was withdrawn. Send them a new one instead."))
    open_again(member, by=by, verb="let member in again", now=now)


@transaction.atomic
def end_membership(*, member: Membership, by: Membership, now: datetime) -> None:
    """End a membership: removed by an admin, or left by the member. A new invitation brings them back. Idempotent."""
    _hold(member, by)
    if member.left_at is not None:
        return
    member.left_at, member.suspended_at, member.manager = now, None, None
    Invitation.objects.filter(membership=member, accepted_at=None, revoked_at=None).update(revoked_at=now)
    ApiKey.objects.personal(member).filter(revoked_at=None).update(revoked_at=now)  # a new invitation brings none back
    Membership.objects.filter(manager=member).update(manager=None)
    verb = "left organisation" if by.pk == member.pk else "removed member"
    _close(member, by=by, verb=verb, now=now)


def shut_out(member: Membership, *, by: Membership, verb: str, now: datetime) -> None:
    """Suspend a locked member. Their invitation may be the reason (`actions.invitations`)."""
    member.suspended_at = now
    _close(member, by=by, verb=verb, now=now)


def open_again(member: Membership, *, by: Membership, verb: str, now: datetime) -> None:
    """Let a locked member in. Links in older mails stay dead."""
    member.suspended_at = None
    member.save(update_fields=["suspended_at"])
    record(by=by, verb=verb, thing=member, now=now)
    hold_leaders([member.pk], is_held=False, now=now)


def _close(member: Membership, *, by: Membership, verb: str, now: datetime) -> None:
    """Every way in: pages, links in mails, sessions; and the clocks wait. The trail before clocks, as everywhere."""
    member.link_version += 1
    member.save(update_fields=["suspended_at", "left_at", "manager", "link_version"])
    record(by=by, verb=verb, thing=member, now=now, roles="/".join(member.roles))
    hold_leaders([member.pk], is_held=True, now=now)
    if not belongings_of(member.person):
        end_sessions(member.person)


def _hold(member: Membership, by: Membership) -> None:
    """Lock what the rules look at, then ask them; owners first, so that two at once take turns."""
    ensure_an_owner_stays(member)
    lock(member)
    ensure_may_end(by, member)


def _ensure_here(member: Membership) -> None:
    if member.left_at is not None:
        raise NotNow(_("They are no longer a member. A new invitation brings them back."))
