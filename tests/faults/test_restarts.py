"""The servers themselves die: Valkey comes back empty, PostgreSQL comes back after a kill. Nothing is lost."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as project_settings
from django.db import OperationalError, connection
from django.utils import timezone
from kombu import Connection
from redis import Redis

from cohorts.models import Nudge, Organisation
from cohorts.nudges import engine
from cohorts.tenancy.wall import within
from programme.local.data_directory import DataDirectory
from programme.local.postgres import Postgres
from programme.local.valkey import Valkey
from programme.tasks import deliver
from tests.crowd import crowd, wind_clocks
from tests.faults.scoreboard import Score
from tests.faults.test_crashes import LEADERS, deliveries, expected_ids, states, sweep_after_the_lease, wait_until
from tests.smtp_server import SmtpServer
from tests.website import own_postgres
from tests.workers import celery_worker, worker_environment

pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]


@pytest.fixture
def queue() -> str:
    return f"restarts-{uuid4().hex[:8]}"


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(DataDirectory.at(tmp_path / "data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres(tmp_path: Path, django_db_blocker: object) -> Iterator[Postgres]:
    with django_db_blocker.unblock(), own_postgres(tmp_path / "data") as server:
        yield server


def planned_crowd() -> Organisation:
    organisation, step = crowd(LEADERS)
    wind_clocks(organisation, step)
    engine.claim_everything(now=timezone.now())
    return organisation


@pytest.mark.parametrize("is_missed", [False, True])
@pytest.mark.django_db(transaction=True)
def test_valkey_killed_and_back_empty_loses_nothing_and_keeps_its_workers(
    cast: object, tmp_path: Path, valkey: Valkey, queue: str, smtp_server: SmtpServer, score: Score, is_missed: bool
) -> None:
    """Back before the worker has let go of the old connection, and after: two ways through kombu."""
    log = tmp_path / "worker.log"
    house = planned_crowd()
    smtp_server.script.delay("DOT", 0.005)
    environment = worker_environment(smtp_server.port, REDIS_URL=valkey.url())
    with celery_worker(environment, queue=queue, processes=2, log=log) as worker:
        hand_out(house, valkey, queue)
        wait_until(lambda: len(smtp_server.accepted) > 30)
        valkey.kill()
        wait_until(lambda: not is_missed or "Cannot connect" in log.read_text())
        valkey.start()
        wait_until(lambda: states(house)["sending"] == 0)
        wait_until(lambda: _sent_after_another_hint(house, valkey, queue))
        hand_out(house, valkey, queue)
        broker = Redis.from_url(f"{valkey.url()}/0")
        wait_until(lambda: (broker.llen(queue), broker.hlen("unacked")) == (0, 0))
        assert worker.poll() is None

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house), 1)
    assert states(house, "app") == {"sent": LEADERS}
    score(f"F5 broker killed, back empty{' once it was missed' if is_missed else ''}", nudges=LEADERS)


def _sent_after_another_hint(house: Organisation, valkey: Valkey, queue: str) -> bool:
    if states(house)["sent"] < LEADERS:
        hand_out(house, valkey, queue)
        time.sleep(1)
    return states(house)["sent"] == LEADERS


def test_postgresql_killed_mid_batch_loses_nothing(
    postgres: Postgres, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    house = planned_crowd()
    smtp_server.script.delay("DOT", 0.005)
    environment = worker_environment(smtp_server.port, DATABASE_OWNER_URL=postgres.url("embed90_owner"))
    with celery_worker(environment, queue=queue, processes=2):
        for organisation_ids in engine.ranges({house.pk: LEADERS}):
            deliver.apply_async([organisation_ids], queue=queue)
        wait_until(lambda: len(smtp_server.accepted) > 30)
        postgres.kill()
        postgres.start()
        connection.close()
        wait_until(_database_answers)
        acknowledged = _settled(house)
    # The workers are gone: one that came back at once could take what it had, and keep it from the next line.
    sweep_after_the_lease(house)

    got = deliveries(smtp_server)
    assert states(house) == {"sent": LEADERS}
    assert set(got) == expected_ids(house)
    assert all(got[message_id] == 1 for message_id in acknowledged)
    assert states(house, "app") == {"sent": LEADERS}
    score("F8 PostgreSQL killed mid-batch", nudges=LEADERS, doubled=sum(got.values()) - LEADERS)


def _settled(house: Organisation) -> Counter:
    """What had a committed outcome when the server died: these may not go a second time."""
    with within(house):
        keys = Nudge.objects.filter(channel="mail", state="sent").values_list("pk", flat=True)
        return Counter(f"<nudge-{key}@{project_settings.MAIL_DOMAIN}>" for key in keys)


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def hand_out(house: Organisation, valkey: Valkey, queue: str) -> None:
    with Connection(f"{valkey.url()}/0") as broker:
        for organisation_ids in engine.ranges({house.pk: LEADERS}):
            deliver.apply_async([organisation_ids], queue=queue, connection=broker)
