"""Importing 5,000 people from a CSV file, against COPY of the same rows into the same tables with their constraints.

The import is all of it: the file read, its rows stored for the preview, planned, the plan stored and read again to
confirm, people, members, invitations, enrolments and clocks written and the clocks planned. COPY gets the rows that an
import wrote, as PostgreSQL writes them, and no row-level security, with which it would be refused.
`people_import_long` does the same with the longest list, of 100,000 rows.

Memory is what the process has more than before its first import, at most, as Linux counts it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path

from django.db import connection

from cohorts.models import (
    Clock,
    Cohort,
    DigestClock,
    Enrolment,
    Intake,
    Invitation,
    Membership,
    Organisation,
    Person,
)
from cohorts.people.actions.intakes import ImportContext, confirm_intake, plan_upload, upload_intake
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.performance.unwalled import unwalled
from tests.times import NOW, TODAY

PEOPLE, EACH_MANAGES = 5_000, 10
WARM = 100
TABLES = [each._meta.db_table for each in (Person, Membership, Invitation, DigestClock, Enrolment, Clock)]
DEPENDING_FIRST = (Clock, DigestClock, Invitation, Enrolment, Intake)


@contextmanager
def contenders(count: int) -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation: Organisation = make.OrganisationFactory(slug="bench")
        with within(organisation):
            admin: Membership = make.MembershipFactory(roles=["admin"])
            cohort: Cohort = make.CohortFactory()
        house = House(organisation, admin, cohort, count)
        house.bring_in(list_of(WARM))
        house.empty()
        memory = {"MB above idle": house.memory_of(list_of(count))}
        by_copy = copying(house, written(house))
        assert by_copy().value > 0
        yield {"COPY": by_copy, "the import": importing(house, memory)}


class House:
    """The organisation of the bench, its admin, its cohort, and how many people come into it."""

    def __init__(self, organisation: Organisation, admin: Membership, cohort: Cohort, count: int) -> None:
        self.organisation, self.admin, self.cohort, self.count = organisation, admin, cohort, count

    def bring_in(self, csv: bytes) -> None:
        at = ImportContext(self.organisation, self.cohort, self.admin, TODAY, NOW)
        with within(self.organisation):
            key = upload_intake(cohort=self.cohort, file=BytesIO(csv), file_name="bench.csv", by=self.admin, now=NOW).pk
        with within(self.organisation):
            intake = Intake.objects.select_related("cohort").get(pk=key)
            fingerprint = plan_upload(intake, organisation=self.organisation).fingerprint
        with within(self.organisation):
            confirm_intake(intake=intake, fingerprint=fingerprint, at=at)

    def memory_of(self, csv: bytes) -> float:
        """How many MB an import takes at most, more than there were before it."""
        with memory_above() as memory:
            self.bring_in(csv)
        return memory[0]

    def empty(self) -> None:
        """Delete what an import wrote, and vacuum: dead rows would slow the next round.

        Analyzed before, too: what PostgreSQL knows of empty tables makes a minute of it.
        """
        self.maintain("ANALYZE")
        with within(self.organisation), as_owner(), connection.cursor() as cursor:
            for each in DEPENDING_FIRST:  # without dating the members they belong to, which are deleted next
                cursor.execute(f"ALTER TABLE {each._meta.db_table} DISABLE TRIGGER USER")
                cursor.execute(f"DELETE FROM {each._meta.db_table}")
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {each._meta.db_table} ENABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {TABLES[1]} WHERE id <> %s", [self.admin.pk])
            cursor.execute(f"DELETE FROM {TABLES[0]} WHERE email LIKE '%%@bench.test'")
        self.maintain("VACUUM ANALYZE")

    @staticmethod
    def maintain(how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"{how} {', '.join(TABLES)}")
        connection.close()


@contextmanager
def memory_above() -> Iterator[list[float]]:
    """How many MB the process has at most in this block, more than before it: in the list once it has ended."""
    found: list[float] = []
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before = _megabytes("VmRSS")
    yield found
    found.append(_megabytes("VmHWM") - before)


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def list_of(count: int) -> bytes:
    rows = ["Name;E-mail;Manager;Manager's e-mail;Time zone;Language"]
    for number in range(count):
        above = number // EACH_MANAGES
        manager = f"Åse Sjef {above}@boss{above}" if number % EACH_MANAGES else "@"
        name, address = manager.split("@")
        rows.append(
            f"Kari Nordmann {number};kari.{number}@bench.test;{name};{address and address + '@bench.test'};"
            f"{('Europe/Oslo', 'Europe/Berlin', '')[number % 3]};{('nb', 'en', '')[number % 3]}"
        )
    return "\n".join(rows).encode()


def written(house: House) -> dict[str, bytes]:
    """What the import wrote, by table."""
    where = {TABLES[0]: "email LIKE '%@bench.test'", TABLES[1]: f"id <> {house.admin.pk}"}
    found = {}
    with within(house.organisation), connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {where.get(table, 'true')}) TO STDOUT") as copy:
                found[table] = b"".join(bytes(piece) for piece in copy)
    return found


def copying(house: House, tables: Mapping[str, bytes]) -> Contender:
    """People a second."""

    def measure() -> Sample:
        house.empty()
        with unwalled(TABLES[1:]) as cursor:
            began = time.perf_counter()
            for table in TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(tables[table])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            took = time.perf_counter() - began
        with within(house.organisation):
            assert Enrolment.objects.count() == Clock.objects.count() == house.count
        return Sample(house.count / took)

    return measure


def importing(house: House, memory: Mapping[str, float]) -> Contender:
    def measure() -> Sample:
        house.empty()
        csv = list_of(house.count)
        began = time.perf_counter()
        house.bring_in(csv)
        took = time.perf_counter() - began
        with within(house.organisation):
            assert Enrolment.objects.count() == Clock.objects.count() == house.count
        return Sample(house.count / took, memory)

    return measure


def bench(count: int, *, rounds: int) -> Bench:
    return Bench(
        title=f"{count:,} people from a CSV file",
        unit="people a second",
        reference="COPY",
        contenders=partial(contenders, count),
        rounds=rounds,
        warms_up=False,
        targets=(Target("the import", "COPY", 0.3),),
        notes=(
            "The import reads the file, stores its rows, plans it, stores the plan for the preview and reads it to "
            "confirm, writes people, members, invitations, enrolments and clocks, and plans each clock; COPY writes "
            "the finished rows into the same six tables.",
        ),
    )


BENCH = bench(PEOPLE, rounds=3)
