"""Counting the answers of a thousand leaders' rounds, and deciding what may be shown of them.

Ten raters a leader (seven of the team, two peers, the leader), sixteen items. *hand-written GROUP BY* is one statement
and its rows; *aggregate* is the product's `tallies_of`, which ends in tallies by leader, group and item. *natural loop*
is what a newcomer writes with the ORM: for each leader, their answers, counted in Python. *all that is needed* adds the
spreads and comments that reports need, too; *visibility* decides every report from it, and reads and stores nothing.
The second set has ten times the rows.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import combinations

from django.db import connection

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.models import Subject
from feedback360.models.answers import Answer
from feedback360.questionnaires.rows import read
from feedback360.results.actions.release import groups_of
from feedback360.results.aggregate import Aggregate, aggregates_of, spreads_of, tallies_of
from feedback360.visibility.inputs import Item, LeaderRound
from feedback360.visibility.leader import decide
from tests import factories as make
from tests.database import _point_django_at, as_owner, own_database
from tests.performance.harness import Bench, Contender, Target

LEADERS = {"1×": 1_000, "10×": 10_000}
RATERS = {"team": 7, "peers": 2, "self": 1}
ITEMS = tuple(Item(item.key, item.behaviour, item.area, frozenset(item.asked_of)) for item in read().items)
QUESTIONS = tuple(question.key for question in read().questions)

LEAD = """
WITH people AS (
    INSERT INTO cohorts_person (email, language, theme, is_active, joined_at, password)
    SELECT 'leader' || n || '@bench.test', 'en', 'auto', true, now(), '!' FROM generate_series(1, %(leaders)s) AS n
    RETURNING id
), members AS (
    INSERT INTO cohorts_membership (organisation_id, person_id, name, roles, zone, digest_hour, digest_weekday,
        digest_on, link_version)
    SELECT %(key)s, id, 'Åse Number ' || id, '{leader}', 'Europe/Oslo', '08:00', 1, true, 1 FROM people RETURNING id
), enrolments AS (
    INSERT INTO cohorts_enrolment (organisation_id, cohort_id, leader_id, day1_on, zone, nudge_hour, working_days,
        channels, cadence)
    SELECT %(key)s, %(cohort)s, id, current_date - 10, 'Europe/Oslo', '09:00', '{1,2,3,4,5}', '{app,mail}', 2
    FROM members RETURNING id
)
INSERT INTO feedback360_subject (organisation_id, round_id, enrolment_id, groups, is_closed, turnout, primary_scale,
    strength, growth, replacements)
SELECT %(key)s, %(round)s, id, '{"team": "team", "peer": "peers", "self": "self", "manager": ""}', true,
    '{"team": {"asked": 9, "answered": 7}, "peers": {"asked": 3, "answered": 2}, "self": {"asked": 1, "answered": 1}}',
    'all', '', '', '{}'
FROM enrolments
"""
ANSWER = """
INSERT INTO feedback360_answer (id, organisation_id, subject_id, "group", item, value)
SELECT row_number() OVER (ORDER BY hashint8(subject.id * 1000 + rater * 17 + item.n)), %(key)s, subject.id,
    raters."group", item.key, 1 + abs(hashint8(subject.id * 7919 + rater * 131 + item.n)) %% 5
FROM feedback360_subject AS subject
    CROSS JOIN unnest(%(groups)s::text[], %(counts)s::int[]) AS raters ("group", count)
    CROSS JOIN generate_series(1, raters.count) AS rater
    CROSS JOIN unnest(%(items)s::text[]) WITH ORDINALITY AS item (key, n)
WHERE subject.organisation_id = %(key)s AND subject.round_id = %(round)s
"""
SPREAD = """
INSERT INTO feedback360_scalestatistic (id, organisation_id, subject_id, "group", scale, raters, mean, variance)
SELECT row_number() OVER (), %(key)s, subject.id, raters."group", scale, raters.count, 3.4,
    CASE WHEN raters.count > 1 THEN 0.4 END
FROM feedback360_subject AS subject
    CROSS JOIN unnest(%(groups)s::text[], %(counts)s::int[]) AS raters ("group", count)
    CROSS JOIN unnest(%(scales)s::text[]) AS scale
WHERE subject.organisation_id = %(key)s AND subject.round_id = %(round)s
"""
PLAIN = """
SELECT subject_id, "group", item, value, count(*) FROM feedback360_answer
WHERE organisation_id = %s AND subject_id = ANY(%s) GROUP BY subject_id, "group", item, value
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as databases:
        names = {size: databases.enter_context(own_database()) for size in LEADERS}
        found: dict[str, Contender] = {}
        for size, name in names.items():
            _point_django_at(name)
            organisation, subjects = populate(LEADERS[size])
            ways: dict[str, Callable[[Sequence[Subject]], object]] = {
                "hand-written GROUP BY": grouped_by_hand,
                "aggregate": lambda rows: tallies_of([row.pk for row in rows]),
                "natural loop": counted_in_a_loop,
            }
            whole: Callable[[], object] = partial(aggregates_of, [row.pk for row in subjects])
            with within(organisation):
                verify([way(subjects[:200]) for way in ways.values()])
                rounds = leader_rounds(subjects)
            found |= {f"{way}, {size}": timed(name, organisation, partial(run, subjects)) for way, run in ways.items()}
            found[f"all that is needed, {size}"] = timed(name, organisation, whole)
            found[f"visibility, {size}"] = timed(name, organisation, partial(decided, rounds))
        yield found


def populate(leaders: int) -> tuple[Organisation, list[Subject]]:
    organisation = make.OrganisationFactory(slug="bench")
    with within(organisation), connection.cursor() as cursor:
        round_ = make.RoundFactory(state="closed")
        behaviours = sorted({item.behaviour for item in ITEMS})
        pairs = ["+".join(pair) for pair in combinations(behaviours, 2)]
        scales = [*behaviours, *pairs, *sorted({item.area for item in ITEMS}), "all"]
        values = {
            "key": organisation.pk,
            "cohort": round_.cohort_id,
            "round": round_.pk,
            "leaders": leaders,
            "groups": list(RATERS),
            "counts": list(RATERS.values()),
            "items": [item.key for item in ITEMS],
            "scales": scales,
        }
        for statement in (LEAD, ANSWER, SPREAD):
            cursor.execute(statement, values)
        subjects = list(Subject.objects.filter(round=round_).select_related("round").order_by("pk"))
    with as_owner(), connection.cursor() as cursor:  # as autovacuum does after a close
        cursor.execute("ANALYZE feedback360_answer, feedback360_subject, feedback360_scalestatistic")
    return organisation, subjects


def grouped_by_hand(subjects: Sequence[Subject]) -> list[tuple[int, str, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [subjects[0].organisation_id, [subject.pk for subject in subjects]])
        return cursor.fetchall()


def counted_in_a_loop(subjects: Sequence[Subject]) -> dict[int, dict[str, dict[str, Counter[int]]]]:
    found: dict[int, dict[str, dict[str, Counter[int]]]] = {}
    for subject in subjects:
        groups: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for answer in Answer.objects.filter(subject=subject):
            groups[answer.group][answer.item][answer.value] += 1
        found[subject.pk] = groups
    return found


def leader_rounds(subjects: Sequence[Subject]) -> list[LeaderRound]:
    keys = [subject.pk for subject in subjects]
    tallies, spreads = tallies_of(keys), spreads_of(keys)
    return [
        LeaderRound(
            threshold=5,
            items=ITEMS,
            questions=QUESTIONS,
            primary="all",
            groups=tuple(groups_of(subject, Aggregate(tallies[subject.pk], spreads[subject.pk]))),
        )
        for subject in subjects
    ]


def decided(rounds: Sequence[LeaderRound]) -> object:
    return [decide(one) for one in rounds]


def verify(results: Sequence[object]) -> None:
    """All three count the same."""
    rows, tallies, counters = results
    by_hand = {(subject, group, item, value): count for subject, group, item, value, count in rows}  # type: ignore[attr-defined]
    ours = {
        (subject, group, item, value): count
        for subject, groups in tallies.items()  # type: ignore[attr-defined]
        for group, items in groups.items()
        for item, tally in items.items()
        for value, count in enumerate(tally, 1)
        if count
    }
    looped = {
        (subject, group, item, value): count
        for subject, groups in counters.items()  # type: ignore[attr-defined]
        for group, items in groups.items()
        for item, values in items.items()
        for value, count in values.items()
    }
    assert by_hand == ours == looped


def timed(name: str, organisation: Organisation, run: Callable[[], object]) -> Contender:
    def measure() -> float:
        _point_django_at(name)
        with within(organisation):
            began = time.perf_counter()
            run()
            return (time.perf_counter() - began) * 1000

    return measure


BENCH = Bench(
    title="Reports of 1,000 leaders × 10 raters × 16 items, and of ten times as many",
    unit="milliseconds",
    reference="hand-written GROUP BY, 1×",
    contenders=contenders,
    targets=tuple(
        target
        for size in LEADERS
        for target in (
            Target(f"aggregate, {size}", f"hand-written GROUP BY, {size}", 1.5),
            Target(f"aggregate, {size}", f"natural loop, {size}", 0.1),
            Target(f"visibility, {size}", f"aggregate, {size}", 1.0),
        )
    ),
    is_rate=False,
    rounds=2,
)
