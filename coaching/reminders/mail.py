"""The day's mail of reminders: a line for each talk that still needs one when it goes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.calendars.coaching_mail import Kind
from coaching.models import CoachingMail, Reminder
from coaching.reminders.actions.daily import REMINDERS
from coaching.reminders.candidates import Candidates, ReminderLine, Subject, candidates
from cohorts.models import Organisation
from cohorts.tenancy.addresses import absolute, inside
from cohorts.web.permissions import Permission, may


def still_needed(
    mails: Sequence[CoachingMail], organisation: Organisation, now: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """By mail, the lines that hold as much now as when it was written."""
    found = candidates(organisation, now=now)
    days = {date.fromordinal(mail.about) for mail in mails}
    rows = Reminder.objects.filter(recipient__in={mail.recipient_id for mail in mails}, on__in=days)
    said: dict[tuple[int, date], list[ReminderLine]] = {}
    for row in rows.order_by("kind", "pk"):
        line = ReminderLine(row.recipient_id, row.kind, row.about, row.cycle)
        if line in found.lines:
            said.setdefault((row.recipient_id, row.on), []).append(line)
    facts = {}
    for mail in mails:
        if lines := said.get((mail.recipient_id, date.fromordinal(mail.about))):
            with translation.override(mail.recipient.person.language):
                facts[mail.pk] = {"lines": [_written(line, found, organisation) for line in lines]}
    return facts


def words(line: ReminderLine, subject: Subject) -> str:
    """One sentence: who and what, never what was written. A fact is stated as one."""
    names = {"name": subject.other_of(line.recipient_id).name, "leader": subject.pairing.leader.name}
    if line.kind == Reminder.Kind.BEFORE:
        count = subject.open_actions
        return ngettext(
            "Your 1:1 with %(name)s on %(date)s: %(count)d thing you agreed on is open.",
            "Your 1:1 with %(name)s on %(date)s: %(count)d things you agreed on are open.",
            count,
        ) % {**names, "count": count, "date": _date(line.cycle)}
    if line.kind == Reminder.Kind.AFTER and subject.session and subject.session.held_at is None:
        text = _("Your 1:1 with %(name)s on %(date)s: did it take place? A sentence is enough.")
    elif line.kind == Reminder.Kind.AFTER:
        text = _("Your 1:1 with %(name)s on %(date)s: read what you agreed, and say how you saw it.")
        if line.recipient_id == subject.pairing.partner_id:
            text = _("Your 1:1 with %(name)s on %(date)s: read what you agreed.")
    elif line.kind == Reminder.Kind.ACKNOWLEDGE:
        text = _("Your 1:1 with %(name)s on %(date)s waits for a tap: is that how you saw it?")
    elif line.kind == Reminder.Kind.FACT:
        text = _("%(leader)s and %(partner)s have not met since %(date)s.")
    else:
        text = _("You and %(name)s last met on %(date)s. Plan the next 1:1 when it suits you both.")
        if subject.pairing.last_held_on is None:
            text = _("You and %(name)s have not met yet. Plan the first 1:1 when it suits you both.")
    return text % {**names, "partner": subject.pairing.partner.name, "date": _date(line.cycle)}


def page_of(line: ReminderLine, subject: Subject) -> tuple[Any, ...]:
    if line.kind == Reminder.Kind.FACT:
        return ("sponsor_home",)
    return ("session", subject.session.pk) if subject.session else ("pairing", subject.pairing.pk)


def _written(line: ReminderLine, found: Candidates, organisation: Organisation) -> tuple[str, str]:
    subject = found.lines[line]
    return words(line, subject), absolute(inside(organisation.slug, *page_of(line, subject)))


def _date(on: date) -> str:
    return formats.date_format(on, "MONTH_DAY_FORMAT")


def _home(mail: CoachingMail) -> tuple[str]:
    return ("one_to_ones",) if may(mail.recipient, Permission.WALK) else ("my_people",)


REMINDER_MAILS = Kind(name=REMINDERS, act=gettext_lazy("Open your 1:1s"), page=_home, needed=still_needed)
