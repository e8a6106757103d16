"""Importing 100,000 figures from a CSV file, against COPY of the same rows into the same table with its constraints.

The import is all of it: the file read, its rows checked, stored for the preview, compared with what is there and
confirmed. COPY gets the rows as PostgreSQL writes them, and no row-level security, with which it would be refused.
"""

import io
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from goals.figures.actions.intakes import confirm_figures, plan_figures, upload_figures
from goals.models import Figure, FigureIntake, Kpi, Team
from tests import factories as make
from tests.database import own_database
from tests.performance.figures_copy import copying, empty
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.times import NOW, TODAY

TEAMS, KPIS, DAYS = 20, 5, 1_000


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation: Organisation = make.OrganisationFactory(slug="bench")
        with within(organisation):
            admin: Membership = make.MembershipFactory(roles=["admin"])
            teams: list[Team] = [make.TeamFactory(name=f"Team {number}") for number in range(TEAMS)]
            kpis: list[Kpi] = [make.KpiFactory(name=f"KPI {number}", unit="share") for number in range(KPIS)]
        days = [TODAY - timedelta(days=1 + ago) for ago in range(DAYS)]
        file, lines = ["Date;Team;KPI;Numerator;Denominator"], []
        for number, on in enumerate(days):
            for team in teams:
                for kpi in kpis:
                    counts = (number * 7 + team.pk) % 60, 60 + (number + kpi.pk) % 40
                    file.append(f"{on};{team.name};{kpi.name};{counts[0]};{counts[1]}")
                    row = (organisation.pk, kpi.pk, team.pk, on, *counts, "file", NOW)
                    lines.append("\t".join(map(str, row)))
        csv, rows = "\n".join(file).encode(), "\n".join([*lines, ""]).encode()
        by_copy, by_import = copying(organisation, rows, count=TEAMS * KPIS * DAYS), importing(organisation, admin, csv)
        for contender in (by_copy, by_import):
            contender()
            with within(organisation):
                assert Figure.objects.count() == TEAMS * KPIS * DAYS
        yield {"COPY": by_copy, "the import": by_import}


def importing(organisation: Organisation, admin: Membership, csv: bytes) -> Contender:
    def measure() -> Sample:
        empty(organisation)
        began = time.perf_counter()
        with within(organisation):
            _import(admin, csv)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - began
        return Sample(
            TEAMS * KPIS * DAYS / took, {"MB, 10,000 rows": _peak(10_000), "MB, 100,000 rows": _peak(100_000)}
        )

    def _peak(rows: int) -> float:
        """How much more memory reading so many rows takes than holding the file."""
        some = b"\n".join(csv.split(b"\n")[: rows + 1])
        with within(organisation):
            tracemalloc.start()
            _upload(admin, some)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak / 1e6

    return measure


def _import(admin: Membership, csv: bytes) -> None:
    intake = _upload(admin, csv)
    confirm_figures(intake=intake, fingerprint=plan_figures(intake, by=admin).fingerprint, by=admin, now=NOW)


def _upload(admin: Membership, csv: bytes) -> FigureIntake:
    file = io.BytesIO(csv)
    return upload_figures(file=file, file_name="bench.csv", kpi=None, order="", by=admin, today=TODAY, now=NOW)


BENCH = Bench(
    title="100,000 figures from a CSV file",
    unit="rows a second",
    reference="COPY",
    contenders=contenders,
    rounds=3,
    warms_up=False,
    targets=(Target("the import", "COPY", 0.3),),
    notes=(
        "The import reads and checks the file, keeps its rows for the preview, compares them with what is there and "
        "confirms; COPY writes the finished rows into the same table with its constraints.",
    ),
)
