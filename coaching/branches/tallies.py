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
PATIENCE = timedelta(days=7)  # how long a sponsor has known before their manager sees it

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
# Rows are found by sponsor alone and joined to the leaders at the end: PostgreSQL guesses the number of rows that agree
# in both far too low, and then looks up every action one by one (measured: 0.5 s instead of 0.04). Sums are integers:
# PostgreSQL adds bigints to numerics, with which the quarters took a third of the time.
COUNT = """
, asks AS (
    SELECT ask.enrolment_id, ask.sponsor_id,
        count(*) FILTER (WHERE ask.asked_at >= %(asked_from)s AND ask.asked_at < %(asked_until)s)::int AS agreed,
        count(*) FILTER (
            WHERE ask.asked_at >= %(asked_from)s AND ask.asked_at < %(asked_until)s
              AND ask.answered_at <= ask.asked_at + %(answer_days)s * interval '1 day'
        )::int AS kept,
        bool_or(ask.answered_at IS NULL AND ask.asked_at < %(asked_late)s) AS is_waiting
    FROM sponsor
    JOIN coaching_ask AS ask ON ask.organisation_id = %(organisation)s AND ask.sponsor_id = sponsor.member
    WHERE (ask.asked_at >= %(asked_from)s AND ask.asked_at < %(asked_until)s) OR ask.answered_at IS NULL
    GROUP BY ask.enrolment_id, ask.sponsor_id
), acts AS (
    SELECT act.enrolment_id, act.sponsor_id,
        bool_or(act.confirmed_at >= %(starts)s AND act.confirmed_at < %(ends)s) AS is_confirmed,
        bool_or(act.blocked_at >= %(starts)s AND act.blocked_at < %(ends)s) AS is_blocked
    FROM sponsor
    JOIN coaching_sponsoract AS act ON act.organisation_id = %(organisation)s AND act.sponsor_id = sponsor.member
    WHERE act.kind = 'check_in' AND (
        (act.confirmed_at >= %(starts)s AND act.confirmed_at < %(ends)s)
        OR (act.blocked_at >= %(starts)s AND act.blocked_at < %(ends)s)
    )
    GROUP BY act.enrolment_id, act.sponsor_id
), led AS MATERIALIZED (
    SELECT sponsor.via, sponsor.member AS sponsor, enrolment.leader_id AS leader,
        bool_or(NOT clock.is_finished AND enrolment.day1_on <= %(last)s) AS is_under_way,
        bool_or(NOT clock.is_finished AND enrolment.day1_on <= %(quiet)s
            AND (enrolment.last_practice_on IS NULL OR enrolment.last_practice_on < %(quiet)s)
            AND NOT EXISTS (
                SELECT FROM cohorts_pause AS pause
                WHERE pause.organisation_id = %(organisation)s AND pause.cohort_id = enrolment.cohort_id
                  AND (pause.enrolment_id = enrolment.id OR pause.enrolment_id IS NULL)
                  AND pause.starts_on <= %(today)s AND pause.ends_on >= %(quiet)s
            )) AS is_quiet,
        sum(asks.agreed)::int AS asked, sum(asks.kept)::int AS answered, bool_or(asks.is_waiting) AS is_waiting,
        bool_or(acts.is_confirmed) AS is_confirmed, bool_or(acts.is_blocked) AS is_blocked
    FROM sponsor
    JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = %(organisation)s AND enrolment.sponsor_id = sponsor.member
    JOIN cohorts_clock AS clock
        ON clock.organisation_id = %(organisation)s AND clock.enrolment_id = enrolment.id
    LEFT JOIN asks ON asks.enrolment_id = enrolment.id AND asks.sponsor_id = sponsor.member
    LEFT JOIN acts ON acts.enrolment_id = enrolment.id AND acts.sponsor_id = sponsor.member
    WHERE enrolment.left_on IS NULL
    GROUP BY sponsor.via, sponsor.member, enrolment.leader_id
), pair AS MATERIALIZED (
    SELECT pairing.id, pairing.leader_id AS leader, pairing.partner_id AS sponsor,
        pairing.state = 'active' AND pairing.due_on < %(late)s AS is_late
    FROM sponsor JOIN coaching_pairing AS pairing
        ON pairing.organisation_id = %(organisation)s AND pairing.partner_id = sponsor.member
    WHERE pairing.kind = 'sponsor'
), talks AS (
    SELECT session.pairing_id, count(*)::int AS agreed, count(*) FILTER (WHERE session.state = 'held')::int AS kept
    FROM pair JOIN coaching_session AS session
        ON session.organisation_id = %(organisation)s AND session.pairing_id = pair.id
    WHERE session.state <> 'cancelled' AND session.starts_at >= %(starts)s AND session.starts_at < %(ends)s
    GROUP BY session.pairing_id
), actions AS (
    SELECT action.pairing_id, count(*)::int AS agreed,
        count(*) FILTER (
            WHERE action.state = 'done' AND (action.closed_at AT TIME ZONE %(zone)s)::date <= action.due_on
        )::int AS kept
    FROM pair JOIN coaching_action AS action
        ON action.organisation_id = %(organisation)s AND action.pairing_id = pair.id
    WHERE action.state <> 'let_go' AND action.due_on BETWEEN %(first)s AND %(last)s
    GROUP BY action.pairing_id
), met AS (
    SELECT pair.leader, pair.sponsor, bool_or(pair.is_late) AS is_late,
        sum(talks.agreed)::int AS planned, sum(talks.kept)::int AS held,
        sum(actions.agreed)::int AS agreed, sum(actions.kept)::int AS done
    FROM pair
    LEFT JOIN talks ON talks.pairing_id = pair.id
    LEFT JOIN actions ON actions.pairing_id = pair.id
    GROUP BY pair.leader, pair.sponsor
)
SELECT each.sponsor, each.via, count(*),
    count(*) FILTER (WHERE each.is_under_way AND (each.is_confirmed OR each.is_blocked IS NOT TRUE)),
    count(*) FILTER (WHERE each.is_under_way AND each.is_confirmed),
    count(*) FILTER (WHERE each.is_quiet), count(*) FILTER (WHERE each.is_late),
    count(*) FILTER (WHERE each.is_waiting),
    coalesce(sum(each.planned), 0), coalesce(sum(each.held), 0),
    coalesce(sum(each.agreed), 0), coalesce(sum(each.done), 0),
    coalesce(sum(each.asked), 0), coalesce(sum(each.answered), 0),
    {bands}
FROM (
    SELECT led.*, met.is_late, met.planned, met.held, met.agreed, met.done,
        4 * met.held / nullif(met.planned, 0) AS talks,
        4 * met.done / nullif(met.agreed, 0) AS actions,
        4 * led.answered / nullif(led.asked, 0) AS asks
    FROM led LEFT JOIN met ON met.leader = led.leader AND met.sponsor = led.sponsor
) AS each
GROUP BY each.sponsor, each.via
"""
BANDS = ", ".join(
    f"count(*) FILTER (WHERE each.{quarter} {band})"
    for quarter in ("talks", "actions", "asks")
    for band in ("= 0", "= 1", "= 2", ">= 3")
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
