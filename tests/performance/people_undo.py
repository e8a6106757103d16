"""Undoing an import of 5,000 people, against the same rows deleted and changed by plain statements of their owner.

The undo is all of it: everybody held, found not to have started, their enrolments and clocks deleted, invitations
revoked, memberships ended, the import marked. The plain statements hold nobody and ask for nothing, are not subject to
row-level security, and change everybody in the organisation but its admin; foreign keys are checked in both. Before
each measurement other people are imported, and the tables vacuumed and analyzed. `people_undo_long` does the same with
the longest list, of 100,000 rows.

Memory is what the process has more than before the undo, at most, as Linux counts it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from cohorts.models import Clock, Cohort, Enrolment, Intake, Membership, Organisation
from cohorts.people.actions.intakes import undo_import
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import own_database
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.performance.people_import import PEOPLE, House, list_of, memory_above
from tests.performance.unwalled import unwalled
from tests.times import NOW, TODAY

PLAIN = (
    "DELETE FROM cohorts_clock WHERE organisation_id = %(organisation)s",
    "DELETE FROM cohorts_enrolment WHERE organisation_id = %(organisation)s",
    """
    UPDATE cohorts_invitation SET revoked_at = now() WHERE organisation_id = %(organisation)s AND revoked_at IS NULL
    """,
    """
    UPDATE cohorts_membership SET left_at = now(), manager_id = NULL, link_version = link_version + 1
    WHERE organisation_id = %(organisation)s AND id <> %(admin)s AND left_at IS NULL
    """,
    "SET CONSTRAINTS ALL IMMEDIATE",
)
CHANGED = ("cohorts_clock", "cohorts_enrolment", "cohorts_invitation", "cohorts_membership")


@contextmanager
def contenders(count: int) -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation: Organisation = make.OrganisationFactory()
        with within(organisation):
            admin: Membership = make.MembershipFactory(roles=["admin"])
            cohort: Cohort = make.CohortFactory(day1_on=TODAY + timedelta(days=30))
        house = House(organisation, admin, cohort, count)
        yield {"plain statements": plainly(house), "the undo": undoing(house)}


def bring_in_others(house: House) -> None:
    with within(house.organisation):
        host = f"@list{Intake.objects.count()}.test".encode()
    house.maintain("VACUUM ANALYZE")  # of what the last round left; autovacuum would count an import's rows as none
    house.bring_in(list_of(house.count).replace(b"@bench.test", host))
    house.maintain("VACUUM ANALYZE")


def undoing(house: House) -> Contender:
    """People a second."""

    def measure() -> Sample:
        bring_in_others(house)
        began = time.perf_counter()
        with memory_above() as memory, within(house.organisation):
            intake = Intake.objects.defer("made").order_by("pk").last()
            assert intake is not None
            undo_import(intake=intake, by=house.admin, now=NOW, today=TODAY)
        took = time.perf_counter() - began
        ensure_undone(house)
        return Sample(house.count / took, {"MB above idle": memory[0]})

    return measure


def plainly(house: House) -> Contender:
    def measure() -> Sample:
        bring_in_others(house)
        names = {"organisation": house.organisation.pk, "admin": house.admin.pk}
        with unwalled(CHANGED) as cursor:
            began = time.perf_counter()
            for statement in PLAIN:
                cursor.execute(statement, names)
            took = time.perf_counter() - began
        ensure_undone(house)
        return Sample(house.count / took)

    return measure


def ensure_undone(house: House) -> None:
    with within(house.organisation):
        assert not Enrolment.objects.exists()
        assert not Clock.objects.exists()
        assert Membership.objects.active().count() == 1
        assert Membership.objects.count() > house.count


def bench(count: int, *, rounds: int) -> Bench:
    return Bench(
        title=f"Undoing the import of {count:,} people",
        unit="people a second",
        reference="plain statements",
        contenders=partial(contenders, count),
        rounds=rounds,
        warms_up=False,
        targets=(Target("the undo", "plain statements", 0.5),),
        notes=(
            "The undo holds everybody, makes sure that nobody has started, deletes enrolments and clocks, revokes "
            "invitations and ends memberships; the plain statements only change the same rows, without row-level "
            "security. Foreign keys are checked in both.",
        ),
    )


BENCH = bench(PEOPLE, rounds=3)
