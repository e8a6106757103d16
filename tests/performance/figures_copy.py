"""COPY of figures as finished rows into their table with its constraints: what writing them is measured against.

It has no row-level security, with which it would be refused.
"""

import time

from django.db import connection

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from goals.models import Figure, FigureIntake
from tests.database import as_owner
from tests.performance.harness import Contender, Sample
from tests.performance.unwalled import unwalled

COLUMNS = 'organisation_id, kpi_id, team_id, "on", numerator, denominator, entry, at'


def copying(organisation: Organisation, rows: bytes, *, count: int) -> Contender:
    """`rows` are `count` lines of COLUMNS, as PostgreSQL writes them. Figures a second."""

    def measure() -> Sample:
        empty(organisation)
        with unwalled(["goals_figure"]) as cursor:
            began = time.perf_counter()
            with cursor.copy(f"COPY goals_figure ({COLUMNS}) FROM STDIN") as copy:
                copy.write(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            took = time.perf_counter() - began
        return Sample(count / took)

    return measure


def empty(organisation: Organisation) -> None:
    """As empty as before the first: dead rows would slow what comes next."""
    with within(organisation):
        Figure.objects.all().delete()
        FigureIntake.objects.all().delete()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE goals_team, goals_kpi")
