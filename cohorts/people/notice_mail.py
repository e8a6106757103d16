"""The mails about another sponsor, and about a new owner or admin: a kind of the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.models import MemberNotice, Organisation, Role
from cohorts.models.mail import Reason
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, inside

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.created_at, person.email
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.recipient_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedNotice(NamedTuple):
    """One such mail in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str


class Writer:
    """Writes the notices of one organisation, from what is true when they go."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._notices: dict[int, MemberNotice] = {}

    def prepare(self, mails: Sequence[ClaimedNotice]) -> None:
        notices = MemberNotice.objects.select_related("recipient__person", "enrolment", "about", "before", "by")
        self._notices = notices.in_bulk([mail.id for mail in mails])

    def reason_to_skip(self, mail: ClaimedNotice, now: datetime) -> str | None:
        """An empty reason: it is not true any more, and a later mail says what is."""
        notice = self._notices[mail.id]
        if not notice.recipient.is_active:
            return Reason.LEFT
        if notice.enrolment is None:
            return None if notice.about and notice.about.is_active and notice.about.has_role(notice.role) else ""
        if notice.enrolment.left_on is not None:
            return Reason.LEFT
        return None if notice.enrolment.sponsor_id == notice.about_id else ""

    def content(self, mail: ClaimedNotice) -> bytes:
        organisation, notice = self._organisation, self._notices[mail.id]
        recipient, about = notice.recipient, notice.about
        is_about_role = notice.kind == MemberNotice.Kind.ROLE
        page = inside(organisation.slug, "member", about.pk) if is_about_role and about else None
        context = {
            "organisation_name": organisation.name,
            "name": first_name(recipient.name),
            "language": recipient.person.language,
            "about": about.name if about else "",
            "before": notice.before.name if notice.before else "",
            "by": notice.by.name if notice.by else "",
            "is_owner": notice.role == Role.OWNER,
            "on": local_date(notice.created_at, recipient.zone),
            "page_url": absolute(page or inside(organisation.slug, "organisation_home")),
        }
        return whole_message(
            "new_role" if is_about_role else "new_sponsor",
            context,
            to=mail.email,
            language=recipient.person.language,
            message_id=message_id(MEMBER_NOTICES.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
        )


MEMBER_NOTICES = MailKind(name="member-notice", model=MemberNotice, row=ClaimedNotice, details=DETAILS, writer=Writer)
