"""Bad nights: a broker that is wiped, frozen or gone, two beats or none, clocks that are wrong."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.utils import timezone
from kombu import Connection

from cohorts.models import Clock, Nudge, Organisation
from cohorts.nudges import engine
from cohorts.tenancy.wall import within
from programme.local.data_directory import DataDirectory
from programme.local.valkey import Valkey
from programme.tasks import deliver
from tests.crowd import crowd, wind_clocks
from tests.faults.scoreboard import Score
from tests.faults.test_crashes import deliveries, expected_ids, hand_out, queue, states, wait_until
from tests.faults.test_leases import SHORT, doubled, sweeping
from tests.smtp_server import SmtpServer
from tests.workers import celery_beat, celery_worker, worker_environment

__all__ = ["queue"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

LEADERS = 60
PATIENCE = 2  # seconds that a worker of these tests waits for a silent broker; thirty in production
GONE_FOR = 8


@pytest.fixture
def house(cast: object) -> Organisation:
    organisation, step = crowd(LEADERS)
    wind_clocks(organisation, step)
    return organisation


@pytest.fixture
def planned(house: Organisation) -> Organisation:
    engine.claim_everything(now=timezone.now())
    return house


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(DataDirectory.at(tmp_path / "data"))
    server.start()
    yield server
    server.stop()


def make_due(organisation: Organisation) -> None:
    with within(organisation):
        Nudge.objects.filter(channel="mail").update(state="due", attempts=0, not_before=timezone.now(), sent_at=None)


def test_workers_and_beats_live_through_a_bad_night(
    planned: Organisation, valkey: Valkey, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """One worker and two beats, from the first fault to the last; nobody is started again."""
    faults: dict[str, Callable[[], object]] = {
        "F14 two beats": lambda: None,
        "F6 FLUSHALL": redis.Redis.from_url(f"{valkey.url()}/0").flushall,
        f"F7 broker frozen for {3 * PATIENCE} s": lambda: freeze(valkey),
        f"F5 broker gone for {GONE_FOR} s": lambda: restart(valkey),
    }
    more = {"REDIS_URL": valkey.url(), "TEST_QUEUE": queue, "BROKER_PATIENCE": str(PATIENCE), **SHORT}
    environment = worker_environment(smtp_server.port, **more)
    with ExitStack() as stack:
        worker = celery_worker(environment, queue=queue, processes=1, application="tests.faults.undefended")
        beats = [celery_beat(environment, application="tests.faults.fast_beat") for _ in range(2)]
        started = [stack.enter_context(each) for each in (worker, *beats)]
        wait_until(lambda: states(planned)["sent"] == LEADERS)
        for number, (name, happens) in enumerate(faults.items(), start=2):
            happens()
            make_due(planned)
            healed_at = time.monotonic()
            wait_until(lambda: states(planned)["sent"] == LEADERS)
            score(
                name,
                nudges=LEADERS,
                doubled=len(smtp_server.accepted) - number * LEADERS,
                seconds=time.monotonic() - healed_at,
            )
            assert set(deliveries(smtp_server).values()) == {number}
        assert [process.poll() for process in started] == [None, None, None]


def freeze(valkey: Valkey) -> None:
    valkey.process.send_signal(signal.SIGSTOP)
    time.sleep(3 * PATIENCE)
    valkey.process.send_signal(signal.SIGCONT)


def restart(valkey: Valkey) -> None:
    valkey.kill()
    time.sleep(GONE_FOR)
    valkey.start()


def test_half_an_hour_without_beat_is_made_up(house: Organisation, smtp_server: SmtpServer, score: Score) -> None:
    with within(house):
        Clock.objects.update(next_at=timezone.now() - timedelta(minutes=30))
    began = time.monotonic()

    for _ in range(2):  # the first ticks of two beats
        engine.claim_everything(now=timezone.now())
        engine.deliver(house.pk, now=timezone.now)

    assert states(house) == states(house, "app") == {"sent": LEADERS}
    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house), 1)
    score("F14 no beat for 30 minutes", nudges=LEADERS, seconds=time.monotonic() - began)


def test_a_message_lost_between_pop_and_note_is_found(
    planned: Organisation, valkey: Valkey, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    broker = redis.Redis.from_url(f"{valkey.url()}/0")
    environment = worker_environment(smtp_server.port, REDIS_URL=valkey.url(), CRASH_AT_POP="yes")
    with celery_worker(environment, queue=queue, processes=1, application="tests.faults.undefended") as worker:
        with Connection(f"{valkey.url()}/0") as ours:
            deliver.apply_async([[planned.pk]], queue=queue, connection=ours)
        assert worker.wait(timeout=60) == -signal.SIGKILL
    assert (broker.llen(queue), broker.hlen("unacked")) == (0, 0)
    assert states(planned) == {"due": LEADERS}
    lost_at = time.monotonic()

    with sweeping(planned):
        wait_until(lambda: states(planned)["sent"] == LEADERS)

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(planned), 1)
    score("F4 killed between pop and note", nudges=LEADERS, seconds=time.monotonic() - lost_at)


@pytest.mark.parametrize("hours", [2, -2, 25])
def test_a_worker_with_a_wrong_clock_sends_what_is_due(
    planned: Organisation, queue: str, smtp_server: SmtpServer, hours: int, score: Score
) -> None:
    later = later_half(planned)
    environment = worker_environment(smtp_server.port, CLOCK=str(3600 * hours))
    with celery_worker(environment, queue=queue, processes=1, application="tests.faults.undefended"):
        hand_out(planned, queue)
        wait_until(lambda: states(planned)["sent"] == LEADERS - later)
        hand_out(planned, queue)
        time.sleep(1)

    assert states(planned) == {"sent": LEADERS - later, "due": later}
    assert set(deliveries(smtp_server).values()) == {1}
    score(f"F15 worker's clock {hours:+} h", nudges=LEADERS - later, doubled=doubled(smtp_server))


def test_without_the_databases_time_nudges_go_early(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    """The negative control: the test above proves something only because this happens."""
    later = later_half(planned)
    environment = worker_environment(smtp_server.port, CLOCK="7200", UNDEFENDED="time")
    with celery_worker(environment, queue=queue, processes=1, application="tests.faults.undefended"):
        hand_out(planned, queue)
        wait_until(lambda: states(planned)["due"] == 0)

    assert states(planned) == {"sent": LEADERS}
    score("F15 worker's clock +2 h: early", nudges=later, is_control=True)


def later_half(organisation: Organisation) -> int:
    """Half of the mails are due in an hour only. Returns how many."""
    with within(organisation):
        keys = list(Nudge.objects.filter(channel="mail").order_by("pk").values_list("pk", flat=True)[: LEADERS // 2])
        return Nudge.objects.filter(pk__in=keys).update(not_before=timezone.now() + timedelta(hours=1))


def test_a_worker_told_to_stop_finishes_its_batch(
    planned: Organisation, queue: str, smtp_server: SmtpServer, score: Score
) -> None:
    smtp_server.script.delay("DOT", 0.05)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=1) as worker:
        hand_out(planned, queue)
        wait_until(lambda: len(smtp_server.accepted) > 5)
        os.kill(worker.pid, signal.SIGTERM)
        told_at = time.monotonic()
        assert states(planned)["sending"] > 0, "It came too late to prove anything."
        assert worker.wait(timeout=60) == 0

    assert states(planned) == {"sent": LEADERS}
    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(planned), 1)
    score("F17 worker replaced mid-batch", nudges=LEADERS, seconds=time.monotonic() - told_at)
