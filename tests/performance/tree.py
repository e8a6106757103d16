"""A tree of 2,000 objectives on five levels with its roll-up, against one recursive query written by hand for it.

Ten readings each; a third of the leaves are milestones, a tenth was let go, and teams have members. The query by hand
walks the tree, takes the newest reading of each and adds up level by level; both must find the same for every node.
What is measured is the reading of rows and the roll-up, without drawing the page.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from goals.objectives.policies import Reader
from goals.objectives.tree import tree_of
from tests import factories as make
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Target

FANS = (4, 6, 7, 11)  # 1 + 4 + 24 + 168 + 1,848 = 2,045 objectives
MAX_QUERIES = 6

NEXT_LEVEL = """
INSERT INTO goals_objective (organisation_id, revision, place, department, team_id, parent_id, outcome, why, measure,
    unit, course, baseline, target, due_on, weight, state, agreed_on, ended_on, let_go_reason, written_by_id,
    written_at)
SELECT %(key)s, 1, CASE WHEN %(teams)s::bigint[] IS NULL THEN 'department' ELSE 'team' END,
    CASE WHEN %(teams)s::bigint[] IS NULL THEN 'Sales' ELSE '' END,
    (%(teams)s::bigint[])[1 + (parent * %(fan)s + number) %% coalesce(cardinality(%(teams)s::bigint[]), 1)], parent,
    'Fewer come back within seven days', '', 'Contacts that come back', '%%',
    CASE WHEN %(teams)s::bigint[] IS NOT NULL AND number %% 3 = 0 THEN 'milestones' ELSE 'down' END,
    20, 15, current_date + 60, 1 + number %% 3, CASE WHEN number = 1 THEN 'let_go' ELSE 'agreed' END, current_date - 60,
    CASE WHEN number = 1 THEN current_date END, CASE WHEN number = 1 THEN 'busy' ELSE '' END, %(by)s, now()
FROM unnest(%(parents)s::bigint[]) AS parent CROSS JOIN generate_series(1, %(fan)s) AS number
RETURNING id
"""
READ = """
INSERT INTO goals_objectivereading (organisation_id, objective_id, "on", value, by_id, at)
SELECT %(key)s, id, current_date - 7 * number, 15 + (id + number) %% 7, %(by)s, now()
FROM goals_objective CROSS JOIN generate_series(1, 10) AS number
WHERE organisation_id = %(key)s AND course = 'down' AND id %% 5 <> 0
"""
STEPS = """
INSERT INTO goals_objectivemilestone (organisation_id, objective_id, number, text, done_on)
SELECT %(key)s, id, number, 'A milestone', CASE WHEN (id + number) %% 2 = 0 THEN current_date END
FROM goals_objective CROSS JOIN generate_series(1, 4) AS number
WHERE organisation_id = %(key)s AND course = 'milestones'
"""


def _levels() -> str:
    """From the leaves up: what the children of each node come to, then the share that its own parent counts."""
    parts = [
        f"""below{level} AS (
            SELECT parent_id AS id, sum(weight * share) FILTER (WHERE counts) AS total,
                coalesce(sum(weight) FILTER (WHERE counts AND share IS NOT NULL), 0) AS measured,
                coalesce(sum(weight) FILTER (WHERE counts), 0) AS weight, count(*) AS count
            FROM share{level + 1} GROUP BY parent_id
        ), share{level} AS (
            SELECT own.*, below.measured, below.weight AS below_weight,
                below.total / nullif(below.measured, 0) AS rolled,
                coalesce(own.progress, below.total / nullif(below.measured, 0)) AS share
            FROM own LEFT JOIN below{level} AS below ON below.id = own.id WHERE own.level = {level}
        )"""
        for level in range(len(FANS), 0, -1)
    ]
    return ", ".join(parts)


BY_HAND = f"""
WITH RECURSIVE tree AS (
    SELECT objective.*, 1 AS level FROM goals_objective AS objective
    WHERE organisation_id = %(key)s AND parent_id IS NULL
    UNION ALL
    SELECT next.*, tree.level + 1 FROM tree JOIN goals_objective AS next
        ON next.organisation_id = %(key)s AND next.parent_id = tree.id
), own AS MATERIALIZED (
    SELECT tree.id, tree.parent_id, tree.level, tree.place, tree.department, tree.team_id, team.name, team.leader_id,
        tree.outcome, tree.state, tree.course, tree.unit, tree.baseline, tree.target, tree.tolerance, tree.weight,
        tree.due_on, tree.agreed_on, tree.ended_on, newest.value, steps.done, steps.of, people.count AS people,
        tree.state <> 'let_go' AS counts,
        CASE tree.course WHEN 'milestones' THEN steps.done::float / nullif(steps.of, 0)
            ELSE CASE WHEN newest.value IS NOT NULL THEN
                least(greatest(((newest.value - tree.baseline) / (tree.target - tree.baseline))::float, 0), 1) END
        END AS progress
    FROM tree
    LEFT JOIN goals_team AS team ON team.organisation_id = %(key)s AND team.id = tree.team_id
    LEFT JOIN (SELECT team_id, count(*) FROM goals_teammember WHERE organisation_id = %(key)s GROUP BY team_id)
        AS people ON people.team_id = tree.team_id
    LEFT JOIN (SELECT DISTINCT ON (objective_id) objective_id, value FROM goals_objectivereading
        WHERE organisation_id = %(key)s ORDER BY objective_id, "on" DESC) AS newest ON newest.objective_id = tree.id
    LEFT JOIN (SELECT objective_id, count(done_on) AS done, count(*) AS of FROM goals_objectivemilestone
        WHERE organisation_id = %(key)s GROUP BY objective_id) AS steps ON steps.objective_id = tree.id
), share{len(FANS) + 1} AS (
    SELECT own.*, NULL::bigint AS measured, NULL::bigint AS below_weight, NULL::float AS rolled, progress AS share
    FROM own WHERE level = {len(FANS) + 1}
), {_levels()}
{" UNION ALL ".join(f"SELECT * FROM share{level}" for level in range(1, len(FANS) + 2))}
"""
Found = dict[int, tuple[float | None, int | None, int | None]]


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation = make.OrganisationFactory(slug="bench")
        with within(organisation):
            admin = populate(organisation)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with within(organisation), CaptureQueriesContext(connection) as captured:
            found = rolled_up(admin)
        assert len(captured) <= MAX_QUERIES, [query["sql"] for query in captured]
        with within(organisation):
            assert found == by_hand(organisation)
        yield {
            "one recursive query by hand": timed(organisation, lambda: rows_by_hand(organisation)),
            "the tree with its roll-up": timed(organisation, lambda: tree_of(Reader.of(admin), timezone.localdate())),
        }


def populate(organisation: Organisation) -> Membership:
    admin: Membership = make.MembershipFactory(roles=["admin"])
    teams = make.TeamFactory.create_batch(40)
    for team in teams:
        make.TeamMemberFactory.create_batch(10, team=team)
    level = [make.ObjectiveFactory(place="organisation", written_by=admin).pk]
    with connection.cursor() as cursor:
        for depth, fan in enumerate(FANS, start=2):
            of_teams = [team.pk for team in teams] if depth == len(FANS) + 1 else None
            values = {"key": organisation.pk, "teams": of_teams, "parents": level, "fan": fan, "by": admin.pk}
            cursor.execute(NEXT_LEVEL, values)
            level = [key for (key,) in cursor.fetchall()]
        for statement in (READ, STEPS):
            cursor.execute(statement, {"key": organisation.pk, "by": admin.pk})
    return admin


def rows_by_hand(organisation: Organisation) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"key": organisation.pk})
        rows: list[tuple] = cursor.fetchall()
        return rows


def by_hand(organisation: Organisation) -> Found:
    return {row[0]: _said(row[-1], row[-4], row[-3]) for row in rows_by_hand(organisation)}


def rolled_up(admin: Membership) -> Found:
    nodes = tree_of(Reader.of(admin), timezone.localdate()).nodes.values()
    return {
        node.key: _said(node.share, *((node.below.measured, node.below.weight) if node.below else (None, None)))
        for node in nodes
    }


def _said(share: float | None, measured: int | None, weight: int | None) -> tuple[float | None, int | None, int | None]:
    return (None if share is None else round(float(share), 9), measured, weight)


def timed(organisation: Organisation, work: Contender) -> Contender:
    def measure() -> float:
        with within(organisation):
            began = time.perf_counter()
            work()
            return (time.perf_counter() - began) * 1000

    return measure


BENCH = Bench(
    title="A tree of 2,000 objectives on five levels with its roll-up",
    unit="ms",
    reference="one recursive query by hand",
    contenders=contenders,
    is_rate=False,
    rounds=15,
    targets=(Target("the tree with its roll-up", "one recursive query by hand", 1.5),),
    notes=("At most six queries, checked before it is timed; the roll-up of every node is the same in both.",),
)
