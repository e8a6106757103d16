"""Close a date of a cohort, keep a public holiday open, and take either back. Before or after the first nudge.

What was sent stays: after the first nudge only dates after today change (decision 0059).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.actions.cohorts import active_in, ensure_past_stays
from cohorts.models import Cohort, Membership
from cohorts.nudges.planner import plan_again
from cohorts.schedule.closed_days import ClosedDays, OwnDay, closed_days
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.milestone_dates import limits
from cohorts.web.bounds import ensure_date, ensure_name
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import Stale, save_revision

MAX_OWN_DAYS = 60
MAX_DAY_NAME_CHARACTERS = 80


class Act(StrEnum):
    CLOSE = "close"
    OPEN = "open"
    TAKE_BACK = "take-back"


def change_day(*, act: Act, name: str, **about: Any) -> Cohort:
    """Do one of the three below, by name. `name` is used only for a day that is closed."""
    if act is Act.CLOSE:
        return close_day(name=name, **about)
    return keep_day_open(**about) if act is Act.OPEN else take_back_day(**about)


@transaction.atomic
def close_day(
    *, cohort: Cohort, on: date, name: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> Cohort:
    """Send nothing on this date. A second name for a date replaces the first. Idempotent.

    Raises Invalid beside `name` or `on`, and Stale.
    """
    ensure_name("name", name, most=MAX_DAY_NAME_CHARACTERS)
    day = OwnDay(on, " ".join(name.split()), is_closed=True)
    cohort = _locked(cohort, expected_revision)
    return _save(cohort, with_own_day(cohort, day), "closed a day", on, by, now)


@transaction.atomic
def keep_day_open(
    *, cohort: Cohort, on: date, by: Membership, now: datetime, expected_revision: int | None = None
) -> Cohort:
    """Make a public holiday a working day of this cohort. Idempotent. Raises Invalid beside `on`, and Stale."""
    cohort = _locked(cohort, expected_revision)
    return _save(cohort, with_own_day(cohort, OwnDay(on, "", is_closed=False)), "kept a day open", on, by, now)


@transaction.atomic
def take_back_day(
    *, cohort: Cohort, on: date, by: Membership, now: datetime, expected_revision: int | None = None
) -> Cohort:
    """Let the date follow the public holidays of the cohort's place again. Idempotent. Raises Invalid, and Stale."""
    cohort = _locked(cohort, expected_revision)
    return _save(cohort, closed_days(cohort).without(on), "took back a day", on, by, now)


def with_own_day(cohort: Cohort, day: OwnDay) -> ClosedDays:
    """The cohort's closed days with this one among them. Raises Invalid for one that changes nothing."""
    ensure_date("on", day.on)
    first, last = limits(cohort.classroom_ends_on, cohort.day1_on)
    if not first <= day.on <= last:
        sentence = _("Choose a day from %(first)s to %(last)s.")
        raise Invalid("on", fill(sentence, {"first": date_words(first), "last": date_words(last)}))
    days = closed_days(cohort)
    is_holiday = bool(days.public_name(day.on))
    if day.is_closed and is_holiday and days.own_day(day.on) is None:
        raise Invalid("on", _("That is a public holiday for this cohort, so it is already closed."))
    if not day.is_closed and not is_holiday:
        raise Invalid("on", _("That is not a public holiday for this cohort, so it is already open."))
    after = days.with_day(day)
    if len(after.own) > MAX_OWN_DAYS:
        raise Invalid("on", _("A cohort has at most %(count)d days of its own.") % {"count": MAX_OWN_DAYS})
    return after


def _locked(cohort: Cohort, expected_revision: int | None) -> Cohort:
    """The cohort, held until the transaction ends. Raises Stale when it is not the expected one."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if expected_revision is not None and cohort.revision != expected_revision:
        raise Stale({"own_days": cohort.own_days})
    return cohort


def _save(cohort: Cohort, after: ClosedDays, verb: str, on: date, by: Membership, now: datetime) -> Cohort:
    before = closed_days(cohort)
    if after == before:
        return cohort
    ensure_past_stays("on", cohort, before, after, now=now)
    save_revision(cohort, own_days=[day.as_stored() for day in after.own])
    record(by=by, verb=verb, thing=cohort, now=now, on=str(on))
    plan_again(active_in(cohort), now=now)
    return cohort
