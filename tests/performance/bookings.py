"""Fifty leaders book one visit with six places at once, and one leader books alone.

Whole requests in process, as a browser's POST: session, permissions, lock, line, invitation. The crowd is served by
four threads, as many as a web process has; a booking's time begins when a thread takes it up, so it holds the wait for
the visit's lock and for the other three, but not the queue in front of the server (`last answer` does).
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from statistics import quantiles
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.utils import timezone

from coaching.models import Visit
from cohorts.models import Membership, Organisation, Role
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import own_database
from tests.performance.harness import Bench, Contender, Sample, Target

GUESTS, PLACES, THREADS = 50, 6, 4


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database(), ThreadPoolExecutor(THREADS) as pool:
        organisation = make.OrganisationFactory(slug="bench")
        with within(organisation):
            cohort = make.CohortFactory()
            guests = [make.MembershipFactory(roles=[Role.LEADER]) for _number in range(GUESTS)]
            for guest in guests:
                make.EnrolmentFactory(cohort=cohort, leader=guest)
        clients = [signed_in(guest) for guest in guests]
        yield {
            "one booking": lambda: book_alone(organisation, clients[0]),
            "50 at once, p95": lambda: book_at_once(organisation, clients, pool),
        }
        list(pool.map(lambda _number: connection.close(), range(THREADS)))


def signed_in(guest: Membership) -> Client:
    client = Client()
    client.force_login(guest.person)
    return client


def book_alone(organisation: Organisation, client: Client) -> Sample:
    visit = open_visit(organisation)
    return Sample(book(organisation, visit, client), {"booked": count(organisation, visit)["booked"]})


def book_at_once(organisation: Organisation, clients: list[Client], pool: ThreadPoolExecutor) -> Sample:
    visit = open_visit(organisation)
    began = time.perf_counter()
    taken = list(pool.map(lambda client: book(organisation, visit, client), clients))
    last = (time.perf_counter() - began) * 1000
    states = count(organisation, visit)
    assert states == {"booked": PLACES, "waiting": GUESTS - PLACES}, states
    return Sample(quantiles(taken, n=20)[-1], {"booked": states["booked"], "last answer": last})


def open_visit(organisation: Organisation) -> Visit:
    with within(organisation):
        visit: Visit = make.VisitFactory(capacity=PLACES, starts_at=timezone.now() + timedelta(days=14))
    return visit


def book(organisation: Organisation, visit: Visit, client: Client) -> float:
    url = f"/o/{organisation.slug}/visits/{visit.pk}/booking/"
    said = {"rules_version": 1, "accepts": "on", "key": uuid4()}
    began = time.perf_counter()
    answer = client.post(url, said)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 302, answer.status_code
    return took


def count(organisation: Organisation, visit: Visit) -> Counter[str]:
    with within(organisation):
        return Counter(visit.bookings.values_list("state", flat=True))


BENCH = Bench(
    title="Fifty leaders book six places at once",
    unit="ms",
    reference="one booking",
    contenders=contenders,
    is_rate=False,
    rounds=9,
    targets=(Target("50 at once, p95", "one booking", 5.0),),
    notes=(
        "Six are booked and 44 wait, in every round and with no other answer. Four threads serve the fifty; the time "
        "of a booking begins when a thread takes it up.",
    ),
)
