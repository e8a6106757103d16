"""The mail that says a report is ready, a kind of the outbox: a link to its page, where only its reader comes in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import sql

from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.models import Organisation
from cohorts.models.mail import Reason
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, inside
from programme.models import Report, ReportMail
from programme.reports.policies import copies_for

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, person.email, claimed.report_id
FROM claimed
    JOIN programme_report AS report ON report.organisation_id = %(organisation)s AND report.id = claimed.report_id
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = report.asked_by_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedReportMail(NamedTuple):
    """One such mail in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    report_id: int


class Writer:
    """Writes the report mails of one organisation."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._reports: dict[int, Report] = {}

    def prepare(self, mails: Sequence[ClaimedReportMail]) -> None:
        reports = Report.objects.select_related("enrolment__leader", "asked_by__person")
        self._reports = reports.in_bulk([mail.report_id for mail in mails])

    def reason_to_skip(self, mail: ClaimedReportMail, now: datetime) -> Reason | None:
        """Gone with its week, or no longer theirs to print: a sponsor who changed learns no leader's name from it."""
        report = self._reports.get(mail.report_id)
        if report is None or report.expires_at <= now:
            return Reason.EXPIRED
        if not report.asked_by.is_active or report.copy not in copies_for(report.asked_by, report.enrolment):
            return Reason.LEFT
        return None

    def content(self, mail: ClaimedReportMail) -> bytes:
        organisation, report = self._organisation, self._reports[mail.report_id]
        language = report.asked_by.person.language
        context = {
            "organisation_name": organisation.name,
            "name": first_name(report.asked_by.name),
            "leader": report.enrolment.leader.name,
            "language": language,
            "on": report.on,
            "report_url": absolute(inside(organisation.slug, "report", report.pk)),
            "expires_on": local_date(report.expires_at, report.asked_by.zone),
        }
        return whole_message(
            "report",
            context,
            to=mail.email,
            language=language,
            message_id=message_id(REPORT_MAILS.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
        )


REPORT_MAILS = MailKind(name="report", model=ReportMail, row=ClaimedReportMail, details=DETAILS, writer=Writer)
