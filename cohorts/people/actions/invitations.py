"""Ways in. Only the hash of a link is kept; opening it changes nothing, coming in accepts it.

The link is made when its mail is: claim (commit) → send (no transaction open) → outcome (commit). A claim is a lease
with a counted attempt, so two workers never send the same invitation; a worker that dies leaves a lease that runs out,
and the next attempt makes a new link.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.mail.smtp import Kind, Outcome, Outgoing, Pipeline
from cohorts.models import Invitation, Membership, Organisation, Person, Role
from cohorts.models.nudge import Reason
from cohorts.nudges.mail import server
from cohorts.people.invitation_mail import invitation_mail
from cohorts.tenancy.wall import Across, across_organisations, within
from cohorts.web.refusals import NotNow

OPEN_FOR = timedelta(days=14)
BATCH = 100
MOST_ATTEMPTS = 6
BACKOFF = (2, 10, 30, 60, 180)  # minutes after the first, second … attempt


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed invitation with its link, on its way to the mail server."""

    key: int
    attempts: int
    email: str
    name: str
    language: str
    role: str
    token: str
    expires_at: datetime


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link, in the open organisation; None when expired, revoked or unknown."""
    found = Invitation.objects.filter(token_hash=token_hash(token), revoked_at=None, expires_at__gt=now)
    return found.select_related("membership__person").first()


def accept_invitations(*, person: Person, now: datetime) -> int:
    """Somebody proved to own their address: what was open for them in this organisation is accepted."""
    mine = Invitation.objects.filter(membership__person=person, accepted_at=None, revoked_at=None)
    return mine.update(accepted_at=now)


def invite_all(members: Iterable[Membership], *, now: datetime) -> None:
    """Open an invitation for each of these who has none open; the mails go out by themselves."""
    opened = [Invitation(membership=each, created_at=now, expires_at=now + OPEN_FOR) for each in members]
    Invitation.objects.bulk_create(opened, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def resend_invitation(*, member: Membership, by: Membership, now: datetime) -> Invitation:
    """A new link with new days to use it; the old one stops working."""
    mine = Invitation.objects.filter(membership=member).select_for_update()
    newest = mine.order_by("-pk").first()
    if newest is None or newest.accepted_at is not None:
        raise NotNow(_("They have already signed in, and can do so again with their e-mail address."))
    mine.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    invite_all([member], now=now)
    record(by=by, verb="sent invitation again", thing=member, now=now)
    return Invitation.objects.get(membership=member, accepted_at=None, revoked_at=None)


@transaction.atomic
def revoke_invitation(*, member: Membership, by: Membership, now: datetime) -> None:
    """The link stops working. Sending it again opens a new one."""
    if Invitation.objects.filter(membership=member, accepted_at=None, revoked_at=None).update(revoked_at=now):
        record(by=by, verb="revoked invitation", thing=member, now=now)


def organisations_to_invite() -> list[int]:
    """Organisations in which an invitation has not gone out yet."""
    with across_organisations(Across.PLANNER):
        waiting = Invitation.objects.filter(sent_at=None, accepted_at=None, revoked_at=None, failure="")
        return list(waiting.order_by().values_list("organisation_id", flat=True).distinct())


def send_due_invitations(*, organisation: Organisation, now: datetime, limit: int = 2000) -> int:
    """Send what waits in one organisation, in real time `now`; opens the organisation itself. Returns how many went."""
    instant, sent = organisation.now(now), 0
    with Pipeline[int](server()) as pipeline:
        for _batch in range(-(-limit // BATCH)):
            with within(organisation):
                letters = {letter.key: letter for letter in _claim(instant)}
            if not letters:
                break
            outcomes = list(pipeline.send(_outgoing(letters.values(), organisation)))
            with within(organisation):
                for outcome in outcomes:
                    _settle(letters[outcome.key], outcome, instant)
            sent += sum(outcome.kind is Kind.SENT for outcome in outcomes)
    return sent


def _claim(now: datetime) -> Iterator[Letter]:
    waiting = Invitation.objects.filter(sent_at=None, accepted_at=None, revoked_at=None, failure="")
    free = waiting.filter(Q(lease_until=None) | Q(lease_until__lt=now), expires_at__gt=now)
    locked = free.select_related("membership__person").select_for_update(of=("self",), skip_locked=True)
    claimed = []
    for invitation in locked.order_by("pk")[:BATCH]:
        token = secrets.token_urlsafe(32)
        invitation.token_hash, invitation.attempts = token_hash(token), invitation.attempts + 1
        invitation.lease_until = now + timedelta(seconds=settings.NUDGE_LEASE_SECONDS)
        claimed.append(invitation)
        yield _letter(invitation, token)
    Invitation.objects.bulk_update(claimed, ["token_hash", "attempts", "lease_until"])


def _letter(invitation: Invitation, token: str) -> Letter:
    member = invitation.membership
    return Letter(
        key=invitation.pk,
        attempts=invitation.attempts,
        email=member.person.email,
        name=member.first_name,
        language=member.person.language,
        role=_main_role(member),
        token=token,
        expires_at=invitation.expires_at,
    )


def _main_role(member: Membership) -> str:
    """What the mail speaks of: their own path, else the leaders they follow, else the cohorts they run."""
    return next((role for role in (Role.LEADER, Role.SPONSOR) if member.has_role(role)), Role.ADMIN)


def _outgoing(letters: Iterable[Letter], organisation: Organisation) -> Iterator[Outgoing[int]]:
    for letter in letters:
        message = invitation_mail(
            organisation=organisation,
            email=letter.email,
            name=letter.name,
            language=letter.language,
            role=letter.role,
            token=letter.token,
            expires_at=letter.expires_at,
        )
        yield Outgoing(letter.key, message.sender, letter.email, message.content)


def _settle(letter: Letter, outcome: Outcome[int], now: datetime) -> None:
    """Only the attempt that was made says what became of it: an older one changes nothing."""
    mine = Invitation.objects.filter(pk=letter.key, attempts=letter.attempts)
    if outcome.kind is Kind.SENT:
        mine.update(sent_at=now, lease_until=None)
    elif outcome.kind is Kind.PERMANENT:
        mine.update(failure=Reason.REFUSED, lease_until=None)
    elif outcome.kind is Kind.AMBIGUOUS:
        # It may have arrived; another attempt would make the link in it stop working.
        mine.update(sent_at=now, failure=Reason.SILENT, lease_until=None)
    elif letter.attempts >= MOST_ATTEMPTS:
        mine.update(failure=Reason.UNREACHABLE, lease_until=None)
    else:
        mine.update(lease_until=now + timedelta(minutes=BACKOFF[letter.attempts - 1]))
