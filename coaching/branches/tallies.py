"""What sponsors did, counted in one statement for a whole branch or for one sponsor.

Figures name only columns without text: `tests/coaching/branches/test_columns.py` runs the statements while nothing else
may be read. A branch is everybody below somebody: by `Membership.manager` and, for leaders under way, by their
sponsor, any number of levels. `UNION` drops who was reached already, so a loop in the lines ends where it repeats, and
two lines to one person cost no more than one. Who is reached through two people belongs to one of them, so that groups
share nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from coaching.branches.groups import Bands
from coaching.branches.periods import Period
from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import current_organisation_id

QUIET_DAYS = 14  # two weeks without a practice: the sponsor has had a week to notice
ANSWER_DAYS = 7  # five working days
PATIENCE = timedelta(days=7)  # how long a sponsor has known before their manager is told

BRANCH = """
RECURSIVE line (below, above) AS (
    SELECT member.id, member.manager_id FROM cohorts_membership AS member
    WHERE member.organisation_id = %(organisation)s AND member.manager_id IS NOT NULL AND member.left_at IS NULL
    UNION
    SELECT enrolment.leader_id, enrolment.sponsor_id FROM cohorts_enrolment AS enrolment
    WHERE enrolment.organisation_id = %(organisation)s AND enrolment.sponsor_id IS NOT NULL
      AND enrolment.left_on IS NULL
), reached (member, via) AS (
    SELECT line.below, line.below FROM line WHERE line.above = %(member)s AND line.below <> %(member)s
    UNION
    SELECT line.below, reached.via FROM reached JOIN line ON line.above = reached.member
    WHERE line.below <> %(member)s
), sponsor AS (
    SELECT DISTINCT ON (reached.member) reached.member, reached.via FROM reached
    ORDER BY reached.member, reached.member <> reached.via, reached.via
)
"""
ONESELF = "sponsor (member, via) AS (VALUES (%(member)s::bigint, %(member)s::bigint))"

# One row for each leader and sponsor, then one for each sponsor. A ratio becomes its quarter: 0, 1, 2, 3.
COUNT = """
, led AS MATERIALIZED (
    SELECT sponsor.via, sponsor.member AS sponsor, enrolment.leader_id AS leader,
        bool_or(NOT clock.is_finished AND enrolment.day1_on <= %(last)s) AS is_under_way,
        bool_or(NOT clock.is_finished AND enrolment.day1_on <= %(quiet)s
            AND (enrolment.last_practice_on IS NULL OR enrolment.last_practice_on < %(quiet)s)
            AND NOT EXISTS (
                SELECT FROM cohorts_pause AS pause
                WHERE pause.organisation_id = %(organisation)s AND pause.cohort_id = enrolment.cohort_id
                  AND (pause.enrolment_id = enrolment.id OR pause.enrolment_id IS NULL)
                  AND pause.starts_on <= %(today)s AND pause.ends_on >= %(quiet)s
            )) AS is_quiet
    FROM sponsor
    JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = %(organisation)s AND enrolment.sponsor_id = sponsor.member
    JOIN cohorts_clock AS clock
        ON clock.organisation_id = %(organisation)s AND clock.enrolment_id = enrolment.id
    WHERE enrolment.left_on IS NULL
    GROUP BY sponsor.via, sponsor.member, enrolment.leader_id
), pair AS MATERIALIZED (
    SELECT pairing.id, pairing.state, pairing.due_on, led.leader, led.sponsor
    FROM led JOIN coaching_pairing AS pairing
        ON pairing.organisation_id = %(organisation)s AND pairing.kind = 'sponsor'
        AND pairing.leader_id = led.leader AND pairing.partner_id = led.sponsor
), talks AS (
    SELECT pair.leader, pair.sponsor, count(*) AS agreed, count(*) FILTER (WHERE session.state = 'held') AS kept
    FROM pair JOIN coaching_session AS session
        ON session.organisation_id = %(organisation)s AND session.pairing_id = pair.id
    WHERE session.state <> 'cancelled' AND session.starts_at >= %(starts)s AND session.starts_at < %(ends)s
    GROUP BY pair.leader, pair.sponsor
), actions AS (
    SELECT pair.leader, pair.sponsor, count(*) AS agreed,
        count(*) FILTER (
            WHERE action.state <> 'open' AND (action.closed_at AT TIME ZONE %(zone)s)::date <= action.due_on
        ) AS kept
    FROM pair JOIN coaching_action AS action
        ON action.organisation_id = %(organisation)s AND action.pairing_id = pair.id
    WHERE action.due_on BETWEEN %(first)s AND %(last)s
    GROUP BY pair.leader, pair.sponsor
), asks AS (
    SELECT enrolment.leader_id AS leader, ask.sponsor_id AS sponsor,
        count(*) FILTER (WHERE ask.asked_at >= %(asked_from)s AND ask.asked_at < %(asked_until)s) AS agreed,
        count(*) FILTER (
            WHERE ask.asked_at >= %(asked_from)s AND ask.asked_at < %(asked_until)s
              AND ask.answered_at <= ask.asked_at + %(answer_days)s * interval '1 day'
        ) AS kept,
        bool_or(ask.answered_at IS NULL AND ask.asked_at < %(asked_late)s) AS is_waiting
    FROM led
    JOIN coaching_ask AS ask ON ask.organisation_id = %(organisation)s AND ask.sponsor_id = led.sponsor
    JOIN cohorts_enrolment AS enrolment ON enrolment.organisation_id = %(organisation)s
        AND enrolment.id = ask.enrolment_id AND enrolment.leader_id = led.leader
    WHERE ask.asked_at >= %(asked_from)s OR ask.answered_at IS NULL
    GROUP BY enrolment.leader_id, ask.sponsor_id
), acts AS (
    SELECT enrolment.leader_id AS leader, act.sponsor_id AS sponsor,
        bool_or(act.confirmed_at >= %(starts)s AND act.confirmed_at < %(ends)s) AS is_confirmed,
        bool_or(act.blocked_at >= %(starts)s AND act.blocked_at < %(ends)s) AS is_blocked
    FROM led
    JOIN coaching_sponsoract AS act ON act.organisation_id = %(organisation)s AND act.sponsor_id = led.sponsor
    JOIN cohorts_enrolment AS enrolment ON enrolment.organisation_id = %(organisation)s
        AND enrolment.id = act.enrolment_id AND enrolment.leader_id = led.leader
    WHERE act.kind = 'check_in'
    GROUP BY enrolment.leader_id, act.sponsor_id
), late AS (
    SELECT DISTINCT pair.leader, pair.sponsor FROM pair WHERE pair.state = 'active' AND pair.due_on < %(late)s
)
SELECT led.sponsor, led.via, count(*),
    count(*) FILTER (WHERE led.is_under_way AND (acts.is_confirmed OR acts.is_blocked IS NOT TRUE)),
    count(*) FILTER (WHERE led.is_under_way AND acts.is_confirmed),
    count(*) FILTER (WHERE led.is_quiet), count(late.leader), count(*) FILTER (WHERE asks.is_waiting),
    coalesce(sum(talks.agreed), 0), coalesce(sum(talks.kept), 0),
    coalesce(sum(actions.agreed), 0), coalesce(sum(actions.kept), 0),
    coalesce(sum(asks.agreed), 0), coalesce(sum(asks.kept), 0),
    {bands}
FROM led
LEFT JOIN talks ON talks.leader = led.leader AND talks.sponsor = led.sponsor
LEFT JOIN actions ON actions.leader = led.leader AND actions.sponsor = led.sponsor
LEFT JOIN asks ON asks.leader = led.leader AND asks.sponsor = led.sponsor
LEFT JOIN acts ON acts.leader = led.leader AND acts.sponsor = led.sponsor
LEFT JOIN late ON late.leader = led.leader AND late.sponsor = led.sponsor
GROUP BY led.sponsor, led.via
"""
BANDS = ", ".join(
    f"count(*) FILTER (WHERE {name}.agreed > 0 AND least(3, 4 * {name}.kept / {name}.agreed) = {band})"
    for name in ("talks", "actions", "asks")
    for band in range(4)
)
COUNTED = COUNT.format(bands=BANDS)


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of what was agreed was kept, and over how many leaders, by quarter."""

    agreed: int
    kept: int
    bands: Bands


@dataclass(frozen=True, slots=True)
class Tally:
    """One sponsor with their leaders. `via` is the one of the branch's top whom they are below, or are themselves.

    `with_part` leaders had a week in which a check-in could happen, `checked_in` confirmed one. The last three are
    leaders for whom help may be welcome, each known to the sponsor for a week at least.
    """

    sponsor_id: int
    via_id: int
    leaders: int
    with_part: int
    checked_in: int
    talks: Kept
    actions: Kept
    asks: Kept
    quiet: int
    overdue: int
    waiting: int


def branch_tallies(
    top: Membership, *, period: Period, organisation: Organisation, today: date, now: datetime
) -> list[Tally]:
    """Every sponsor below somebody. Their own leaders are not part of it: they know them one by one."""
    return list(_counted(f"WITH {BRANCH}{COUNTED}", top, period, organisation, today, now))


def own_tally(
    sponsor: Membership, *, period: Period, organisation: Organisation, today: date, now: datetime
) -> Tally | None:
    """One sponsor alone; None without leaders."""
    return next(_counted(f"WITH {ONESELF}{COUNTED}", sponsor, period, organisation, today, now), None)


def _counted(
    statement: str, member: Membership, period: Period, organisation: Organisation, today: date, now: datetime
) -> Iterator[Tally]:
    starts, ends = period.instants(organisation.zone)
    answered = timedelta(days=ANSWER_DAYS)
    settings: dict[str, Any] = {
        "organisation": current_organisation_id(),
        "member": member.pk,
        "zone": str(organisation.zone),
        "first": period.first,
        "last": period.last,
        "today": today,
        "quiet": today - timedelta(days=QUIET_DAYS),
        "late": today - PATIENCE,
        "starts": starts,
        "ends": ends,
        "answer_days": ANSWER_DAYS,
        "asked_from": starts - answered,
        "asked_until": ends - answered,
        "asked_late": now - answered - PATIENCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, settings)
        for row in cursor.fetchall():
            sponsor, via, leaders, with_part, checked_in, quiet, overdue, waiting, *rest = row
            sums, bands = [int(each) for each in rest[:6]], rest[6:]
            talks, actions, asks = (
                Kept(sums[2 * n], sums[2 * n + 1], tuple(bands[4 * n : 4 * n + 4])) for n in range(3)
            )
            yield Tally(sponsor, via, leaders, with_part, checked_in, talks, actions, asks, quiet, overdue, waiting)
