"""The figures of a branch of 5,000 leaders below one manager, against one recursive query written by hand for them.

Twenty managers report to the top, ten sponsors to each of them, 25 leaders to each sponsor; two years of talks every
other week and the actions they left, four questions and four check-ins for each leader. The yardstick follows the same
lines and adds up the same for the whole branch; both must find the same sums. What is measured is the reading, too.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import connection
from django.utils import timezone

from coaching.branches.branch import branch_of
from coaching.branches.periods import Period, branch_period
from coaching.branches.tallies import branch_tallies
from cohorts.models import Cohort, Membership, Organisation
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Target

MANAGERS, SPONSORS, LEADERS, TALKS = 20, 10, 25, 52

PEOPLE = """
WITH people AS (
    INSERT INTO cohorts_person (email, language, theme, is_active, joined_at, password)
    SELECT gen_random_uuid() || '@bench.test', 'en', 'auto', true, now(), '!'
    FROM generate_series(1, %(each)s * (SELECT count(*) FROM unnest(%(above)s::bigint[])))
    RETURNING id
), numbered AS (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(each)s + 1 AS place FROM people
)
INSERT INTO cohorts_membership (organisation_id, person_id, name, roles, zone, digest_hour, digest_weekday,
    digest_on, link_version, manager_id)
SELECT %(key)s, id, 'Åse Number ' || id, %(roles)s, 'Europe/Oslo', '08:00', 1, true, 1,
    CASE WHEN 'leader' = ANY (%(roles)s) THEN NULL ELSE (%(above)s::bigint[])[place] END
FROM numbered RETURNING id
"""
ENROL = """
WITH enrolled AS (
    INSERT INTO cohorts_enrolment (organisation_id, cohort_id, leader_id, sponsor_id, day1_on, zone, nudge_hour,
        working_days, channels, cadence, last_practice_on)
    SELECT %(key)s, %(cohort)s, leader, (%(sponsors)s::bigint[])[(place - 1) / %(each)s + 1], current_date - 60,
        'Europe/Oslo', '09:00', '{1,2,3,4,5}', '{app,mail}', 2, current_date - place::int %% 20
    FROM unnest(%(leaders)s::bigint[]) WITH ORDINALITY AS each (leader, place)
    RETURNING id, leader_id, sponsor_id
), wound AS (
    INSERT INTO cohorts_clock (organisation_id, enrolment_id, is_next_core, channels, last_core_day, last_extra_day,
        is_held, is_simulated, is_finished)
    SELECT %(key)s, id, true, '{}', 0, 0, false, false, false FROM enrolled
)
INSERT INTO coaching_pairing (organisation_id, kind, leader_id, partner_id, state, cadence_days, starts_on, handover,
    due_on)
SELECT %(key)s, 'sponsor', leader_id, sponsor_id, 'active', 14, current_date - 800, '',
    current_date + 7 - id::int %% 20
FROM enrolled
"""
MEET = """
INSERT INTO coaching_session (organisation_id, uid, sequence, starts_at, minutes, place, pairing_id, kind, state,
    template, template_version, planned_by_id, held_at, nothing_to_agree, key)
SELECT %(key)s, gen_random_uuid(), 0, at, 30, '', id, 'one_to_one', went, '', 1, partner_id,
    CASE went WHEN 'held' THEN at END, false, gen_random_uuid()
FROM coaching_pairing CROSS JOIN generate_series(1, %(talks)s) AS talk
    CROSS JOIN LATERAL (SELECT now() - interval '14 days' * talk AS at,
        CASE WHEN (id + talk) %% 4 = 0 THEN 'missed' ELSE 'held' END AS went) AS each
WHERE organisation_id = %(key)s
"""
AGREE = """
INSERT INTO coaching_action (organisation_id, pairing_id, session_id, owner_id, text, due_on, state, made_at, closed_at,
    reason, key)
SELECT %(key)s, pairing_id, session.id, planned_by_id, 'Try the three-line handover', starts_at::date + 10,
    'done', starts_at, starts_at + interval '1 day' * (session.id %% 20)::int, '', gen_random_uuid()
FROM coaching_session AS session WHERE organisation_id = %(key)s
"""
ASK = """
INSERT INTO coaching_ask (organisation_id, enrolment_id, sponsor_id, text, asked_at, answer, answered_at, key)
SELECT %(key)s, id, sponsor_id, 'Can we move Thursday?', now() - interval '12 days' * number, 'Yes',
    now() - interval '12 days' * number + interval '1 day' * (id %% 10)::int, gen_random_uuid()
FROM cohorts_enrolment CROSS JOIN generate_series(1, 4) AS number WHERE organisation_id = %(key)s
"""
CHECK_IN = """
INSERT INTO coaching_sponsoract (organisation_id, enrolment_id, sponsor_id, kind, week, done_at, confirmed_at, obstacle)
SELECT %(key)s, id, sponsor_id, 'check_in', week, now() - interval '7 days' * (9 - week),
    now() - interval '7 days' * (9 - week), ''
FROM cohorts_enrolment CROSS JOIN generate_series(1, 8, 2) AS week WHERE organisation_id = %(key)s
"""
BY_HAND = """
WITH RECURSIVE line AS (
    SELECT id AS below, manager_id AS above FROM cohorts_membership
    WHERE organisation_id = %(key)s AND manager_id IS NOT NULL AND left_at IS NULL
    UNION
    SELECT leader_id, sponsor_id FROM cohorts_enrolment
    WHERE organisation_id = %(key)s AND sponsor_id IS NOT NULL AND left_on IS NULL
), branch AS (
    SELECT below FROM line WHERE above = %(top)s
    UNION ALL
    SELECT line.below FROM branch JOIN line ON line.above = branch.below
) CYCLE below SET is_repeat USING path,
pair AS MATERIALIZED (
    SELECT pairing.id, pairing.state, pairing.due_on FROM branch
    JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = %(key)s AND enrolment.sponsor_id = branch.below AND enrolment.left_on IS NULL
    JOIN coaching_pairing AS pairing ON pairing.organisation_id = %(key)s AND pairing.kind = 'sponsor'
        AND pairing.leader_id = enrolment.leader_id AND pairing.partner_id = enrolment.sponsor_id
    WHERE NOT branch.is_repeat
)
SELECT people.count, talks.held, talks.planned, actions.done, actions.agreed, asks.answered, asks.asked, acts.leaders,
    late.count, quiet.count
FROM (SELECT count(*) FROM pair) AS people,
    (SELECT count(*) FILTER (WHERE session.state = 'held') AS held, count(*) AS planned
     FROM pair JOIN coaching_session AS session
        ON session.organisation_id = %(key)s AND session.pairing_id = pair.id
     WHERE session.state <> 'cancelled' AND starts_at >= %(starts)s AND starts_at < %(ends)s) AS talks,
    (SELECT count(*) FILTER (
            WHERE action.state = 'done' AND (closed_at AT TIME ZONE 'Europe/Oslo')::date <= action.due_on
        ) AS done, count(*) AS agreed
     FROM pair JOIN coaching_action AS action
        ON action.organisation_id = %(key)s AND action.pairing_id = pair.id
     WHERE action.state <> 'let_go' AND action.due_on BETWEEN %(first)s AND %(last)s) AS actions,
    (SELECT count(*) FILTER (WHERE answered_at <= asked_at + interval '7 days') AS answered, count(*) AS asked
     FROM coaching_ask WHERE organisation_id = %(key)s AND sponsor_id IN (SELECT below FROM branch)
        AND asked_at >= %(starts)s - interval '7 days' AND asked_at < %(ends)s - interval '7 days') AS asks,
    (SELECT count(DISTINCT enrolment_id) AS leaders
     FROM coaching_sponsoract WHERE organisation_id = %(key)s AND sponsor_id IN (SELECT below FROM branch)
        AND kind = 'check_in' AND confirmed_at >= %(starts)s AND confirmed_at < %(ends)s) AS acts,
    (SELECT count(*) FROM pair WHERE state = 'active' AND due_on < %(today)s::date - 7) AS late,
    (SELECT count(DISTINCT enrolment.leader_id)
     FROM branch JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = %(key)s AND enrolment.sponsor_id = branch.below
        JOIN cohorts_clock AS clock ON clock.organisation_id = %(key)s AND clock.enrolment_id = enrolment.id
     WHERE NOT branch.is_repeat AND enrolment.left_on IS NULL AND NOT clock.is_finished
        AND enrolment.last_practice_on < %(today)s::date - 14
        AND NOT EXISTS (SELECT FROM cohorts_pause AS pause WHERE pause.organisation_id = %(key)s
            AND pause.cohort_id = enrolment.cohort_id AND coalesce(pause.enrolment_id, enrolment.id) = enrolment.id
            AND pause.starts_on <= %(today)s AND pause.ends_on >= %(today)s::date - 14)) AS quiet
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation = make.OrganisationFactory(slug="bench")
        with within(organisation):
            top = populate(organisation)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        today = timezone.localdate()
        period = branch_period(today)
        with within(organisation):
            assert by_hand(organisation, top, period, today) == rolled_up(organisation, top, period, today)
        yield {
            "one recursive query by hand": timed(organisation, lambda: by_hand(organisation, top, period, today)),
            "the roll-up": timed(organisation, lambda: rolled_up(organisation, top, period, today)),
            "the roll-up as the page shows it": timed(
                organisation,
                lambda: branch_of(top, organisation=organisation, today=today, now=timezone.now()),
            ),
        }


def populate(organisation: Organisation) -> Membership:
    top: Membership = make.MembershipFactory(roles=["sponsor"])
    cohort: Cohort = make.CohortFactory()
    managers = _people(organisation, [top.pk], MANAGERS, "sponsor")
    sponsors = _people(organisation, managers, SPONSORS, "sponsor")
    leaders = _people(organisation, sponsors, LEADERS, "leader")
    values = {"key": organisation.pk, "cohort": cohort.pk, "sponsors": sponsors, "leaders": leaders, "each": LEADERS}
    with connection.cursor() as cursor:
        cursor.execute(ENROL, values)
        cursor.execute(MEET, {"key": organisation.pk, "talks": TALKS})
        for statement in (AGREE, ASK, CHECK_IN):
            cursor.execute(statement, {"key": organisation.pk})
    return top


def _people(organisation: Organisation, above: list[int], each: int, role: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"key": organisation.pk, "above": above, "each": each, "roles": [role]})
        return sorted(key for (key,) in cursor.fetchall())


def by_hand(organisation: Organisation, top: Membership, period: Period, today: date) -> tuple[int, ...]:
    starts, ends = period.instants(organisation.zone)
    values = {
        "key": organisation.pk,
        "top": top.pk,
        "first": period.first,
        "last": period.last,
        "starts": starts,
        "ends": ends,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, values)
        return tuple(cursor.fetchone())


def rolled_up(organisation: Organisation, top: Membership, period: Period, today: date) -> tuple[int, ...]:
    tallies = branch_tallies(top, period=period, organisation=organisation, today=today, now=timezone.now())
    return (
        sum(each.leaders for each in tallies),
        *(sum(each.talks.kept for each in tallies), sum(each.talks.agreed for each in tallies)),
        *(sum(each.actions.kept for each in tallies), sum(each.actions.agreed for each in tallies)),
        *(sum(each.asks.kept for each in tallies), sum(each.asks.agreed for each in tallies)),
        *(sum(each.checked_in for each in tallies), sum(each.overdue for each in tallies)),
        sum(each.quiet for each in tallies),
    )


def timed(organisation: Organisation, work: Contender) -> Contender:
    def measure() -> float:
        with within(organisation):
            began = time.perf_counter()
            work()
            return (time.perf_counter() - began) * 1000

    return measure


BENCH = Bench(
    title="A branch of 5,000 leaders below one manager",
    unit="ms",
    reference="one recursive query by hand",
    contenders=contenders,
    is_rate=False,
    rounds=15,
    targets=(Target("the roll-up", "one recursive query by hand", 1.5),),
    notes=(
        "The query by hand follows managers and sponsors and counts talks, actions, questions, check-ins, late talks "
        "and quiet leaders of the whole branch; the roll-up does so for each of 200 sponsors, by quarters.",
    ),
)
