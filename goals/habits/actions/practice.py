"""Log a practice for a date, and undo it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.actions.enrolments import note_logs
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Enrolment, Membership, Step
from cohorts.schedule.date_words import date_words, fill
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from goals.habits import back_fill
from goals.habits.policies import ensure_may_keep
from goals.habits.rules import ensure_practice
from goals.models import Focus, Practice

MAX_EARLIER_KEYS = 20


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
    edition: int | None = None,
) -> Practice:
    """Log one date. The newest word for a date stands; what newer words overtook on its way changes nothing.

    "Not today" also counts as logged: no nudge follows it. Raises NotNow for a date that cannot be logged.
    """
    ensure_may_keep(by, enrolment)
    ensure_practice(did_it=did_it, went=went, place=place, line=line, focus=focus, enrolment=enrolment)
    ensure_edition(edition)
    take_turns(enrolment)
    practice = Practice.objects.filter(enrolment=enrolment, on=on).first() or Practice(enrolment=enrolment, on=on)
    said: dict[str, Any] = {"did_it": did_it, "went": went if did_it else None, "place": place, "line": line}
    said["focus_id"] = focus.pk if focus else None
    is_new, is_other = practice.pk is None, _differs(practice, said)
    if practice.key == key and not (is_new or is_other):
        return _note_edition(practice, edition)
    if not is_new and _was_overtaken(practice, key, edition):
        return practice
    _ensure_open(on, today=today, day1=enrolment.day1_on)
    practice.is_back_filled = on < today and not _was_said_in_time(practice, did_it)
    for name, value in said.items():
        setattr(practice, name, value)
    practice.step, practice.logged_at = step, now
    _take_key(practice, key, edition)
    practice.save()
    if is_other and not is_new:
        record(by=by, verb="changed practice", thing=practice, now=now, on=str(on))
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


def _differs(practice: Practice, said: dict[str, Any]) -> bool:
    return any(getattr(practice, name) != value for name, value in said.items())


def _was_overtaken(practice: Practice, key: UUID, edition: int | None) -> bool:
    if key == practice.key:
        return was_overtaken(edition, practice.edition)
    # Whatever this form had said before, another one has said something newer since.
    newest = practice.earlier_keys.get(str(key))
    return newest is not None and was_overtaken(edition, newest + 1)


def _note_edition(practice: Practice, edition: int | None) -> Practice:
    if edition is not None and not was_overtaken(edition, practice.edition):
        practice.edition = edition
        practice.save(update_fields=["edition"])
    return practice


def _take_key(practice: Practice, key: UUID, edition: int | None) -> None:
    """The form that speaks now; one whose key saved another date speaks under a new key."""
    if practice.pk is not None and practice.key != key:
        earlier = {**practice.earlier_keys, str(practice.key): practice.edition}
        practice.earlier_keys = dict(list(earlier.items())[-MAX_EARLIER_KEYS:])
    others = Practice.objects.filter(enrolment=practice.enrolment, key=key).exclude(pk=practice.pk)
    practice.key, practice.edition = uuid4() if others.exists() else key, edition


def _was_said_in_time(practice: Practice, did_it: bool) -> bool:
    """Whether it was first logged on the day itself: adding a line later does not make it back-filled."""
    return practice.pk is not None and not practice.is_back_filled and practice.did_it == did_it


def _ensure_open(on: date, *, today: date, day1: date) -> None:
    if on > today:
        raise NotNow(_("That day has not come yet."), field="on")
    if on < day1:
        raise NotNow(_("That day is before your day 1."), field="on")
    if not back_fill.is_open(on, today=today, day1=day1):
        first = date_words(today - timedelta(days=back_fill.DAYS), "MONTH_DAY_FORMAT")
        sentence = _("You can log a day for three days. The earliest today is %(date)s.")
        raise NotNow(fill(sentence, {"date": first}), field="on")


def _tell(enrolment: Enrolment) -> None:
    newest = enrolment.practices.aggregate(log=Max("on"), practice=Max("on", filter=Q(did_it=True)))
    note_logs(enrolment=enrolment, last_log_on=newest["log"], last_practice_on=newest["practice"])
