"""What survives when a process is killed, the broker comes back empty, or the database restarts.

The checker compares what should have gone with what the mail server took: nothing lost, a card never twice, and a mail
twice at most for the batches that were in a killed worker's hands.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.conf import settings as project_settings
from django.db import connection
from django.utils import timezone

from cohorts.mail.outbox import BULK_MAILS_PER_BATCH
from cohorts.models import Nudge, Organisation
from cohorts.nudges import engine
from cohorts.nudges.mail import NUDGES
from cohorts.tenancy.wall import within
from programme.celery import app
from programme.tasks import deliver
from tests.crowd import crowd, wind_clocks
from tests.faults.scoreboard import Score
from tests.outbox import end_leases
from tests.smtp_server import SmtpServer
from tests.workers import celery_worker, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

LEADERS = 600
PROCESSES = 2


@pytest.fixture
def house(cast: object) -> Organisation:
    """A crowd whose nudges of today are planned and due."""
    organisation, step = crowd(LEADERS)
    wind_clocks(organisation, step)
    engine.claim_everything(now=timezone.now())
    return organisation


@pytest.fixture
def queue() -> Iterator[str]:
    name = f"faults-{uuid4().hex[:8]}"
    yield name
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(name)


def hand_out(organisation: Organisation, queue: str) -> None:
    for organisation_ids in engine.ranges({organisation.pk: LEADERS}):
        deliver.apply_async([organisation_ids], queue=queue)


def states(organisation: Organisation, channel: str = "mail") -> Counter[str]:
    with within(organisation):
        return Counter(Nudge.objects.filter(channel=channel).values_list("state", flat=True))


def wait_until(condition: Callable[[], bool], seconds: float = 180) -> None:
    """A watchdog, and no promise of how long it takes."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "It did not happen in time."
        time.sleep(0.05)


def sweep_after_the_lease(organisation: Organisation) -> None:
    """Each lease ends now, and the sweep comes until all is sent: what the dead asked for may still be committed."""
    wait_until(lambda: _swept(organisation) == {"sent": LEADERS})


def _swept(organisation: Organisation) -> Counter[str]:
    end_leases(NUDGES, organisation)
    if organisation.pk in engine.left_behind(now=timezone.now()):
        engine.repair(organisation.pk, now=timezone.now)
        engine.deliver(organisation.pk, now=timezone.now)
    return states(organisation)


def deliveries(server: SmtpServer) -> Counter[str]:
    return Counter(mail.message_id for mail in server.accepted)


def expected_ids(organisation: Organisation) -> set[str]:
    with within(organisation):
        keys = Nudge.objects.filter(channel="mail").values_list("pk", flat=True)
        return {f"<nudge-{key}@{project_settings.MAIL_DOMAIN}>" for key in keys}


def test_a_worker_killed_mid_batch_loses_nothing(
    house: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    smtp_server.script.delay("DOT", 0.005)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES) as worker:
        hand_out(house, queue)
        wait_until(lambda: len(smtp_server.accepted) > 60)
        os.killpg(worker.pid, signal.SIGKILL)
    assert states(house)["sending"] > 0, "The kill came too late to prove anything."

    sweep_after_the_lease(house)

    got = deliveries(smtp_server)
    assert states(house) == {"sent": LEADERS}
    assert set(got) == expected_ids(house)
    assert sum(got.values()) - LEADERS <= PROCESSES * BULK_MAILS_PER_BATCH
    assert max(got.values()) <= 2
    assert states(house, "app") == {"sent": LEADERS}
    score("F1 two workers killed mid-batch", nudges=LEADERS, doubled=sum(got.values()) - LEADERS)


def test_without_the_sweep_the_kill_would_lose_mails(
    house: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """The negative control: the test above proves something only because this happens."""
    smtp_server.script.delay("DOT", 0.005)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES) as worker:
        hand_out(house, queue)
        wait_until(lambda: len(smtp_server.accepted) > 60)
        os.killpg(worker.pid, signal.SIGKILL)

    assert set(deliveries(smtp_server)) < expected_ids(house)
    lost = expected_ids(house) - set(deliveries(smtp_server))
    score("F1 two workers killed mid-batch", nudges=LEADERS, lost=len(lost), is_control=True)


def test_a_broker_that_comes_back_empty_loses_nothing(
    house: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    hand_out(house, queue)
    with app.connection_for_write() as broker:
        assert broker.default_channel.queue_purge(queue) > 0

    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES):
        for organisation_ids in engine.ranges(dict.fromkeys(engine.left_behind(now=timezone.now()), LEADERS)):
            deliver.apply_async([organisation_ids], queue=queue)
        wait_until(lambda: states(house)["sent"] == LEADERS)

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house), 1)
    score("F6 queue purged", nudges=LEADERS)


def test_messages_delivered_twice_send_each_mail_once(
    house: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES):
        for _ in range(3):
            hand_out(house, queue)
        wait_until(lambda: states(house)["sent"] == LEADERS)

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house), 1)
    score("F19 each hint three times", nudges=LEADERS)


def test_database_sessions_torn_down_mid_batch_lose_nothing(
    house: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    smtp_server.script.delay("DOT", 0.002)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES):
        hand_out(house, queue)
        wait_until(lambda: len(smtp_server.accepted) > 60)
        tear_down_other_sessions()
        time.sleep(1)
    connection.close()

    sweep_after_the_lease(house)

    got = deliveries(smtp_server)
    assert states(house) == {"sent": LEADERS}
    assert set(got) == expected_ids(house)
    assert sum(got.values()) - LEADERS <= PROCESSES * BULK_MAILS_PER_BATCH
    score("F9 database sessions ended", nudges=LEADERS, doubled=sum(got.values()) - LEADERS)


def tear_down_other_sessions() -> None:
    """As the owner, who may end what plays the app's role, but not PostgreSQL's own autovacuum."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    connection.close()
