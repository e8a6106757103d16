"""The sponsor's weekly mail, a kind of the outbox: one page in their language, what changed, their own two minutes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from psycopg import sql

from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.mail.signed_links import digest_token
from cohorts.models import Digest, Membership, Organisation, Role
from cohorts.models.mail import Reason
from cohorts.schedule.path import in_quiet_hours
from cohorts.tenancy.addresses import absolute, front_door, inside
from programme.sponsor.overview import LeaderLine, Overview, overview_of

MAX_LINES = 15  # one page of mail; the rest is a link away
DIGEST_TOO_LATE = timedelta(hours=12)
OWN_HOUR = timedelta(hours=1)  # within it a digest goes even in quiet hours: the sponsor chose them

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, person.email, claimed.sponsor_id, claimed.week_on
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.sponsor_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedDigest(NamedTuple):
    """One digest in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    sponsor_id: int
    week_on: date


class Writer:
    """Writes the digests of one organisation."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._sponsors: dict[int, Membership] = {}
        self._overviews: dict[int, Overview] = {}

    def prepare(self, digests: Sequence[ClaimedDigest]) -> None:
        """Look at each sponsor's week, in the open organisation."""
        sponsors = Membership.objects.select_related("person")
        self._sponsors = sponsors.in_bulk([digest.sponsor_id for digest in digests])
        self._overviews = {
            key: overview_of(sponsor, organisation=self._organisation, now=self._now, language=sponsor.person.language)
            for key, sponsor in self._sponsors.items()
        }

    def reason_to_skip(self, digest: ClaimedDigest, now: datetime) -> str | None:
        """An empty reason: there is nothing to tell, so nothing is sent."""
        sponsor, late = self._sponsors[digest.sponsor_id], now - digest.due_at
        if not sponsor.is_active or not sponsor.has_role(Role.SPONSOR):
            return Reason.LEFT
        if not sponsor.digest_on:
            return Reason.UNSUBSCRIBED
        hour = now.astimezone(sponsor.zone).time()
        is_quiet = in_quiet_hours(hour, self._organisation.quiet_from, self._organisation.quiet_until)
        if late > DIGEST_TOO_LATE or (late > OWN_HOUR and is_quiet):
            return Reason.TOO_LATE
        return None if self._overviews[digest.sponsor_id].has_news else ""

    def content(self, digest: ClaimedDigest) -> bytes:
        """The whole message. Nothing that a leader wrote is in it: what was shared is named, and read in the app."""
        organisation, sponsor = self._organisation, self._sponsors[digest.sponsor_id]
        overview = self._overviews[digest.sponsor_id]
        token = digest_token(organisation.pk, sponsor.pk, digest.week_on, sponsor.link_version)
        unsubscribe = absolute(front_door("unsubscribe_digest", token))
        context = {
            "organisation_name": organisation.name,
            "name": first_name(sponsor.name),
            "language": sponsor.person.language,
            "overview": overview,
            "lines": [(line, self._leader_url(line)) for line in overview.lines[:MAX_LINES]],
            "more": max(len(overview.lines) - MAX_LINES, 0),
            "home_url": absolute(inside(organisation.slug, "sponsor_home")),
            "unsubscribe_url": unsubscribe,
        }
        return whole_message(
            "digest",
            context,
            to=digest.email,
            language=sponsor.person.language,
            message_id=message_id(DIGESTS.name, digest.id),
            now=self._now,
            logo=mail_logo(organisation),
            unsubscribe=unsubscribe,
        )

    def _leader_url(self, line: LeaderLine) -> str:
        return absolute(inside(self._organisation.slug, "leader", line.enrolment.pk))


DIGESTS = MailKind(
    name="digest",
    model=Digest,
    row=ClaimedDigest,
    details=DETAILS,
    writer=Writer,
    too_late=DIGEST_TOO_LATE,
)
