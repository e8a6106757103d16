"""Mails written one by one, such as invitations, digests and those of 360 rounds. Nudges have their engine."""

from collections.abc import Callable
from datetime import datetime

from coaching.calendars.mail import CALENDAR_MAILS
from coaching.mails import COACHING_MAILS
from cohorts.failures import logged
from cohorts.mail import outbox
from cohorts.models import Organisation
from cohorts.models.mail import MailState
from cohorts.people.invitation_mail import INVITATIONS
from cohorts.people.notice_mail import MEMBER_NOTICES
from cohorts.tenancy.wall import within
from feedback360.rounds.mails import MEMBER_MAILS, RATER_MAILS
from programme.digests.mail import DIGESTS
from programme.digests.note_mail import SPONSOR_NOTES
from programme.reports.mail import REPORT_MAILS

WRITTEN_KINDS: tuple[outbox.MailKind, ...] = (
    INVITATIONS,
    MEMBER_NOTICES,
    DIGESTS,
    SPONSOR_NOTES,
    REPORT_MAILS,
    RATER_MAILS,
    MEMBER_MAILS,
    CALENDAR_MAILS,
    COACHING_MAILS,
)
MAILS_PER_TASK = 2000


def organisations_waiting(*, now: datetime) -> list[int]:
    """Organisations with such a mail that could go now, or one that a dead worker held."""
    found = (outbox.organisations_waiting(kind, now=now) for kind in WRITTEN_KINDS)
    return sorted({organisation_id for each in found for organisation_id in each})


def send_written(organisation: Organisation, *, now: Callable[[], datetime]) -> int:
    """Send what is due in one organisation, at its own `now`; opens it itself. Returns how many went.

    A kind that fails is logged and stops no other.
    """
    sent, until = 0, outbox.sending_ends_at()
    for kind in WRITTEN_KINDS:
        with logged("a kind of mail was not sent", kind=kind.name, organisation_id=organisation.pk):
            with within(organisation):
                outbox.release_expired(kind, now=now())
            sent += outbox.deliver(kind, organisation, now=now, limit=MAILS_PER_TASK, until=until)[MailState.SENT]
    return sent
