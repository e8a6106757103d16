"""What a due nudge carries to its writer, and when it must not go. `cohorts.mail.outbox` does the rest.

In-app cards are written by the planner and never pass here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from psycopg import sql

from cohorts.models.mail import Reason
from cohorts.nudges.planner import is_too_late
from cohorts.schedule.path import in_quiet_hours

# The switch on the cohort page: what is due stays due.
COHORT_IS_SENDING = sql.SQL("""(SELECT cohort.is_sending FROM cohorts_enrolment AS enrolment
            JOIN cohorts_cohort AS cohort
                ON cohort.organisation_id = enrolment.organisation_id AND cohort.id = enrolment.cohort_id
            WHERE enrolment.organisation_id = %(organisation)s AND enrolment.id = mail.enrolment_id)""")

# OFFSET 0 keeps the order of the joins. Left to itself, PostgreSQL joins every leader of an organisation that it has
# not counted yet with every nudge, and again with every enrolment: half a minute for six hundred leaders.
DETAILS = sql.SQL("""
SELECT claimed.id, claimed.enrolment_id, claimed.step_id, claimed."on", claimed.day, claimed.due_at, claimed.attempts,
    person.email, person.language, member.name, member.link_version, enrolment.zone,
    enrolment.left_on IS NOT NULL OR member.left_at IS NOT NULL OR member.suspended_at IS NOT NULL,
    NOT 'mail' = ANY (enrolment.channels),
    enrolment.last_log_on = claimed."on",
    EXISTS (SELECT FROM cohorts_pause AS pause WHERE pause.organisation_id = %(organisation)s
        AND pause.cohort_id = enrolment.cohort_id AND claimed."on" BETWEEN pause.starts_on AND pause.ends_on
        AND (pause.enrolment_id IS NULL OR pause.enrolment_id = enrolment.id))
FROM claimed
    CROSS JOIN LATERAL (SELECT * FROM cohorts_enrolment
        WHERE organisation_id = %(organisation)s AND id = claimed.enrolment_id OFFSET 0) AS enrolment
    CROSS JOIN LATERAL (SELECT * FROM cohorts_membership
        WHERE organisation_id = %(organisation)s AND id = enrolment.leader_id OFFSET 0) AS member
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.step_id, claimed.id
""")


class ClaimedNudge(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class QuietHours:
    starts: time
    ends: time

    def covers(self, now: datetime, zone: str) -> bool:
        return in_quiet_hours(now.astimezone(ZoneInfo(zone)).time(), self.starts, self.ends)


class Stoppable(Protocol):
    """What the stop conditions ask of a nudge, claimed or still ahead."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def zone(self) -> str: ...
    @property
    def has_left(self) -> bool: ...
    @property
    def is_unsubscribed(self) -> bool: ...
    @property
    def has_practised(self) -> bool | None: ...
    @property
    def is_paused(self) -> bool: ...


def reason_to_skip(nudge: Stoppable, now: datetime, quiet: QuietHours) -> Reason | None:
    """The stop conditions, asked again at the door: whatever changed since planning counts."""
    if nudge.has_left:
        return Reason.LEFT
    if nudge.is_unsubscribed:
        return Reason.UNSUBSCRIBED
    if nudge.is_paused:
        return Reason.PAUSED
    if nudge.has_practised:
        return Reason.PRACTISED
    if is_too_late(nudge.due_at, now) or quiet.covers(now, nudge.zone):
        return Reason.TOO_LATE
    return None
