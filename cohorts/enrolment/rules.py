"""What a cohort and a leader's place in it are held to. Asked by the forms, decided in the actions."""

from collections.abc import Iterable, Sized
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.models import Cohort
from cohorts.models.cohort import MAX_DAYS_AWAY
from cohorts.schedule.path import Rota, Span
from cohorts.web.bounds import ensure_date, ensure_number
from cohorts.web.refusals import Invalid, NotNow

MAX_COHORT_NAME_CHARACTERS = 120
MAX_DAYS_AHEAD = 2 * 366
MAX_ROTA_DAYS = 28
ROTA_BEGINS_WITHIN_DAYS = 366
MAX_LEADERS_AT_ONCE = 500
"""One transaction, and one address that holds what Undo restores."""


def ensure_days_away(starts_on: date, ends_on: date, *, today: date) -> None:
    """At most a year, not over yet, and beginning within two."""
    ensure_date("starts_on", starts_on)
    ensure_date("ends_on", ends_on)
    if starts_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("starts_on", _("That is more than two years away."))
    if ends_on < starts_on:
        raise Invalid("ends_on", _("The last day is before the first."))
    if ends_on < today:
        raise Invalid("ends_on", _("Those days are already over."))
    if (ends_on - starts_on).days >= MAX_DAYS_AWAY:
        raise Invalid("ends_on", _("That is longer than a year."))


def ensure_days_away_fit(pauses: Iterable[Span], *, starts_on: date, ends_on: date) -> None:
    """All days away together, those of the past included, are at most a year: the ninety days come to an end."""
    days = set[date]()
    for start, end in [*pauses, (starts_on, ends_on)]:
        days.update(start + timedelta(days=passed) for passed in range(min((end - start).days + 1, MAX_DAYS_AWAY + 1)))
    if len(days) > MAX_DAYS_AWAY:
        raise Invalid("ends_on", _("With the days away there are already, that is longer than a year."))


def ensure_at_once(leaders: Sized) -> None:
    if len(leaders) > MAX_LEADERS_AT_ONCE:
        sentence = _("At most %(count)d leaders at once. Narrow the list with a search or a filter first.")
        raise NotNow(sentence % {"count": MAX_LEADERS_AT_ONCE})


def ensure_rota(rota: Rota, *, before: Rota | None, today: date) -> None:
    ensure_number("rota_on", rota.on, 1, MAX_ROTA_DAYS)
    ensure_number("rota_off", rota.off, 1, MAX_ROTA_DAYS)
    ensure_date("rota_from", rota.starts)
    ensure_rota_from(rota.starts, before=before.starts if before else None, today=today)


def ensure_rota_from(starts: date, *, before: date | None, today: date) -> None:
    """Within a year from today, or as it was."""
    if starts != before and abs((starts - today).days) > ROTA_BEGINS_WITHIN_DAYS:
        raise Invalid("rota_from", _("Give a date within a year from today."))


def ensure_cohort_day(field: str, on: date, *, before: date | None, today: date) -> None:
    """At most two years back, for a cohort that is written down late, or ahead; or as it was."""
    ensure_date(field, on)
    if on != before and abs((on - today).days) > MAX_DAYS_AHEAD:
        raise Invalid(field, _("Choose a day within two years from today."))


def ensure_after_classroom(day1_on: date, classroom_ends_on: date) -> None:
    if day1_on <= classroom_ends_on:
        raise Invalid("day1_on", _("Day 1 must be after the last day in the classroom."))


def ensure_free_name(name: str, *, cohort: Cohort | None) -> None:
    """No other cohort of the organisation has it."""
    others = Cohort.objects.exclude(pk=cohort.pk) if cohort else Cohort.objects.all()
    if others.filter(name=name).exists():
        raise Invalid("name", _("Another cohort already has this name."))
