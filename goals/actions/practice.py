"""Log a practice for a date, and undo it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import formats
from django.utils.translation import gettext as _

from cohorts.enrolment.actions.enrolments import note_logs
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Enrolment, Membership, Step
from cohorts.web.refusals import NotNow
from goals import back_fill
from goals.models import Focus, Practice
from goals.policies import ensure_may_keep


@transaction.atomic
def log_practice(
    *,
    enrolment: Enrolment,
    on: date,
    did_it: bool,
    went: int | None,
    place: str,
    line: str,
    focus: Focus | None,
    step: Step | None,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
) -> Practice:
    """Log one date. The newest word for a date stands; the same key arriving twice is the same entry.

    "Not today" also counts as logged: no nudge follows it. Raises NotNow for a date that cannot be logged.
    """
    ensure_may_keep(by, enrolment)
    take_turns(enrolment)
    same = Practice.objects.filter(enrolment=enrolment, key=key).first()
    if same is not None:
        return same
    _ensure_open(on, today=today, day1=enrolment.day1_on)
    practice = Practice.objects.filter(enrolment=enrolment, on=on).first() or Practice(enrolment=enrolment, on=on)
    practice.is_back_filled = on < today and not _was_said_in_time(practice, did_it)
    practice.did_it, practice.went = did_it, went if did_it else None
    practice.place, practice.line = place, line
    practice.focus, practice.step = focus, step
    practice.key, practice.logged_at = key, now
    practice.save()
    _tell(enrolment)
    return practice


def may_take_back(practice: Practice, *, today: date) -> bool:
    """Whether a log can be undone: until the end of the day on which it was made."""
    return date_at(practice.enrolment, practice.logged_at) == today


@transaction.atomic
def take_back_practice(*, practice: Practice, today: date, by: Membership) -> None:
    """Undo a log: the date is open again."""
    enrolment = practice.enrolment
    ensure_may_keep(by, enrolment)
    if not may_take_back(practice, today=today):
        raise NotNow(
            _("This can be undone on the day it was logged. You can still change it by logging the day again.")
        )
    take_turns(enrolment)
    practice.delete()
    _tell(enrolment)


def _was_said_in_time(practice: Practice, did_it: bool) -> bool:
    """Whether it was first logged on the day itself: adding a line later does not make it back-filled."""
    return practice.pk is not None and not practice.is_back_filled and practice.did_it == did_it


def _ensure_open(on: date, *, today: date, day1: date) -> None:
    if on > today:
        raise NotNow(_("That day has not come yet."))
    if on < day1:
        raise NotNow(_("That day is before your day 1."))
    if not back_fill.is_open(on, today=today, day1=day1):
        first = formats.date_format(today - timedelta(days=back_fill.DAYS), "MONTH_DAY_FORMAT")
        raise NotNow(_("A day stays open for three days. Today the earliest is %(date)s.") % {"date": first})


def _tell(enrolment: Enrolment) -> None:
    newest = enrolment.practices.aggregate(log=Max("on"), practice=Max("on", filter=Q(did_it=True)))
    note_logs(enrolment=enrolment, last_log_on=newest["log"], last_practice_on=newest["practice"])
