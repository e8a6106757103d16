"""The planner: clocks are claimed in sets across organisations and moved on by the pure path.

A tick claims due clocks and writes their nudges in one statement, so both commit together. A claimed clock has no
`next_at` until `plan_unplanned` (or the sweep, after a crash) asks the path again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count, islice
from typing import Any, NamedTuple

from django.db import connection, transaction

from cohorts.models import Clock, Cohort, Enrolment, Membership, Organisation, Step
from cohorts.schedule.calendars import calendar_of, dialled_of, pauses_by_enrolment
from cohorts.schedule.path import Cursor, Due, Path, Plan, Span, StepSlot
from cohorts.tenancy.sets import insert_columns
from cohorts.tenancy.wall import Across, across_organisations, current_organisation_id

NUDGE_TOO_LATE = timedelta(hours=6)  # the claim says the same in SQL
LEADERS_IN_A_TURN = 100  # of those due at one instant each organisation has so many claimed before any has more

CLAIM = """
WITH due AS MATERIALIZED (
    SELECT * FROM cohorts_clock
    WHERE next_at <= %(now)s AND NOT is_held AND next_at IS NOT NULL
      AND is_simulated = (%(organisation)s::bigint IS NOT NULL)
      AND (%(organisation)s::bigint IS NULL OR organisation_id = %(organisation)s)
    ORDER BY next_at, turn, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), made AS (
    INSERT INTO cohorts_nudge
        (organisation_id, enrolment_id, step_id, "on", day, channel, state, reason, due_at, not_before, sent_at)
    SELECT organisation_id, enrolment_id, next_step_id, next_on, next_day, channel,
        CASE WHEN next_at < %(too_late)s THEN 'skipped' WHEN channel = 'app' THEN 'sent' ELSE 'due' END,
        CASE WHEN next_at < %(too_late)s THEN 'too_late' ELSE '' END,
        next_at, next_at, CASE WHEN channel = 'app' AND next_at >= %(too_late)s THEN %(now)s::timestamptz END
    FROM due CROSS JOIN LATERAL unnest(channels) AS channel
    ON CONFLICT DO NOTHING
), moved AS (
    UPDATE cohorts_clock AS clock SET
        next_at = NULL, last_on = due.next_on,
        last_core_day = CASE WHEN due.is_next_core AND due.next_at >= %(too_late)s
            THEN due.next_step_day ELSE due.last_core_day END,
        last_extra_day = CASE WHEN NOT due.is_next_core AND due.next_at >= %(too_late)s
            THEN due.next_step_day ELSE due.last_extra_day END
    FROM due WHERE clock.id = due.id
)
SELECT organisation_id, count(*) FROM due GROUP BY organisation_id
"""

MOVE = """
UPDATE cohorts_clock AS clock SET next_at = new.at, next_on = new."on", next_day = new.day,
    next_step_id = new.step, next_step_day = new.step_day, is_next_core = new.core,
    channels = string_to_array(new.channels, ','), is_finished = (new.at IS NULL)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::date[], %s::int[], %s::bigint[], %s::int[], %s::bool[], %s::text[])
    AS new (id, at, "on", day, step, step_day, core, channels)
WHERE clock.organisation_id = %s AND clock.id = new.id
"""


class EnrolmentKeys(NamedTuple):
    """What `pauses_by_enrolment` asks of an enrolment, where there is no object for each."""

    pk: int
    cohort_id: int


def is_too_late(due_at: datetime, now: datetime) -> bool:
    return now - due_at > NUDGE_TOO_LATE


def claim_due(*, now: datetime, limit: int = 5000, simulated: Organisation | None = None) -> dict[int, int]:
    """Turn due clocks into nudges, oldest first, organisations in turn. Returns counts by organisation id.

    A demo organisation has its own clock and is claimed alone. A nudge more than six hours late is skipped with its
    reason, and its step comes next.
    """
    settings: dict[str, Any] = {
        "now": now,
        "too_late": now - NUDGE_TOO_LATE,
        "limit": limit,
        "organisation": simulated.pk if simulated else None,
    }
    with across_organisations(Across.PLANNER), connection.cursor() as cursor:
        cursor.execute(CLAIM, settings)
        return dict(cursor.fetchall())


def unplanned_organisations() -> list[int]:
    """Organisations with clocks that still need their next date, as after a crash."""
    with across_organisations(Across.PLANNER):
        waiting = Clock.objects.filter(next_at=None, is_finished=False)
        return list(waiting.order_by().values_list("organisation_id", flat=True).distinct())


@transaction.atomic
def plan_again(enrolment_ids: Sequence[int], *, now: datetime) -> None:
    """Recompute the next date of these enrolments after a change. Sent nudges do not change."""
    clocks = Clock.objects.filter(enrolment__in=enrolment_ids).order_by("pk")
    # Two statements: after waiting for a lock, a join would combine the new clock with the old enrolment.
    held = list(clocks.select_for_update().values_list("pk", flat=True))
    _move_on(list(Clock.objects.filter(pk__in=held).select_related("enrolment__cohort")), now)


@transaction.atomic
def plan_unplanned(*, now: datetime, limit: int = 2000) -> int:
    """Plan claimed clocks of the open organisation. Returns how many."""
    waiting = Clock.objects.filter(next_at=None, is_finished=False).order_by("pk")
    locked = waiting.select_for_update(of=("self",), skip_locked=True)
    clocks = list(locked.select_related("enrolment__cohort")[:limit])
    _move_on(clocks, now)
    return len(clocks)


@transaction.atomic
def hold(*, cohort_id: int, is_held: bool) -> None:
    """Hold or release every clock of a cohort. Held clocks are planned again on release, so nothing is lost."""
    clocks = Clock.objects.filter(enrolment__cohort=cohort_id)
    if not is_held:
        clocks = clocks.filter(enrolment__leader__in=Membership.objects.active())
    clocks.update(is_held=is_held)


@transaction.atomic
def hold_leaders(members: Sequence[int], *, is_held: bool, now: datetime) -> None:
    """Hold the clocks of leaders, or release those that their cohorts do not hold. Nothing is lost meanwhile."""
    theirs = Clock.objects.filter(enrolment__leader__one_of=members)
    if is_held:
        theirs.update(is_held=True)
        return
    theirs.filter(enrolment__cohort__in=Cohort.objects.filter(is_sending=True)).update(is_held=False)
    plan_again(list(theirs.values_list("enrolment_id", flat=True)), now=now)


def start_clocks(
    enrolments: Mapping[int, Enrolment], *, organisation: Organisation, now: datetime, before: int | None = None
) -> None:
    """Create the clocks of new enrolments, by their keys, in the open organisation and plan their first date.

    Enrolments with one schedule may share one object, and their first date is asked for once. `before` is how
    many clocks the organisation has already; they are counted if it is not given.
    """
    pauses = pauses_by_enrolment([EnrolmentKeys(key, enrolment.cohort_id) for key, enrolment in enrolments.items()])
    together: dict[tuple[int, tuple[Span, ...]], list[int]] = {}
    for key, enrolment in enrolments.items():
        together.setdefault((id(enrolment), pauses.get(key, ())), []).append(key)
    turns = (number // LEADERS_IN_A_TURN for number in count(Clock.objects.count() if before is None else before))
    for (_schedule, away), keys in together.items():
        enrolment = enrolments[keys[0]]
        clock = Clock(enrolment=enrolment, channels=enrolment.channels)
        values = _first(_ask(clock, organisation, away, now)) | {
            "channels": enrolment.channels,
            "is_held": not enrolment.cohort.is_sending,
            "is_simulated": organisation.is_demo,
        }
        insert_columns(Clock, {"enrolment": keys, "turn": list(islice(turns, len(keys)))}, **values)


def _first(due: Due | None) -> dict[str, Any]:
    """The columns of a clock that say what comes first."""
    if due is None:
        return {"is_finished": True}
    return {
        "next_at": due.at,
        "next_on": due.on,
        "next_day": due.day,
        "next_step": due.slot.key,
        "next_step_day": due.slot.day,
        "is_next_core": due.is_core,
    }


def _move_on(clocks: Sequence[Clock], now: datetime) -> None:
    if not clocks:
        return
    pauses = pauses_by_enrolment([clock.enrolment for clock in clocks])
    organisation = Organisation.objects.get(pk=current_organisation_id())
    ended = _ended(clocks)
    rows = [
        _as_row(
            clock, None if clock.pk in ended else _ask(clock, organisation, pauses.get(clock.enrolment_id, ()), now)
        )
        for clock in clocks
    ]
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [*map(list, zip(*rows, strict=True)), organisation.pk])


def _ended(clocks: Sequence[Clock]) -> set[int]:
    """Clocks that do not start again: their path is over, and their leader is on another one by now."""
    finished = {clock.enrolment.leader_id: clock.pk for clock in clocks if clock.is_finished}
    if not finished:
        return set()
    elsewhere = Enrolment.objects.walking().filter(leader__in=finished).values_list("leader_id", flat=True)
    return {finished[leader_id] for leader_id in elsewhere}


def _ask(clock: Clock, organisation: Organisation, pauses: tuple[Span, ...], now: datetime) -> Due | None:
    if clock.enrolment.left_on is not None:
        return None
    return path_of(clock.enrolment, organisation, pauses).next_due(cursor_of(clock), now)


def _as_row(clock: Clock, due: Due | None) -> tuple[object, ...]:
    channels = ",".join(clock.enrolment.channels)
    if due is None:
        return clock.pk, None, None, None, None, None, True, channels
    return clock.pk, due.at, due.on, due.day, due.slot.key, due.slot.day, due.is_core, channels


def path_of(enrolment: Enrolment, organisation: Organisation, pauses: tuple[Span, ...]) -> Path:
    """The path of one leader, for the planner and for the forecast of what it will do."""
    plan = plan_of(organisation.pk, enrolment.cohort.version_id)
    return Path(plan, calendar_of(enrolment, organisation, pauses), dialled_of(enrolment))


def cursor_of(clock: Clock) -> Cursor:
    return Cursor(clock.last_core_day, clock.last_extra_day, clock.last_on, frozenset(clock.met))


@lru_cache(maxsize=256)
def plan_of(organisation_id: int, version_id: int) -> Plan:
    """A curriculum version as input for the path, cached because a published version never changes."""
    columns = ("pk", "day", "kind", "cadence", "behaviour")
    steps = Step.objects.filter(version=version_id).order_by("day").values_list(*columns)
    slots: dict[str, list[StepSlot]] = {Step.Kind.CORE.value: [], Step.Kind.EXTRA.value: []}
    for key, day, kind, cadence, behaviour in steps:
        slots[kind].append(StepSlot(key, day, cadence, behaviour))
    return Plan(tuple(slots[Step.Kind.CORE.value]), tuple(slots[Step.Kind.EXTRA.value]))
