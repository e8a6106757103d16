"""From a due nudge to a durable outcome, in batches of one organisation.

Claim (commit) → render and send over a kept connection (no transaction open) → outcomes (commit). A nudge is claimed
by changing its state, so two workers never hold the same one. A worker that dies leaves a lease that runs out, and
`release_expired` puts its nudges back: then, and only between the server's 250 and our commit, a mail may go twice,
with the same Message-ID. In-app cards are written by the planner and never pass here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection

from cohorts.mail.smtp import Kind
from cohorts.models.nudge import Nudge, NudgeState, Reason
from cohorts.nudges.planner import TOO_LATE
from cohorts.schedule.path import in_quiet_hours
from cohorts.tenancy.wall import Across, across_organisations, current_organisation_id, within

logger = structlog.get_logger(__name__)

BATCH = 500
MOST_ATTEMPTS = 8
BACKOFF = (1, 3, 10, 30, 60, 90, 120)  # minutes after the first, second … attempt

MOVES: Mapping[NudgeState, frozenset[NudgeState]] = {
    NudgeState.DUE: frozenset({NudgeState.SENDING}),
    NudgeState.SENDING: frozenset(
        {NudgeState.SENT, NudgeState.SKIPPED, NudgeState.FAILED, NudgeState.AMBIGUOUS, NudgeState.DUE}
    ),
    NudgeState.SENT: frozenset(),
    NudgeState.SKIPPED: frozenset(),
    NudgeState.FAILED: frozenset(),
    NudgeState.AMBIGUOUS: frozenset(),
}

CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT nudge.id FROM cohorts_nudge AS nudge
    WHERE nudge.organisation_id = %(organisation)s AND nudge.state = 'due' AND nudge.not_before <= %(now)s
        AND (SELECT cohort.is_sending FROM cohorts_enrolment AS enrolment
            JOIN cohorts_cohort AS cohort
                ON cohort.organisation_id = enrolment.organisation_id AND cohort.id = enrolment.cohort_id
            WHERE enrolment.organisation_id = %(organisation)s AND enrolment.id = nudge.enrolment_id)
    ORDER BY nudge.not_before, nudge.id LIMIT %(limit)s FOR UPDATE OF nudge SKIP LOCKED
), claimed AS (
    UPDATE cohorts_nudge AS nudge
    SET state = 'sending', attempts = nudge.attempts + 1, lease_until = %(lease)s
    FROM picked WHERE nudge.organisation_id = %(organisation)s AND nudge.id = picked.id
    RETURNING nudge.id, nudge.enrolment_id, nudge.step_id, nudge."on", nudge.day, nudge.due_at, nudge.attempts
)
SELECT claimed.*, person.email, person.language, member.name, member.link_version, enrolment.zone,
    enrolment.left_on IS NOT NULL OR member.left_at IS NOT NULL,
    NOT 'mail' = ANY (enrolment.channels),
    enrolment.last_log_on = claimed."on",
    EXISTS (SELECT FROM cohorts_pause AS pause WHERE pause.organisation_id = %(organisation)s
        AND pause.cohort_id = enrolment.cohort_id AND claimed."on" BETWEEN pause.starts_on AND pause.ends_on
        AND (pause.enrolment_id IS NULL OR pause.enrolment_id = enrolment.id))
FROM claimed
    JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = %(organisation)s AND enrolment.id = claimed.enrolment_id
    JOIN cohorts_membership AS member
        ON member.organisation_id = %(organisation)s AND member.id = enrolment.leader_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.step_id, claimed.id
"""

SETTLE = """
UPDATE cohorts_nudge AS nudge SET state = new.state, reason = new.reason, smtp_code = new.code,
    not_before = new.not_before, lease_until = NULL,
    sent_at = CASE WHEN new.state = 'sent' THEN %s::timestamptz END
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::int[], %s::timestamptz[])
    AS new (id, attempts, state, reason, code, not_before)
WHERE nudge.organisation_id = %s AND nudge.id = new.id AND nudge.state = 'sending'
    AND nudge.attempts = new.attempts
"""


class Claimed(NamedTuple):
    """One nudge in a worker's hands, with everything its mail and its stop conditions need."""

    id: int
    enrolment_id: int
    step_id: int
    on: date
    day: int
    due_at: datetime
    attempts: int
    email: str
    language: str
    name: str
    link_version: int
    zone: str
    has_left: bool
    is_unsubscribed: bool
    has_practised: bool | None
    is_paused: bool


class Settled(NamedTuple):
    """What became of one claimed nudge. `attempts` fences: an outcome of an older attempt changes nothing."""

    id: int
    attempts: int
    state: NudgeState
    reason: str
    code: int | None
    not_before: datetime


class Answer(NamedTuple):
    """A mail server's word about one nudge."""

    id: int
    kind: Kind
    code: int | None


@dataclass(frozen=True, slots=True)
class QuietHours:
    starts: time
    ends: time

    def covers(self, now: datetime, zone: str) -> bool:
        return in_quiet_hours(now.astimezone(ZoneInfo(zone)).time(), self.starts, self.ends)


Post = Callable[[list[Claimed]], Iterable[Answer]]


def deliver_due(organisation_id: int, *, now: Callable[[], datetime], quiet: QuietHours, post: Post, limit: int) -> int:
    """Send up to `limit` due nudges of one organisation. Returns how many were claimed.

    The outcomes of one batch are committed together with the claim of the next.
    """
    total, settled = 0, list[Settled]()
    while True:
        with within(organisation_id):
            _settle(settled, now())
            batch = _claim(now(), min(BATCH, limit - total)) if total < limit else []
        if not batch:
            return total
        total += len(batch)
        settled = list(_work_off(batch, now, quiet, post))


def _work_off(batch: list[Claimed], now: Callable[[], datetime], quiet: QuietHours, post: Post) -> Iterator[Settled]:
    by_id = {nudge.id: nudge for nudge in batch}
    wanted = []
    for nudge in batch:
        reason = reason_to_skip(nudge, now(), quiet)
        if reason is None:
            wanted.append(nudge)
        else:
            yield Settled(nudge.id, nudge.attempts, NudgeState.SKIPPED, reason, None, nudge.due_at)
    for answer in post(wanted):
        yield settle(by_id[answer.id], answer, now())


def reason_to_skip(nudge: Claimed, now: datetime, quiet: QuietHours) -> Reason | None:
    """The stop conditions, asked again at the door: whatever changed since planning counts."""
    if nudge.has_left:
        return Reason.LEFT
    if nudge.is_unsubscribed:
        return Reason.UNSUBSCRIBED
    if nudge.is_paused:
        return Reason.PAUSED
    if nudge.has_practised:
        return Reason.PRACTISED
    if now - nudge.due_at > TOO_LATE or quiet.covers(now, nudge.zone):
        return Reason.TOO_LATE
    return None


def settle(nudge: Claimed, answer: Answer, now: datetime) -> Settled:
    """The next state after a mail server's answer.

    Refused for good stops and shows. Not now, and no word at all, are tried again while it is not too late; silence
    after the whole mail was handed over is tried once more only, since it may have arrived.
    """
    if answer.kind is Kind.SENT:
        return Settled(nudge.id, nudge.attempts, NudgeState.SENT, "", answer.code, nudge.due_at)
    if answer.kind is Kind.PERMANENT:
        return Settled(nudge.id, nudge.attempts, NudgeState.FAILED, Reason.REFUSED, answer.code, nudge.due_at)
    again = now + timedelta(minutes=BACKOFF[min(nudge.attempts, len(BACKOFF)) - 1])
    is_over = nudge.attempts >= MOST_ATTEMPTS or again - nudge.due_at > TOO_LATE
    if answer.kind is Kind.AMBIGUOUS and (is_over or nudge.attempts > 1):
        return Settled(nudge.id, nudge.attempts, NudgeState.AMBIGUOUS, Reason.SILENT, None, nudge.due_at)
    if is_over:
        return Settled(nudge.id, nudge.attempts, NudgeState.FAILED, Reason.UNREACHABLE, answer.code, nudge.due_at)
    return Settled(nudge.id, nudge.attempts, NudgeState.DUE, "", answer.code, again)


def organisations_to_send(*, now: datetime) -> list[int]:
    """Organisations in real time with a mail that could go now, or a lease that ran out."""
    with across_organisations(Across.PLANNER):
        due = Nudge.objects.filter(state=NudgeState.DUE, not_before__lte=now)
        expired = Nudge.objects.filter(state=NudgeState.SENDING, lease_until__lt=now)
        both = due.order_by().values("organisation_id").union(expired.order_by().values("organisation_id"))
        return [row["organisation_id"] for row in both]


def release_expired(*, now: datetime) -> int:
    """Put back what a dead worker held, in the open organisation; give up on what killed too many. Returns how many."""
    expired = Nudge.objects.filter(state=NudgeState.SENDING, lease_until__lt=now)
    given_up = expired.filter(attempts__gte=MOST_ATTEMPTS)
    total = given_up.update(state=NudgeState.FAILED, reason=Reason.UNREACHABLE, lease_until=None)
    total += expired.update(state=NudgeState.DUE, not_before=now, lease_until=None)
    if total:
        logger.warning("leases expired", organisation_id=current_organisation_id(), nudges=total)
    return total


def _claim(now: datetime, limit: int) -> list[Claimed]:
    lease = now + timedelta(seconds=settings.NUDGE_LEASE_SECONDS)
    arguments: dict[str, Any] = {"organisation": current_organisation_id(), "now": now, "lease": lease, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, arguments)
        return [Claimed._make(row) for row in cursor.fetchall()]


def _settle(settled: list[Settled], now: datetime) -> None:
    if not settled:
        return
    with connection.cursor() as cursor:
        columns = map(list, zip(*settled, strict=True))
        cursor.execute(SETTLE, [now, *columns, current_organisation_id()])
