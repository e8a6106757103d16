"""Open and change a cohort, and switch its sending. Leaders who chose their own hour, zone or days keep them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.rules import (
    MAX_COHORT_NAME_CHARACTERS,
    ensure_after_classroom,
    ensure_cohort_day,
    ensure_free_name,
)
from cohorts.models import Cohort, CurriculumVersion, Enrolment, Membership, Nudge, Organisation
from cohorts.nudges.planner import hold, plan_again
from cohorts.schedule.countries import COUNTRIES
from cohorts.schedule.rules import ensure_schedule
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_choice, ensure_name
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import Stale, save_revision

FIXED_BY_FIRST_NUDGE = ("version", "day1_on", "holidays")
TAKEN_OVER = ("day1_on", "zone", "nudge_hour", "working_days")


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """An admin's settings of a cohort. `holidays` is a two-letter country code, or empty for none."""

    name: str
    version: CurriculumVersion
    classroom_ends_on: date
    day1_on: date
    zone: ZoneInfo
    nudge_hour: time
    working_days: list[int]
    holidays: str = ""

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@transaction.atomic
def open_cohort(*, plan: CohortPlan, by: Membership, now: datetime) -> Cohort:
    """Create an empty cohort with sending on. Raises NotNow for a draft: a cohort's curriculum must not change."""
    plan = _checked(plan, cohort=None, organisation=_take_turns(by), now=now)
    _ensure_published(plan.version)
    cohort = Cohort.objects.create(**plan.fields())
    record(by=by, verb="opened cohort", thing=cohort, now=now, name=cohort.name)
    return cohort


@transaction.atomic
def change_cohort(
    *, cohort: Cohort, plan: CohortPlan, by: Membership, now: datetime, expected_revision: int | None = None
) -> Cohort:
    """Change the cohort, and every leader who still has the cohort's previous value.

    Raises NotNow for curriculum, day 1 and public holidays once a nudge went out: days already lived would move.
    """
    # First the cohort, as a page that edits it does, then the turn for its name.
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    organisation = _take_turns(by)
    plan = _checked(plan, cohort=cohort, organisation=organisation, now=now)
    before = {name: getattr(cohort, name) for name in plan.fields()}
    if expected_revision is not None and cohort.revision != expected_revision:
        raise Stale(before)
    changed = {name: value for name, value in plan.fields().items() if value != before[name]}
    if not changed:
        return cohort
    if changed.keys() & set(FIXED_BY_FIRST_NUDGE):
        _ensure_not_begun(cohort)
    _ensure_published(plan.version)
    save_revision(cohort, **changed)
    _hand_on(cohort, before, changed)
    record(by=by, verb="changed cohort", thing=cohort, now=now, changed=", ".join(sorted(changed)))
    plan_again(_active(cohort), now=now)
    return cohort


def has_begun(cohort: Cohort) -> bool:
    """Whether any of its leaders has had a nudge."""
    return Nudge.objects.filter(enrolment__cohort=cohort).exists()


@transaction.atomic
def set_sending(*, cohort: Cohort, is_on: bool, by: Membership, now: datetime) -> Cohort:
    """Switch sending on or off. Off holds every clock; on plans them again, so nothing is lost."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if cohort.is_sending == is_on:
        return cohort
    cohort.is_sending = is_on
    cohort.save(update_fields=["is_sending"])
    # Audit before clocks: every action that changes clocks locks in this order.
    record(by=by, verb="switched sending on" if is_on else "switched sending off", thing=cohort, now=now)
    hold(cohort_id=cohort.pk, is_held=not is_on)
    if is_on:
        plan_again(_active(cohort), now=now)
    return cohort


def _take_turns(by: Membership) -> Organisation:
    """One admin at a time, so that two cannot give the same name."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)


def _checked(plan: CohortPlan, *, cohort: Cohort | None, organisation: Organisation, now: datetime) -> CohortPlan:
    """The plan with its name in single spaces. Raises Invalid for what a form refuses."""
    ensure_name("name", plan.name, most=MAX_COHORT_NAME_CHARACTERS)
    plan = replace(plan, name=" ".join(plan.name.split()), working_days=sorted(set(plan.working_days)))
    ensure_free_name(plan.name, cohort=cohort)
    for field in ("classroom_ends_on", "day1_on"):
        before = getattr(cohort, field) if cohort else None
        ensure_cohort_day(field, getattr(plan, field), before=before, today=local_date(now, organisation.zone))
    ensure_after_classroom(plan.day1_on, plan.classroom_ends_on)
    ensure_schedule(plan.zone, plan.nudge_hour, plan.working_days, organisation)
    ensure_choice("holidays", plan.holidays, {"", *dict(COUNTRIES)})
    return plan


def _ensure_not_begun(cohort: Cohort) -> None:
    if has_begun(cohort):
        raise NotNow(_("The first nudge has been sent. Curriculum, day 1 and public holidays can no longer change."))


def _ensure_published(version: CurriculumVersion) -> None:
    if not version.is_published:
        raise NotNow(_("This version is still a draft. Publish it first."))


def _hand_on(cohort: Cohort, before: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    for name in TAKEN_OVER:
        if name in changed:
            Enrolment.objects.active().filter(cohort=cohort, **{name: before[name]}).update(
                **{name: changed[name]}, revision=F("revision") + 1
            )


def _active(cohort: Cohort) -> list[int]:
    return list(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", flat=True))
