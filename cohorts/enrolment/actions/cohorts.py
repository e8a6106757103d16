"""Open and change a cohort, and switch its sending. Leaders who chose their own hour, zone or days keep them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from cohorts.schedule.closed_days import ClosedDays, Place, closed_days
from cohorts.schedule.countries import COUNTRIES
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.regions import kinds_of, regions_of
from cohorts.schedule.rules import ensure_schedule
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_choice, ensure_name
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale, save_revision

FIXED_BY_FIRST_NUDGE = ("version", "day1_on")
PLACE = ("holidays", "region", "holiday_kinds")
TAKEN_OVER = ("day1_on", "zone", "nudge_hour", "working_days")


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """An admin's settings of a cohort. `holidays` is a two-letter country code, or empty for none; `region` and
    `holiday_kinds` are codes of that country's (`cohorts.schedule.regions`)."""

    name: str
    version: CurriculumVersion
    classroom_ends_on: date
    day1_on: date
    zone: ZoneInfo
    nudge_hour: time
    working_days: list[int]
    holidays: str = ""
    region: str = ""
    holiday_kinds: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.holidays, self.region, tuple(self.holiday_kinds))

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

    Raises NotNow for curriculum and day 1 once a nudge went out, and Invalid for public holidays that would change up
    to today: days already lived would move.
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
    if changed.keys() & set(PLACE):
        days = closed_days(cohort)
        ensure_past_stays("holidays", cohort, days, ClosedDays(plan.place, days.own), now=now)
    _ensure_published(plan.version)
    save_revision(cohort, **changed)
    _hand_on(cohort, before, changed)
    record(by=by, verb="changed cohort", thing=cohort, now=now, changed=", ".join(sorted(changed)))
    plan_again(active_in(cohort), now=now)
    return cohort


def plan_of_cohort(cohort: Cohort) -> CohortPlan:
    """A cohort's settings as they are, to change one of them."""
    return CohortPlan(**{name: getattr(cohort, name) for name in CohortPlan.__slots__})


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
        plan_again(active_in(cohort), now=now)
    return cohort


def ensure_past_stays(field: str, cohort: Cohort, before: ClosedDays, after: ClosedDays, *, now: datetime) -> None:
    """Refuse to change which days up to today are closed, once a nudge went out. Raises Invalid with the first date."""
    if not has_begun(cohort):
        return
    until = last_lived_day(cohort, now)
    span = (cohort.classroom_ends_on, until)
    moved = set(before.between(*span)) ^ set(after.between(*span))
    if moved:
        sentence = _("The first nudge has been sent, and this would change %(date)s. Only days after today can change.")
        raise Invalid(field, fill(sentence, {"date": date_words(min(moved))}))


def last_lived_day(cohort: Cohort, now: datetime) -> date:
    """Today, where it is latest: in the cohort's zone and in those of its leaders."""
    zones = Enrolment.objects.active().filter(cohort=cohort).values_list("zone", flat=True).order_by().distinct()
    return max(local_date(now, zone) for zone in {cohort.zone, *zones})


def _take_turns(by: Membership) -> Organisation:
    """One admin at a time, so that two cannot give the same name."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)


def _checked(plan: CohortPlan, *, cohort: Cohort | None, organisation: Organisation, now: datetime) -> CohortPlan:
    """The plan with its name in single spaces. Raises Invalid for what a form refuses."""
    ensure_name("name", plan.name, most=MAX_COHORT_NAME_CHARACTERS)
    plan = replace(plan, name=" ".join(plan.name.split()), working_days=sorted(set(plan.working_days)))
    plan = replace(plan, holiday_kinds=sorted(set(plan.holiday_kinds)))
    ensure_free_name(plan.name, cohort=cohort)
    for name in ("classroom_ends_on", "day1_on"):
        before = getattr(cohort, name) if cohort else None
        ensure_cohort_day(name, getattr(plan, name), before=before, today=local_date(now, organisation.zone))
    ensure_after_classroom(plan.day1_on, plan.classroom_ends_on)
    ensure_schedule(plan.zone, plan.nudge_hour, plan.working_days, organisation)
    _ensure_place(plan)
    return plan


def _ensure_place(plan: CohortPlan) -> None:
    ensure_choice("holidays", plan.holidays, {"", *dict(COUNTRIES)})
    ensure_choice("region", plan.region, {"", *regions_of(plan.holidays, "en")})
    for kind in plan.holiday_kinds:
        ensure_choice("holiday_kinds", kind, kinds_of(plan.holidays))


def _ensure_not_begun(cohort: Cohort) -> None:
    if has_begun(cohort):
        raise NotNow(_("The first nudge has been sent. Curriculum and day 1 can no longer change."))


def _ensure_published(version: CurriculumVersion) -> None:
    if not version.is_published:
        raise NotNow(_("This version is still a draft. Publish it first."))


def _hand_on(cohort: Cohort, before: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    for name in TAKEN_OVER:
        if name in changed:
            Enrolment.objects.active().filter(cohort=cohort, **{name: before[name]}).update(
                **{name: changed[name]}, revision=F("revision") + 1
            )


def active_in(cohort: Cohort) -> list[int]:
    """Keys of the cohort's active enrolments."""
    return list(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", flat=True))
