"""The mail to a sponsor that an admin asked for, a kind of the outbox: who has gone quiet, or what waits for them.

A sponsor who switched the weekly mail off doesn't get it: both carry the same link to stop them, which must be true.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg import sql

from cohorts.enrolment.current import date_at
from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.mail.signed_links import digest_token
from cohorts.models import Enrolment, Organisation, Role, SponsorNote
from cohorts.models.mail import Reason
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.inactivity import has_gone_quiet
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, front_door, inside
from programme.sponsor.overview import Overview, overview_of

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.requested_at, person.email
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.sponsor_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedNote(NamedTuple):
    """One such mail in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str


class QuietLeader(NamedTuple):
    """A leader who is still quiet when the mail is written, and since when. Days are never counted here."""

    name: str
    since: date
    url: str


class Writer:
    """Writes the notes of one organisation. What has changed since the admin asked is left out."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._notes: dict[int, SponsorNote] = {}
        self._quiet: dict[int, list[QuietLeader]] = {}
        self._overviews: dict[int, Overview] = {}

    def prepare(self, mails: Sequence[ClaimedNote]) -> None:
        """Look again at who is quiet, and at what waits for those who are silent."""
        notes = SponsorNote.objects.select_related("sponsor__person", "cohort")
        self._notes = notes.in_bulk([mail.id for mail in mails])
        self._quiet = self._still_quiet()
        self._overviews = {
            note.pk: overview_of(
                note.sponsor,
                organisation=self._organisation,
                now=self._now,
                language=note.sponsor.person.language,
            )
            for note in self._notes.values()
            if note.kind == SponsorNote.Kind.SILENT
        }

    def reason_to_skip(self, mail: ClaimedNote, now: datetime) -> str | None:
        """An empty reason: nobody is quiet any more, or the sponsor has been here, so nothing is sent."""
        note = self._notes[mail.id]
        sponsor = note.sponsor
        if not sponsor.is_active or not sponsor.has_role(Role.SPONSOR):
            return Reason.LEFT
        if not sponsor.digest_on:
            return Reason.UNSUBSCRIBED
        if note.kind == SponsorNote.Kind.QUIET:
            return None if self._quiet[note.pk] else ""
        asked_on = local_date(note.requested_at, sponsor.zone)
        has_been_here = sponsor.last_seen_on is not None and sponsor.last_seen_on >= asked_on
        is_needed = any(line.is_under_way for line in self._overviews[note.pk].lines)
        return None if is_needed and not has_been_here else ""

    def content(self, mail: ClaimedNote) -> bytes:
        """The whole message. Nothing that a leader wrote is in it."""
        organisation, note = self._organisation, self._notes[mail.id]
        sponsor = note.sponsor
        token = digest_token(organisation.pk, sponsor.pk, local_date(self._now, sponsor.zone), sponsor.link_version)
        unsubscribe = absolute(front_door("unsubscribe_digest", token))
        context = {
            "organisation_name": organisation.name,
            "name": first_name(sponsor.name),
            "language": sponsor.person.language,
            "home_url": absolute(inside(organisation.slug, "sponsor_home")),
            "unsubscribe_url": unsubscribe,
            "leaders": self._quiet[note.pk],
            "overview": self._overviews.get(note.pk),
        }
        return whole_message(
            "note_quiet" if note.kind == SponsorNote.Kind.QUIET else "note_silent",
            context,
            to=mail.email,
            language=sponsor.person.language,
            message_id=message_id(SPONSOR_NOTES.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
            unsubscribe=unsubscribe,
        )

    def _still_quiet(self) -> dict[int, list[QuietLeader]]:
        keys = {key for note in self._notes.values() for key in note.enrolments}
        active = Enrolment.objects.active().filter(pk__in=keys).select_related("leader", "cohort")
        enrolments = list(active.order_by("leader__name", "pk"))
        pauses = pauses_by_enrolment(enrolments)
        quiet = set()
        for each in enrolments:
            calendar = calendar_of(each, self._organisation, pauses.get(each.pk, ()))
            if has_gone_quiet(calendar, each.last_practice_on, date_at(each, self._now)):
                quiet.add(each.pk)
        return {
            note.pk: [
                QuietLeader(each.leader.name, each.last_practice_on or each.day1_on, self._leader_url(each.pk))
                for each in enrolments
                if each.pk in note.enrolments and each.sponsor_id == note.sponsor_id and each.pk in quiet
            ]
            for note in self._notes.values()
        }

    def _leader_url(self, enrolment_id: int) -> str:
        return absolute(inside(self._organisation.slug, "leader", enrolment_id))


SPONSOR_NOTES = MailKind(name="note", model=SponsorNote, row=ClaimedNote, details=DETAILS, writer=Writer)
