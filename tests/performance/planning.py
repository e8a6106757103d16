"""A thousand due among ten thousand, a hundred thousand and a million enrolments: what planning costs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

from cohorts.models import Organisation
from cohorts.nudges.planner import claim_due
from cohorts.tenancy.wall import Across, across_organisations, within
from tests import factories as make
from tests.database import _point_django_at, own_database
from tests.performance.harness import Bench, Contender, Target

DUE = 1000
ORGANISATIONS = 4
SIZES = {"10 k": 50, "100 k": 158, "1 M": 500}  # cohorts and leaders of each organisation; enrolments are the square
NOW = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

ENROL = """
INSERT INTO cohorts_enrolment (organisation_id, cohort_id, leader_id, day1_on, zone, nudge_hour, working_days,
    channels, cadence)
SELECT %(key)s, cohort.id, member.id, '2026-03-02', 'Europe/Oslo', '09:00', '{1,2,3,4,5}', '{app,mail}', 2
FROM cohorts_cohort AS cohort, cohorts_membership AS member
WHERE cohort.organisation_id = %(key)s AND member.organisation_id = %(key)s
"""
WIND = """
INSERT INTO cohorts_clock (organisation_id, enrolment_id, next_at, next_on, next_day, next_step_id, next_step_day,
    is_next_core, channels, last_core_day, last_extra_day, is_held, is_simulated, is_finished)
SELECT %(key)s, id, %(later)s::timestamptz + id * interval '1 millisecond', '2026-03-12', 11, %(step)s, 11, true,
    '{app,mail}', 0, 0, false, false, false
FROM cohorts_enrolment WHERE organisation_id = %(key)s
"""
MAKE_DUE = """
UPDATE cohorts_clock SET next_at = %(now)s, next_on = '2026-03-11', last_core_day = 0
WHERE organisation_id = %(key)s AND id IN (
    SELECT id FROM cohorts_clock WHERE organisation_id = %(key)s ORDER BY hashint8(id) LIMIT %(due)s)
"""
PLAIN = """
INSERT INTO cohorts_nudge (organisation_id, enrolment_id, step_id, "on", day, channel, state, reason, due_at,
    not_before, sent_at)
SELECT organisation_id, enrolment_id, next_step_id, next_on, next_day, channel, 'sent', '', next_at, next_at, next_at
FROM cohorts_clock CROSS JOIN LATERAL unnest(channels) AS channel WHERE next_at <= %s AND NOT is_held
    AND NOT is_simulated AND next_at IS NOT NULL
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as databases:
        names = {size: databases.enter_context(own_database()) for size in SIZES}
        for size, name in names.items():
            _point_django_at(name)
            populate(SIZES[size])
        yield {
            **{f"claim at {size}": timed(name, claim) for size, name in names.items()},
            "INSERT … SELECT at 1 M": timed(names["1 M"], plain_insert),
        }


def populate(side: int) -> None:
    """Four organisations with side² enrolments each, all due tomorrow."""
    for number in range(ORGANISATIONS):
        organisation = make.OrganisationFactory(slug=f"bench-{number}")
        with within(organisation), connection.cursor() as cursor:
            version = make.CurriculumVersionFactory()
            step = make.StepFactory(version=version, day=11)
            for count in range(side):
                make.CohortFactory(name=f"Cohort {count}", version=version)
                make.MembershipFactory()
            arguments = {"key": organisation.pk, "step": step.pk, "later": LATER}
            cursor.execute(ENROL, arguments)
            cursor.execute(WIND, arguments)
    vacuum("VACUUM ANALYZE cohorts_clock, cohorts_enrolment")


def timed(name: str, work: "Contender") -> Contender:
    """Milliseconds of the work alone, with the same thousand due before it and nothing left after it."""

    def measure() -> float:
        _point_django_at(name)
        make_due()
        started = time.perf_counter()
        work()
        duration = time.perf_counter() - started
        put_back()
        return duration * 1000

    return measure


def claim() -> float:
    return float(sum(claim_due(now=NOW).values()))


def plain_insert() -> float:
    with across_organisations(Across.PLANNER), connection.cursor() as cursor:
        cursor.execute(PLAIN, [NOW])
        return float(cursor.rowcount)


def make_due() -> None:
    for key in Organisation.objects.filter(slug__startswith="bench").values_list("pk", flat=True):
        with within(key), connection.cursor() as cursor:
            cursor.execute(MAKE_DUE, {"key": key, "now": NOW, "due": DUE // ORGANISATIONS})


def put_back() -> None:
    """Check that both wrote two nudges each, then leave the tables as they were."""
    for key in Organisation.objects.filter(slug__startswith="bench").values_list("pk", flat=True):
        with within(key), connection.cursor() as cursor:
            cursor.execute("DELETE FROM cohorts_nudge WHERE organisation_id = %s", [key])
            assert cursor.rowcount == DUE // ORGANISATIONS * 2
            cursor.execute(
                "UPDATE cohorts_clock SET next_at = %s "
                "WHERE organisation_id = %s AND (next_at IS NULL OR next_at <= %s)",
                [LATER, key, NOW],
            )
    vacuum("VACUUM cohorts_nudge, cohorts_clock")


def vacuum(statement: str) -> None:
    """As the owner, and outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(statement)
    connection.close()  # the next connection plays the app's role again


BENCH = Bench(
    title="Planning 1,000 due nudges",
    unit="ms",
    reference="INSERT … SELECT at 1 M",
    contenders=contenders,
    is_rate=False,
    rounds=7,
    targets=(
        Target("claim at 100 k", "claim at 10 k", 1.2),
        Target("claim at 1 M", "claim at 10 k", 1.2),
        Target("claim at 1 M", "INSERT … SELECT at 1 M", 2.0),
    ),
    notes=(
        "The claim locks and moves 1,000 clocks and writes 2,000 nudges (app and mail) in one statement; "
        "the yardstick only inserts the same 2,000 rows, under the same policies and keys.",
    ),
)
