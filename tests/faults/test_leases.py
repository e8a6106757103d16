"""A worker that dies is missed within two minutes, a slow one is left in peace, and a mail goes twice at most once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cohorts.mail.outbox import BULK_MAILS_PER_BATCH
from cohorts.models import Nudge, Organisation
from cohorts.nudges import engine
from cohorts.tenancy.wall import within
from programme.schedule import SCHEDULE
from tests.crowd import crowd, wind_clocks
from tests.faults.scoreboard import Score
from tests.faults.test_crashes import deliveries, expected_ids, hand_out, queue, states, wait_until
from tests.smtp_server import SmtpServer
from tests.workers import ROOT, celery_worker, worker_environment

__all__ = ["queue"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

LEADERS = 200
KILLS = 3
SHORT = {"MAIL_LEASE_SECONDS": "3"}  # the real one is forty-five


@pytest.fixture
def house(cast: object) -> Organisation:
    organisation, step = crowd(LEADERS)
    wind_clocks(organisation, step)
    return organisation


@pytest.fixture
def planned(house: Organisation) -> Organisation:
    engine.claim_everything(now=timezone.now())
    return house


@contextmanager
def sweeping(organisation: Organisation, *, hint: Callable[[], object] | None = None) -> Iterator[None]:
    """The sweep at work beside the test, twice a second: it releases what died, and hints or sends."""
    over = threading.Event()

    def sweep() -> None:
        try:
            while not over.wait(0.5):
                if organisation.pk in engine.left_behind(now=timezone.now()):
                    engine.repair(organisation.pk, now=timezone.now)
                    (hint or (lambda: engine.deliver(organisation.pk, now=timezone.now)))()
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def doubled(server: SmtpServer) -> int:
    return sum(count - 1 for count in deliveries(server).values())


def test_workers_killed_again_and_again_lose_nothing(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """With the real lease; the sweep of the schedule comes at most a minute after it."""
    smtp_server.script.delay("DOT", 0.03)
    environment = worker_environment(smtp_server.port, **SHORT)
    for number in range(KILLS):
        with celery_worker(environment, queue=queue, processes=1) as worker:
            hand_out(planned, queue)
            wait_until(lambda: len(smtp_server.accepted) >= 20 * (number + 1))
            os.killpg(worker.pid, signal.SIGKILL)
            killed_at = time.monotonic()
            assert states(planned)["sending"] > 0, "The kill came too late to prove anything."
        if number < KILLS - 1:
            wait_until(lambda: planned.pk in _released(planned))
    smtp_server.script.clear()

    with sweeping(planned):
        wait_until(lambda: states(planned)["sent"] == LEADERS)
    took = time.monotonic() - killed_at

    got = deliveries(smtp_server)
    score(
        "F1 worker killed 3 times, lease of 3 s",
        nudges=LEADERS,
        lost=len(expected_ids(planned) - set(got)),
        doubled=doubled(smtp_server),
        seconds=took,
    )
    assert set(got) == expected_ids(planned)
    assert max(got.values()) <= KILLS + 1
    assert doubled(smtp_server) <= KILLS * BULK_MAILS_PER_BATCH


def _released(organisation: Organisation) -> list[int]:
    """The lease is over by itself; nobody else has taken the batch meanwhile."""
    if engine.repair(organisation.pk, now=timezone.now):
        return [organisation.pk]
    return []


def test_a_killed_worker_is_missed_within_two_minutes(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """With the lease as it is in production."""
    smtp_server.script.delay("DOT", 0.03)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=1) as worker:
        hand_out(planned, queue)
        wait_until(lambda: len(smtp_server.accepted) > 20)
        os.killpg(worker.pid, signal.SIGKILL)
        killed_at = time.monotonic()
    assert held_for_longer_than(settings.MAIL_LEASE_SECONDS, planned) == 0
    smtp_server.script.clear()

    with sweeping(planned):
        wait_until(lambda: states(planned)["sent"] == LEADERS)
    took = time.monotonic() - killed_at

    got = deliveries(smtp_server)
    score(
        "F1 worker killed",
        nudges=LEADERS,
        lost=len(expected_ids(planned) - set(got)),
        doubled=doubled(smtp_server),
        seconds=took,
    )
    assert settings.MAIL_LEASE_SECONDS + SCHEDULE["sweep"]["schedule"] < 120
    assert set(got) == expected_ids(planned)
    assert max(got.values()) <= 2


def held_for_longer_than(seconds: float, organisation: Organisation) -> int:
    with within(organisation):
        held = Nudge.objects.filter(state="sending")
        assert held.exists()
        return held.filter(lease_until__gt=Now() + timedelta(seconds=seconds)).count()


POINTS = {
    "claimed": "F2 crash before the mail",
    "accepted": "F3 crash after the 250",
    "committed": "F10 crash before the hint",
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_is_repaired(
    house: Organisation, smtp_server: SmtpServer, point: str, score: Score
) -> None:
    if point != "committed":
        engine.claim_everything(now=timezone.now())
    command = [sys.executable, "-m", "tests.faults.doomed", point, str(house.pk)]
    environment = worker_environment(smtp_server.port, **SHORT)
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -signal.SIGKILL
    killed_at = time.monotonic()
    accepted = len(smtp_server.accepted)
    assert accepted == (LEADERS if point == "accepted" else 0)
    assert states(house)["sent"] == 0

    with sweeping(house):
        wait_until(lambda: states(house)["sent"] == LEADERS)

    got = deliveries(smtp_server)
    score(
        POINTS[point],
        nudges=LEADERS,
        lost=len(expected_ids(house) - set(got)),
        doubled=doubled(smtp_server),
        seconds=time.monotonic() - killed_at,
    )
    assert got == dict.fromkeys(expected_ids(house), 2 if accepted else 1)


def test_a_slow_server_costs_no_worker_its_lease(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """One batch takes several leases, which are renewed; a frozen process would find its lease gone and stop."""
    assert send_slowly(planned, queue, smtp_server, worker_environment(smtp_server.port, **SHORT)) == 0
    score("F11 batch longer than its lease", nudges=LEADERS, doubled=doubled(smtp_server))


def test_without_renewing_a_slow_server_doubles_mails(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    environment = worker_environment(smtp_server.port, UNDEFENDED="renewal", **SHORT)
    assert send_slowly(planned, queue, smtp_server, environment) > 0
    score("F11 batch longer than its lease", nudges=LEADERS, doubled=doubled(smtp_server), is_control=True)


def send_slowly(planned: Organisation, queue: str, server: SmtpServer, environment: dict[str, str]) -> int:
    """How many were doubled."""
    server.script.delay("DOT", 0.04)
    with celery_worker(environment, queue=queue, processes=1, application="tests.faults.undefended"):
        hand_out(planned, queue)
        wait_until(lambda: len(server.accepted) > 0)
        with sweeping(planned):
            wait_until(lambda: states(planned)["sent"] == LEADERS)
    assert set(deliveries(server)) == expected_ids(planned)
    return doubled(server)
