"""Fifty leaders of a cohort: as the page, by API, and by API in an organisation of a hundred such cohorts.

A whole request in process: middleware, permission, queries, page or JSON. CPU of this process, since both wait alike
for PostgreSQL. `queries` counts what one request asks.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import ApiKey, Clock, Cohort, Enrolment, Membership, Organisation, Person, Role
from cohorts.tenancy.wall import within
from cohorts.web.api import throttles
from programme.keys.actions import KeyPlan, make_key
from tests import factories as make
from tests.database import as_owner, own_database
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.proofs import prove

LEADERS, COHORTS = 50, 100
PAGE, API, AMONG_MANY = "page", "API", "API, 100 × the data"
MAX_QUERIES = 6


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    throttles.READS = "1000000/m"
    with own_database():
        small, large = (make.OrganisationFactory(slug=slug) for slug in ("small", "large"))
        version = {house: _version(house) for house in (small, large)}
        cohort = _populate(small, version[small], cohorts=1)
        among = _populate(large, version[large], cohorts=COHORTS)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield {
            PAGE: _measured(_reader_of_page(small), f"/o/small/cohorts/{cohort.pk}/"),
            API: _measured(_program(small), f"/o/small/api/v1/cohorts/{cohort.pk}/enrolments/", MAX_QUERIES),
            AMONG_MANY: _measured(_program(large), f"/o/large/api/v1/cohorts/{among.pk}/enrolments/", MAX_QUERIES),
        }


def _version(organisation: Organisation) -> object:
    with within(organisation):
        return make.CurriculumVersionFactory()


def _populate(organisation: Organisation, version: object, *, cohorts: int) -> Cohort:
    with within(organisation):
        for number in range(cohorts):
            cohort = make.CohortFactory(name=f"Cohort {number}", version=version)
            addresses = [f"{organisation.slug}-{number}-{leader}@bench.test" for leader in range(LEADERS)]
            people = Person.objects.bulk_create(Person(email=each, password="!") for each in addresses)
            members = Membership.objects.bulk_create(
                Membership(person=each, name=f"Åse Number {each.pk}", roles=[Role.LEADER]) for each in people
            )
            places = Enrolment.objects.bulk_create(
                Enrolment(
                    cohort=cohort,
                    leader=each,
                    sponsor=members[0] if each != members[0] else None,
                    day1_on=cohort.day1_on,
                )
                for each in members
            )
            Clock.objects.bulk_create(Clock(enrolment=each) for each in places)
    return cohort


def _owner(organisation: Organisation) -> Membership:
    with within(organisation):
        return make.MembershipFactory(name="Olav", roles=[Role.OWNER])


def _reader_of_page(organisation: Organisation) -> Client:
    client, owner = Client(), _owner(organisation)
    client.force_login(owner.person)
    prove(client, owner.person, timezone.now())
    return client


def _program(organisation: Organisation) -> Client:
    owner = _owner(organisation)
    with within(organisation):
        plan = KeyPlan("Bench", ["enrolments:read"], 30)
        text = make_key(kind=ApiKey.Kind.ORGANISATION, plan=plan, by=owner, now=timezone.now()).text
    client = Client(headers={"Authorization": f"Bearer {text}"})
    client.handler = ClientHandler(enforce_csrf_checks=False)
    return client


def _measured(client: Client, address: str, max_queries: int | None = None) -> Callable[[], Sample]:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    queries = sum(each["sql"].startswith("SELECT") and "set_config" not in each["sql"] for each in asked)
    assert max_queries is None or queries <= max_queries, queries

    def measure() -> Sample:
        began = time.process_time()
        answer = client.get(address)
        took = (time.process_time() - began) * 1000
        assert answer.status_code == 200, answer.content[:500]
        assert answer.content.count(b"Number") >= LEADERS - 1
        return Sample(took, {"queries": queries})

    return measure


BENCH = Bench(
    title="Fifty leaders of a cohort by API",
    unit="ms of CPU",
    reference=PAGE,
    contenders=contenders,
    is_rate=False,
    rounds=30,
    targets=(Target(API, PAGE, 0.6), Target(AMONG_MANY, API, 1.15)),
    notes=("The page is what an admin opens, drawn anew; the API answers the same leaders with status and sponsor.",),
)
