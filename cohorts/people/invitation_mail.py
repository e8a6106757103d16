"""The mail that asks somebody in, in their language: a kind of the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.models import Invitation, Organisation, Role
from cohorts.models.mail import Reason
from cohorts.people.invitation_links import invitation_token, token_hash
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, front_door

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.created_at, claimed.expires_at, claimed.token_hash,
    person.email, person.language, member.name, member.roles,
    claimed.accepted_at IS NOT NULL,
    claimed.revoked_at IS NOT NULL OR member.suspended_at IS NOT NULL OR member.left_at IS NOT NULL
FROM claimed
    JOIN cohorts_membership AS member
        ON member.organisation_id = %(organisation)s AND member.id = claimed.membership_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedInvitation(NamedTuple):
    """One invitation in a worker's hands, with everything its mail and its stop conditions need."""

    id: int
    attempts: int
    due_at: datetime
    expires_at: datetime
    token_hash: str
    email: str
    language: str
    name: str
    roles: list[str]
    is_accepted: bool
    is_revoked: bool  # or the member is shut out


class Writer:
    """Writes the invitations of one organisation."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now

    def prepare(self, invitations: Sequence[ClaimedInvitation]) -> None:
        """Keep the hash of each link before it goes out."""
        hashed = [
            Invitation(pk=each.id, token_hash=token_hash(self._token(each)))
            for each in invitations
            if each.token_hash != token_hash(self._token(each))
        ]
        Invitation.objects.bulk_update(hashed, ["token_hash"])

    def reason_to_skip(self, invitation: ClaimedInvitation, now: datetime) -> Reason | None:
        if invitation.is_revoked:
            return Reason.REVOKED
        if invitation.is_accepted:
            return Reason.ACCEPTED
        return Reason.EXPIRED if invitation.expires_at <= now else None

    def content(self, invitation: ClaimedInvitation) -> bytes:
        """Subject, text and HTML. The link is in the body only, never in a header."""
        organisation = self._organisation
        context = {
            "organisation_name": organisation.name,
            "name": first_name(invitation.name),
            "email": invitation.email,
            "language": invitation.language,
            "role": main_role(invitation.roles),
            "link": absolute(front_door("invitation", organisation.slug, self._token(invitation))),
            "expires_on": local_date(invitation.expires_at, organisation.zone),
        }
        return whole_message(
            "invitation",
            context,
            to=invitation.email,
            language=invitation.language,
            message_id=message_id(INVITATIONS.name, invitation.id),
            now=self._now,
            logo=mail_logo(organisation),
        )

    def _token(self, invitation: ClaimedInvitation) -> str:
        return invitation_token(self._organisation.pk, invitation.id)


def main_role(roles: Sequence[str]) -> str:
    """What an invitation speaks of: their own path, else the leaders they follow, else what they are there for."""
    known = (Role.LEADER, Role.SPONSOR, Role.ADMIN, Role.OWNER, Role.COACH)
    return next((role for role in known if role in roles), Role.HOST)


INVITATIONS = MailKind(name="invitation", model=Invitation, row=ClaimedInvitation, details=DETAILS, writer=Writer)
