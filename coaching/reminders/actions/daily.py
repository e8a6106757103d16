"""One mail of reminders a day at most for each member, however many lines it holds.

It goes at a leader's nudge hour or a partner's digest hour, on a day they work. On the day of a sponsor's weekly digest
there is none: what waits goes the next working day.
"""

from collections.abc import Iterable
from datetime import date, datetime

from coaching.models import CoachingMail, Reminder
from coaching.reminders.candidates import ReminderLine, candidates
from cohorts.models import Membership, Organisation, Role
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date

REMINDERS = "reminders"


def write_reminders(organisation: Organisation, *, now: datetime) -> None:
    """Write today's mails for the lines that nobody has been told yet. Idempotent; in the open organisation."""
    found = candidates(organisation, now=now)
    new = _unsaid(found.lines)
    for member_id in sorted({line.recipient_id for line in new}):
        member, calendar = found.members[member_id], found.calendars[member_id]
        if (today := _mail_day(member, calendar, now)) is not None:
            _write(member, today, [line for line in new if line.recipient_id == member_id], now)


def _unsaid(lines: Iterable[ReminderLine]) -> list[ReminderLine]:
    wanted = set(lines)
    said = Reminder.objects.filter(about__in={line.about for line in wanted})
    return sorted(wanted - {ReminderLine(*row) for row in said.values_list("recipient_id", "kind", "about", "cycle")})


def _mail_day(member: Membership, calendar: Calendar, now: datetime) -> date | None:
    """Today, if a mail of reminders may go to them now."""
    today = local_date(now, calendar.zone)
    is_digest_day = member.has_role(Role.SPONSOR) and member.digest_on and member.digest_weekday == today.isoweekday()
    is_time = calendar.instant(today) <= now
    return today if calendar.is_open(today) and is_time and not is_digest_day else None


def _write(member: Membership, today: date, lines: list[ReminderLine], now: datetime) -> None:
    if CoachingMail.objects.filter(recipient=member, kind=REMINDERS, about=today.toordinal()).exists():
        return
    CoachingMail.objects.create(recipient=member, kind=REMINDERS, about=today.toordinal(), due_at=now, not_before=now)
    Reminder.objects.bulk_create(
        Reminder(recipient=member, kind=line.kind, about=line.about, cycle=line.cycle, on=today) for line in lines
    )
