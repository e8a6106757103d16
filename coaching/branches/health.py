"""How 1:1s and mentoring go in a cohort, as counts for its admin. One statement, and no column that holds a text.

1. Held of planned: talks of the cohort's leaders whose time has come, cancelled ones left out.
2. Done by their date of agreed: actions with a date that is over, those let go left out, as in a leader's report
   (`coaching.meetings.figures`).
3. Acknowledged in time: held talks that the leader answered within three working days, of those answered or over that.
4. Days until a mentor accepts: the median over requests that were accepted.

A figure with fewer than five people behind it is left out: leaders, and mentors where it is theirs. What comes after
the last day that the ninety days of the cohort can have is in none of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from coaching.disclosure import MIN_PEOPLE
from coaching.meetings.rules import ACKNOWLEDGE_WITHIN_DAYS
from cohorts.curriculum.content import DAYS_OF_PROGRAMME
from cohorts.models import Cohort
from cohorts.models.cohort import MAX_DAYS_AWAY
from cohorts.schedule.closed_days import closed_days
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import current_organisation_id

LONGEST = timedelta(days=DAYS_OF_PROGRAMME + MAX_DAYS_AWAY)
LOOKS_DAYS = 31  # after a talk: whatever the holidays, three working days are over by then

HEALTH = """
WITH pair AS MATERIALIZED (
    SELECT DISTINCT pairing.id, pairing.leader_id AS leader, pairing.partner_id AS partner, pairing.state
    FROM cohorts_enrolment AS enrolment
    JOIN coaching_pairing AS pairing
        ON pairing.organisation_id = %(organisation)s AND pairing.leader_id = enrolment.leader_id
    WHERE enrolment.organisation_id = %(organisation)s AND enrolment.cohort_id = %(cohort)s
), talk AS MATERIALIZED (
    SELECT session.id, session.state, session.held_at, pair.leader
    FROM pair JOIN coaching_session AS session
        ON session.organisation_id = %(organisation)s AND session.pairing_id = pair.id
    WHERE session.state <> 'cancelled' AND session.starts_at >= %(starts)s AND session.starts_at < %(until)s
), talks AS (
    SELECT count(*) FILTER (WHERE talk.state = 'held') AS kept, count(*) AS agreed,
        count(DISTINCT talk.leader) AS people
    FROM talk
), actions AS (
    SELECT count(*) FILTER (
            WHERE action.state = 'done' AND (action.closed_at AT TIME ZONE %(zone)s)::date <= action.due_on
        ) AS kept, count(*) AS agreed, count(DISTINCT pair.leader) AS people
    FROM pair JOIN coaching_action AS action
        ON action.organisation_id = %(organisation)s AND action.pairing_id = pair.id
    WHERE action.state <> 'let_go' AND action.due_on >= %(first)s AND action.due_on < %(last)s
), answer AS (
    SELECT talk.leader, acknowledgement.at IS NOT NULL AS is_in, (
        SELECT count(*) FROM generate_series(
            (talk.held_at AT TIME ZONE %(zone)s)::date + 1,
            least((acknowledgement.at AT TIME ZONE %(zone)s)::date, %(today)s,
                (talk.held_at AT TIME ZONE %(zone)s)::date + %(looks)s), interval '1 day'
        ) AS day
        WHERE extract(isodow FROM day) < 6 AND day::date <> ALL (%(holidays)s::date[])
    ) AS days
    FROM talk LEFT JOIN coaching_acknowledgement AS acknowledgement
        ON acknowledgement.organisation_id = %(organisation)s AND acknowledgement.session_id = talk.id
    WHERE talk.state = 'held'
), answers AS (
    SELECT count(*) FILTER (WHERE answer.is_in AND answer.days <= %(days)s) AS kept, count(*) AS agreed,
        count(DISTINCT answer.leader) AS people
    FROM answer WHERE answer.is_in OR answer.days > %(days)s
), accepted AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY request.answered_at - request.asked_at) AS wait,
        count(*) AS agreed, least(count(DISTINCT pair.leader), count(DISTINCT pair.partner)) AS people
    FROM pair JOIN coaching_mentorrequest AS request
        ON request.organisation_id = %(organisation)s AND request.pairing_id = pair.id
    WHERE pair.state IN ('active', 'ended') AND request.answered_at IS NOT NULL AND request.asked_at >= %(starts)s
        AND request.asked_at < %(until)s
)
SELECT talks.kept, talks.agreed, talks.people, actions.kept, actions.agreed, actions.people,
    answers.kept, answers.agreed, answers.people, accepted.wait, accepted.agreed, accepted.people
FROM talks, actions, answers, accepted
"""


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many, over at least five people."""

    kept: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How long accepted requests waited, over at least five leaders and five mentors."""

    days: float
    requests: int


@dataclass(frozen=True, slots=True)
class Health:
    """The four figures; None where fewer than five people are behind one."""

    talks: Count | None
    actions: Count | None
    acknowledged: Count | None
    accepted: Acceptance | None


def health_of(cohort: Cohort, now: datetime) -> Health:
    """Since the classroom ended. Leaders who left the cohort stay in it: what was held was held."""
    today, first = local_date(now, cohort.zone), cohort.classroom_ends_on
    last = min(today, cohort.day1_on + LONGEST)
    settings: dict[str, Any] = {
        "organisation": current_organisation_id(),
        "cohort": cohort.pk,
        "zone": str(cohort.zone),
        "first": first,
        "starts": datetime(first.year, first.month, first.day, tzinfo=cohort.zone),
        "today": today,
        "last": last,
        "until": min(now, datetime(last.year, last.month, last.day, tzinfo=cohort.zone) + timedelta(days=1)),
        "days": ACKNOWLEDGE_WITHIN_DAYS,
        "looks": LOOKS_DAYS,
        "holidays": list(closed_days(cohort).between(first, min(today, last + timedelta(days=LOOKS_DAYS)))),
    }
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, settings)
        *counts, wait, requests, people = cursor.fetchone()
    talks, actions, acknowledged = (_count(*counts[3 * n : 3 * n + 3]) for n in range(3))
    accepted = Acceptance(wait / timedelta(days=1), requests) if people >= MIN_PEOPLE else None
    return Health(talks, actions, acknowledged, accepted)


def _count(kept: int, agreed: int, people: int) -> Count | None:
    return Count(kept, agreed) if people >= MIN_PEOPLE else None
