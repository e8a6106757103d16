"""Ways in. Only the hash of a link is kept; opening it changes nothing, coming in accepts it."""

import hashlib
from datetime import datetime

from cohorts.models import Invitation, Person


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
