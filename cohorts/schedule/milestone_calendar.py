"""Live events with dates, read for many cohorts at once.

Takes one query for any number of cohorts; milestones of a version are cached per process.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import BigIntegerField, DateField, Value

from cohorts.models import Cohort, Enrolment, Milestone, MilestoneDate, Organisation, Pause
from cohorts.schedule.closed_days import closed_days
from cohorts.schedule.milestone_dates import Dated, Slot, dated
from cohorts.schedule.path import Calendar, Span


@dataclass(frozen=True, slots=True)
class Diary:
    """These cohorts' own dates for milestones by key, and their pauses; by enrolment those of leaders, when asked."""

    organisation: Organisation
    moved: Mapping[int, Mapping[str, date | None]]
    pauses: Mapping[int, tuple[Span, ...]]
    away: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)

    def of_cohort(self, cohort: Cohort) -> list[Dated[Milestone]]:
        """Dates on the cohort's calendar; personal events may differ for each leader."""
        calendar = self.calendar(cohort)
        return self._dated(cohort, own=calendar)

    def of_leader(self, enrolment: Enrolment, calendar: Calendar) -> list[Dated[Milestone]]:
        """Dates for one leader, on their own calendar."""
        return self._dated(enrolment.cohort, own=calendar)

    def days_away(self, cohort: Cohort, enrolment_id: int) -> tuple[Span, ...]:
        """A leader's own and their cohort's, of a diary read with leaders."""
        return tuple(sorted([*self.pauses.get(cohort.pk, ()), *self.away.get(enrolment_id, ())]))

    def calendar(self, cohort: Cohort) -> Calendar:
        """The cohort's own calendar."""
        return Calendar(
            day1=cohort.day1_on,
            zone=cohort.zone,
            hour=cohort.nudge_hour,
            working_days=frozenset(cohort.working_days),
            holidays=closed_days(cohort),
            pauses=self.pauses.get(cohort.pk, ()),
        )

    def _dated(self, cohort: Cohort, own: Calendar) -> list[Dated[Milestone]]:
        milestones = milestones_of(self.organisation.pk, cohort.version_id)
        return dated(milestones, self.moved.get(cohort.pk, {}), own=own, shared=self.calendar(cohort))


def diary_of(organisation: Organisation, cohorts: Iterable[Cohort], *, with_leaders: bool = False) -> Diary:
    """Read the dates and pauses of these cohorts in the open organisation, and on demand their leaders' days away."""
    keys = {cohort.pk for cohort in cohorts}
    nobody, no_date = Value(None, output_field=BigIntegerField()), Value(None, output_field=DateField())
    moves = MilestoneDate.objects.filter(cohort__in=keys).values_list("cohort_id", nobody, "key", "on", no_date)
    spans = Pause.objects.filter(cohort__in=keys).order_by()
    if not with_leaders:
        spans = spans.filter(enrolment=None)
    both = moves.union(spans.values_list("cohort_id", "enrolment_id", Value(""), "starts_on", "ends_on"), all=True)
    moved: dict[int, dict[str, date | None]] = {}
    pauses: dict[int, list[Span]] = {}
    away: dict[int, list[Span]] = {}
    for cohort_id, enrolment_id, key, on, ends_on in both:
        if key:
            moved.setdefault(cohort_id, {})[key] = on
        elif enrolment_id:
            away.setdefault(enrolment_id, []).append((on, ends_on))
        else:
            pauses.setdefault(cohort_id, []).append((on, ends_on))
    return Diary(organisation, moved, _sorted(pauses), _sorted(away))


def _sorted(spans: Mapping[int, Iterable[Span]]) -> dict[int, tuple[Span, ...]]:
    return {key: tuple(sorted(found)) for key, found in spans.items()}


@lru_cache(maxsize=256)
def milestones_of(organisation_id: int, version_id: int) -> tuple[tuple[Slot, Milestone], ...]:
    """The milestones of a version by day, cached because a published version never changes."""
    milestones = Milestone.objects.filter(version=version_id)
    return tuple((Slot(each.key, each.kind, each.day), each) for each in milestones)
