"""Every kind of coaching mail, one line each. CONTRIBUTING says how to add one."""

from coaching.agreements.mails import AGREEMENT_MAILS
from coaching.calendars.coaching_mail import DETAILS, NAME, ClaimedCoachingMail, CoachingWriter, Kind
from coaching.mentors.mail import ANSWERED_MAILS, ASKED_MAILS
from coaching.models import CoachingMail
from coaching.reminders.mail import REMINDER_MAILS
from coaching.sponsoring.asks_mail import ASKS_MAIL
from coaching.visiting.mail_kinds import VISIT_MAILS
from cohorts.mail.outbox import MailKind

KINDS: tuple[Kind, ...] = (REMINDER_MAILS, ASKS_MAIL, ASKED_MAILS, ANSWERED_MAILS, *VISIT_MAILS, *AGREEMENT_MAILS)


class Writer(CoachingWriter):
    """Knows them all."""

    kinds = {kind.name: kind for kind in KINDS}


COACHING_MAILS = MailKind(name=NAME, model=CoachingMail, row=ClaimedCoachingMail, details=DETAILS, writer=Writer)
