"""The page of a team that follows twelve KPIs for three years: server time, and what goes over the wire.

Both as a part of what is allowed: 60 ms from request to answer, and 40 kB of compressed page. Five days a week of
figures, 156 weeks, 12 KPIs: 9,360 rows, read, judged and drawn in one request.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from django.urls import reverse

from cohorts.tenancy.wall import within
from goals.models import Figure, Followed, Team
from tests import cast as the_cast
from tests import factories as make
from tests.database import own_database
from tests.goals.figures.floor import enter_weeks
from tests.performance.harness import Bench, Contender, Sample, Target

ALLOWED_MS, ALLOWED_KB = 60, 40
KPIS, WEEKS = 12, 156


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database():
        cast = the_cast.load()
        with within(cast.acme):
            Figure.objects.all().delete()
            Followed.objects.all().delete()
            team = Team.objects.get(leader=cast.ada)
            for number in range(KPIS):
                _follow(team, number, cast.hana)
        client = Client()
        client.force_login(cast.ada.person)
        url = f"/o/{cast.acme.slug}" + reverse("team_figures", urlconf=settings.ORGANISATION_URLCONF, args=[team.pk])

        def server_time() -> Sample:
            began = time.perf_counter()
            answer = client.get(url)
            took = 1000 * (time.perf_counter() - began)
            assert answer.content.count(b"run-only") == KPIS
            return Sample(took / ALLOWED_MS, {"ms": took})

        def transfer() -> Sample:
            answer = client.get(url, headers={"accept-encoding": "br"})
            assert answer.headers["Content-Encoding"] == "br"
            size = len(answer.content) / 1000
            return Sample(size / ALLOWED_KB, {"kB": size})

        yield {"allowed": lambda: 1.0, "server time": server_time, "transfer": transfer}


def _follow(team: Team, number: int, admin: object) -> None:
    unit = ("share", "seconds")[number % 2]
    kpi = make.KpiFactory(name=f"KPI {number}", unit=unit)
    make.KpiMethodFactory(kpi=kpi, written_by=admin)
    followed = make.FollowedFactory(kpi=kpi, team=team)
    steps = [((week * 7919 + number * 104729) % 1000) / 1000 for week in range(WEEKS)]
    values = [0.68 + 0.06 * step if unit == "share" else 380 + 60 * step for step in steps]
    enter_weeks(followed, [round(value * 100) / 100 for value in values])


BENCH = Bench(
    title="The figures of a team with 12 KPIs over 3 years",
    unit="of what is allowed (60 ms, 40 kB)",
    reference="allowed",
    contenders=contenders,
    targets=(Target("server time", "allowed", 1), Target("transfer", "allowed", 1)),
    is_rate=False,
    notes=("Transfer: the page itself, compressed as the site does it; style sheets and scripts are cached.",),
)
