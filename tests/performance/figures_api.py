"""Writing 10,000 figures in one call of the API, against COPY of the same rows into the same table.

The call is all of it: the request with its key through every middleware, the JSON read, each row checked, the figures
written and the transaction committed. COPY gets the rows as PostgreSQL writes them, and no row-level security, with
which it would be refused.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from goals.models import Figure, Kpi, Team
from tests import factories as make
from tests.api.client import Program, key_of
from tests.database import own_database
from tests.performance.figures_copy import copying, empty
from tests.performance.harness import Bench, Contender, Sample, Target

TEAMS, KPIS, DAYS = 20, 5, 100
COUNT = TEAMS * KPIS * DAYS


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        organisation: Organisation = make.OrganisationFactory(slug="bench")
        now = timezone.now()
        with within(organisation):
            owner: Membership = make.MembershipFactory(roles=["owner"])
            teams: list[Team] = [make.TeamFactory(name=f"Team {number}") for number in range(TEAMS)]
            kpis: list[Kpi] = [make.KpiFactory(name=f"KPI {number}", unit="share") for number in range(KPIS)]
        figures, lines = [], []
        for ago in range(DAYS):
            on = now.date() - timedelta(days=1 + ago)
            for team in teams:
                for kpi in kpis:
                    counts = (ago * 7 + team.pk) % 60, 60 + (ago + kpi.pk) % 40
                    names = ("team", "kpi", "on", "numerator", "denominator")
                    figures.append(dict(zip(names, (team.pk, kpi.pk, str(on), *counts), strict=True)))
                    row = (organisation.pk, kpi.pk, team.pk, on, *counts, "api", now)
                    lines.append("\t".join(map(str, row)))
        by_copy = copying(organisation, "\n".join([*lines, ""]).encode(), count=COUNT)
        by_call = calling(organisation, Program(key_of(owner), slug="bench"), json.dumps({"figures": figures}).encode())
        for contender in (by_copy, by_call):
            contender()
            with within(organisation):
                assert Figure.objects.count() == COUNT
        yield {"COPY": by_copy, "the API": by_call}


def calling(organisation: Organisation, program: Program, body: bytes) -> Contender:
    def measure() -> Sample:
        empty(organisation)
        began = time.perf_counter()
        answer = program.send("POST", "figures/", body)
        took = time.perf_counter() - began
        assert answer.json() == {"added": COUNT, "replaced": 0, "unchanged": 0}, answer.content[:500]
        return Sample(COUNT / took)

    return measure


BENCH = Bench(
    title="10,000 figures in one call of the API",
    unit="rows a second",
    reference="COPY",
    contenders=contenders,
    rounds=5,
    warms_up=False,
    targets=(Target("the API", "COPY", 0.3),),
    notes=(
        "The call reads the JSON, checks every row and commits; COPY writes the finished rows into the same table with "
        "its constraints.",
    ),
)
