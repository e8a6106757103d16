"""Move a running cohort to a newer version of its curriculum, after a preview. Only unsent nudges change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.moves import VersionStep, core_ahead, met_keys, moved
from cohorts.models import Clock, Cohort, CurriculumVersion, Enrolment, Membership, Nudge, Organisation, Step
from cohorts.models.mail import MailState
from cohorts.models.nudge import Channel
from cohorts.nudges.planner import cursor_of, plan_again, plan_of
from cohorts.schedule.calendars import calendar_of, dialled_of, pauses_by_enrolment
from cohorts.schedule.path import LENGTH, Cursor, next_due
from cohorts.web.refusals import NotNow

WALKED = Cursor(LENGTH, LENGTH)  # a leader who has finished is not restarted by a newer version


@dataclass(frozen=True, slots=True)
class Move:
    """What a newer version would change for one leader. `next_step` and `new_step` are None if no step is left."""

    enrolment: Enrolment
    is_walked: bool
    next_on: date | None
    next_step: Step | None
    new_on: date | None
    new_step: Step | None
    core_before: int
    core_after: int

    @property
    def has_other_step(self) -> bool:
        keys = [step.key if step else None for step in (self.next_step, self.new_step)]
        return keys[0] != keys[1] or self.next_on != self.new_on


def newer_versions(cohort: Cohort) -> list[CurriculumVersion]:
    """The published versions a cohort could move to, newest first."""
    mine = CurriculumVersion.objects.filter(curriculum=cohort.version.curriculum_id, published_at__isnull=False)
    return list(mine.filter(number__gt=cohort.version.number).select_related("curriculum").order_by("-number"))


def moves_of(cohort: Cohort, version: CurriculumVersion, *, organisation: Organisation, now: datetime) -> list[Move]:
    """Preview the move for every leader, in a constant number of queries."""
    active = Clock.objects.filter(enrolment__cohort=cohort, enrolment__left_on=None)
    clocks = list(active.select_related("enrolment__leader__person", "enrolment__cohort", "next_step"))
    pauses = pauses_by_enrolment([clock.enrolment for clock in clocks])
    before, after = _steps_of(cohort.version_id), _steps_of(version.pk)
    cursors = _cursors(clocks, before, after)
    plan = plan_of(organisation.pk, version.pk)
    steps = {step.pk: step for step in version.steps.all()}
    moves = []
    for clock in sorted(clocks, key=lambda clock: (clock.enrolment.leader.name, clock.pk)):
        enrolment, cursor = clock.enrolment, cursors[clock.pk]
        calendar = calendar_of(enrolment, organisation, pauses.get(enrolment.pk, ()))
        due = next_due(plan, calendar, cursor, dialled_of(enrolment), now)
        moves.append(
            Move(
                enrolment=enrolment,
                is_walked=_is_walked(clock, before),
                next_on=clock.next_on,
                next_step=clock.next_step,
                new_on=due.on if due else None,
                new_step=steps[due.slot.key] if due else None,
                core_before=core_ahead(cursor_of(clock), before),
                core_after=core_ahead(cursor, after),
            )
        )
    return moves


@transaction.atomic
def move_cohort(*, cohort: Cohort, version: CurriculumVersion, by: Membership, now: datetime) -> Cohort:
    """Move a cohort to a newer published version of its curriculum. Existing nudges do not change."""
    # Read the version after waiting for the lock: joined to it, a cohort moved meanwhile would not be found.
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if version.pk not in {newer.pk for newer in newer_versions(cohort)}:
        raise NotNow(_("A cohort can only move to a newer published version of its own curriculum."))
    # Audit before clocks: every action that changes clocks locks in this order.
    record(by=by, verb="moved cohort", thing=cohort, now=now, before=cohort.version.number, after=version.number)
    locked = Clock.objects.filter(enrolment__cohort=cohort).order_by("pk")
    held = list(locked.select_for_update(of=("self",)).values_list("pk", flat=True))
    clocks = list(Clock.objects.filter(pk__in=held).select_related("enrolment"))
    cursors = _cursors(clocks, _steps_of(cohort.version_id), _steps_of(version.pk))
    for clock in clocks:
        cursor = cursors[clock.pk]
        clock.last_core_day, clock.last_extra_day = cursor.last_core, cursor.last_extra
        clock.met = sorted(cursor.met)
    Clock.objects.bulk_update(clocks, ["last_core_day", "last_extra_day", "met"])
    cohort.version = version
    cohort.save(update_fields=["version"])
    plan_again([clock.enrolment_id for clock in clocks], now=now)
    return cohort


def _cursors(clocks: Sequence[Clock], before: Sequence[VersionStep], after: Sequence[VersionStep]) -> dict[int, Cursor]:
    """Each clock's cursor in the newer version."""
    nudged = _nudged([clock.enrolment_id for clock in clocks])
    cursors = {}
    for clock in clocks:
        cursor = cursor_of(clock)
        met = met_keys(before, cursor) | nudged.get(clock.enrolment_id, set())
        cursors[clock.pk] = WALKED if _is_walked(clock, before) else moved(cursor, after, met)
    return cursors


def _nudged(enrolment_ids: Sequence[int]) -> dict[int, set[str]]:
    """The keys of all steps each leader has received, in any version."""
    cards = Nudge.objects.filter(enrolment__in=enrolment_ids, channel=Channel.APP, state=MailState.SENT)
    keys: dict[int, set[str]] = {}
    for enrolment_id, key in cards.values_list("enrolment_id", "step__key"):
        keys.setdefault(enrolment_id, set()).add(key)
    return keys


def _is_walked(clock: Clock, steps: Sequence[VersionStep]) -> bool:
    """Whether the leader has received every step. A clock also finishes when a long absence leaves no date."""
    return clock.is_finished and clock.enrolment.left_on is None and not core_ahead(cursor_of(clock), steps)


def _steps_of(version_id: int) -> list[VersionStep]:
    rows = Step.objects.filter(version=version_id).order_by("day").values_list("pk", "key", "day", "kind")
    return [VersionStep(pk, key, day, kind == Step.Kind.CORE) for pk, key, day, kind in rows]
