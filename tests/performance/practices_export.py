"""A leader's practices as JSON lines: a million and ten thousand, from gunicorn, read over HTTP as they come.

What counts is the memory of the web processes while they send: the most they hold at any time. A leader logs a date
once, so a million are a thousand days in each of a thousand cohorts.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from copy import copy
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from django.db import connection
from django.utils import timezone

from cohorts.models import Cohort, Enrolment, Membership, Organisation
from cohorts.tenancy.wall import within
from programme.local.data_directory import LOOPBACK
from tests import factories as make
from tests.api.client import key_of
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.website import Website, own_address, website

SLUG = "bench"
DAYS, PIECE, PIECES_BETWEEN_LOOKS = 1_000, 1 << 16, 16
FEW, MANY = "10,000 practices", "1,000,000 practices"
COHORTS = {FEW: 10, MANY: 1_000}
LOG = """
INSERT INTO goals_practice (organisation_id, enrolment_id, "on", did_it, went, place, line, is_back_filled, key,
    earlier_keys, logged_at)
SELECT organisation_id, id, day1_on + number, true, 3, 'At the desk', repeat('word ', 20), false,
    gen_random_uuid(), '{}', now()
FROM cohorts_enrolment, generate_series(1, %s) AS number
WHERE leader_id = %s
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database(), tempfile.TemporaryDirectory() as folder:
        organisation: Organisation = make.OrganisationFactory(slug=SLUG)
        leaders = {name: log(organisation, cohorts) for name, cohorts in COHORTS.items()}
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with website(own_address(), Path(folder), has_pages=False) as site:
            reading(site, leaders[FEW], COHORTS[FEW] * DAYS)()  # each module is loaded by now
            yield {name: reading(site, leader, COHORTS[name] * DAYS) for name, leader in leaders.items()}


def log(organisation: Organisation, cohorts: int) -> Membership:
    with within(organisation), connection.cursor() as cursor:
        leader: Membership = make.MembershipFactory(name="Åse", roles=["leader"])
        long_ago = timezone.localdate() - timedelta(days=2 * DAYS)
        first: Cohort = make.CohortFactory(name=f"{leader.pk}/0", day1_on=long_ago)
        others = [copy(first) for _number in range(1, cohorts)]
        for number, each in enumerate(others, start=1):
            each.pk, each.name = None, f"{leader.pk}/{number}"
        for cohort in [first, *Cohort.objects.bulk_create(others)]:
            cohort_place = Enrolment(cohort=cohort, leader=leader, day1_on=long_ago, left_on=timezone.localdate())
            cohort_place.save()
        cursor.execute(LOG, [DAYS, leader.pk])
    return leader


def reading(site: Website, leader: Membership, count: int) -> Contender:
    key = key_of(leader, is_personal=True)

    def measure() -> Sample:
        began, lines, read, most, looks = time.perf_counter(), 0, 0, site.resident_megabytes(), 0
        with closing(HTTPConnection(LOOPBACK, site.port, timeout=120)) as line:
            line.request("GET", f"/o/{SLUG}/api/v1/practices/export/", headers={"Authorization": f"Bearer {key}"})
            answer = line.getresponse()
            assert answer.status == 200, answer.read(500)
            while piece := answer.read(PIECE):
                lines, read, looks = lines + piece.count(b"\n"), read + len(piece), looks + 1
                if looks % PIECES_BETWEEN_LOOKS == 0:
                    most = max(most, site.resident_megabytes())
        assert lines == count, lines
        took = time.perf_counter() - began
        return Sample(most, {"MB read": read / 1e6, "rows a second": count / took})

    return measure


BENCH = Bench(
    title="A leader's practices as JSON lines",
    unit="MB resident at most, both web processes",
    reference=FEW,
    contenders=contenders,
    is_rate=False,
    rounds=2,
    warms_up=False,
    targets=(Target(MANY, FEW, 1.1),),
    notes=("From gunicorn over HTTP; read in pieces of 64 kB, and the memory looked at after each sixteenth.",),
)
