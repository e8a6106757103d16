"""The page *my people* of a coach with ten pairings and a month of talks, and of one with 200 and three years of them.

A whole request in process, as a browser's: session, permissions, queries, template. Every pair meets every other week;
each talk leaves two actions, of which the last one is open. `queries` counts what one request asks.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cohorts.models import Membership, Organisation, Role
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Sample, Target

PAIRS = """
WITH people AS (
    INSERT INTO cohorts_person (email, language, theme, is_active, joined_at, password)
    SELECT %(name)s || n || '@bench.test', 'en', 'auto', true, now(), '!' FROM generate_series(1, %(pairs)s) AS n
    RETURNING id
), members AS (
    INSERT INTO cohorts_membership (organisation_id, person_id, name, roles, zone, digest_hour, digest_weekday,
        digest_on, link_version)
    SELECT %(key)s, id, 'Åse Number ' || id, '{leader}', 'Europe/Oslo', '08:00', 1, true, 1 FROM people RETURNING id
)
INSERT INTO coaching_pairing (organisation_id, kind, leader_id, partner_id, state, cadence_days, starts_on, handover,
    last_held_on, due_on)
SELECT %(key)s, 'coach', id, %(partner)s, 'active', 14, current_date - 14 * %(talks)s, '', current_date - 7,
    current_date + 7 - (id %% 21)::int
FROM members
"""
TALKS = """
INSERT INTO coaching_session (organisation_id, uid, sequence, starts_at, minutes, place, pairing_id, kind, state,
    template, template_version, planned_by_id, held_at, nothing_to_agree, key)
SELECT %(key)s, gen_random_uuid(), 0, now() - interval '14 days' * talk, 30, '', id, 'one_to_one', 'held', '', 1,
    partner_id, now() - interval '14 days' * talk, false, gen_random_uuid()
FROM coaching_pairing CROSS JOIN generate_series(1, %(talks)s) AS talk
WHERE organisation_id = %(key)s AND partner_id = %(partner)s
"""
ACTIONS = """
INSERT INTO coaching_action (organisation_id, pairing_id, session_id, owner_id, text, due_on, state, made_at, closed_at,
    reason, key)
SELECT %(key)s, pairing_id, session.id, leader_id, 'Try the three-line handover', current_date + 3,
    CASE WHEN is_last THEN 'open' ELSE 'done' END, held_at, CASE WHEN is_last THEN NULL ELSE now() END, '',
    gen_random_uuid()
FROM (SELECT *, id = max(id) OVER (PARTITION BY pairing_id) AS is_last FROM coaching_session) AS session
    JOIN coaching_pairing AS pairing ON pairing.id = pairing_id
    CROSS JOIN generate_series(1, 2)
WHERE session.organisation_id = %(key)s AND partner_id = %(partner)s
"""
SIZES = {"10 pairings, a month": (10, 2), "200 pairings, three years": (200, 78)}
MOST_QUERIES = 12


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation = make.OrganisationFactory(slug="bench")
        found: dict[str, Contender] = {}
        for number, (name, (pairs, talks)) in enumerate(SIZES.items()):
            found[name] = measured(organisation, populate(organisation, f"coach{number}-", pairs, talks))
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield found


def populate(organisation: Organisation, name: str, pairs: int, talks: int) -> Membership:
    with within(organisation), connection.cursor() as cursor:
        partner = make.MembershipFactory(roles=[Role.COACH])
        values = {"key": organisation.pk, "partner": partner.pk, "name": name, "pairs": pairs, "talks": talks}
        for statement in (PAIRS, TALKS, ACTIONS):
            cursor.execute(statement, values)
    return partner


def measured(organisation: Organisation, partner: Membership) -> Contender:
    client = Client()
    client.force_login(partner.person)
    url = f"/o/{organisation.slug}/my-people/"

    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    queries = sum(each["sql"].startswith("SELECT") and "set_config" not in each["sql"] for each in asked)
    assert queries <= MOST_QUERIES, queries

    def measure() -> Sample:
        began = time.perf_counter()
        answer = client.get(url)
        took = (time.perf_counter() - began) * 1000
        assert answer.status_code == 200, answer.status_code
        return Sample(took, {"queries": queries})

    return measure


BENCH = Bench(
    title="My people: who needs a talk",
    unit="ms",
    reference="10 pairings, a month",
    contenders=contenders,
    is_rate=False,
    rounds=30,
    targets=(Target("200 pairings, three years", "10 pairings, a month", 1.15),),
    notes=("A coach sees the ten who need a talk first; the rest are on the next pages.",),
)
