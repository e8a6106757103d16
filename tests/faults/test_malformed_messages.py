"""Messages that are no task of ours: each is logged with its ids, dropped and counted, and no worker ends."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.utils import timezone
from kombu import Connection

from cohorts.models import Organisation
from cohorts.nudges import engine
from programme.broker.transport import MAX_BODY_BYTES
from programme.local.data_directory import DataDirectory
from programme.local.valkey import Valkey
from programme.tasks import deliver
from tests.crowd import crowd, wind_clocks
from tests.faults.scoreboard import Score
from tests.faults.test_crashes import deliveries, expected_ids, states, wait_until
from tests.smtp_server import SmtpServer
from tests.workers import celery_worker, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

LEADERS = 5
QUEUE = "garbage"


def task(body: object, *, name: object = "programme.tasks.deliver", **envelope: object) -> dict[str, object]:
    """A message as our own processes send it, with these parts changed."""
    headers = {"task": name, "id": "id-of-garbage", "lang": "py", **envelope.pop("headers", {})}
    delivery = {"exchange": "", "routing_key": QUEUE}
    properties = {"delivery_tag": str(uuid4()), "delivery_info": delivery, "body_encoding": "base64", "priority": 0}
    return {
        "body": b64encode(body if isinstance(body, bytes) else json.dumps(body).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": headers,
        "properties": properties | envelope.pop("properties", {}),
        **envelope,
    }


def call(*arguments: object, **named: object) -> list[object]:
    return [list(arguments), named, {}]


NO_TAG = {"properties": {"delivery_tag": None}}
GARBAGE: dict[str, object] = {
    "no JSON": b"{",
    "no text": b"\x80\x04\x95\xff",
    "nothing": b"",
    "zeros": b"\x00" * 1000,
    "deeply nested": b"[" * 100_000,
    "a number beyond all": b"9" * 100_000,
    "a broken date of kombu's": {"__type__": "datetime", "__value__": "zz"},
    "a list": [],
    "a word": "word",
    "null": None,
    "an empty mapping": {},
    "no properties": {"body": "", "headers": {"task": "x"}},
    "properties as a list": task(call([1]), properties={}) | {"properties": []},
    "no delivery information": task(call([1]), properties={"delivery_info": None}),
    "delivery information without a queue": task(call([1]), properties={"delivery_info": {"a": 1}}),
    "no tag": task(call([1]), **NO_TAG),
    "a list as tag": task(call([1]), properties={"delivery_tag": []}),
    "headers as a list": task(call([1])) | {"headers": ["task"]},
    "headers as a word": task(call([1])) | {"headers": "task"},
    "no headers": task(call([1])) | {"headers": None},
    "a list as task": task(call([1]), name=["x"]),
    "no id": task(call([1]), headers={"id": None}),
    "an unknown task": task(call([1]), name="programme.tasks.unknown"),
    "an unknown task without an id": task(call([1])) | {"headers": {"task": "programme.tasks.unknown"}},
    "too many arguments": task(call([1], 2, 3)),
    "an unknown argument": task(call(wrong=1)),
    "arguments as a mapping": task({"organisation_ids": [1]}),
    "arguments as a number": task(7),
    "arguments that are no list": task([7, 7, 7]),
    "arguments without their links": task([[[7]], {}, 7]),
    "a body that is no JSON": task(b"{"),
    "a body that is no text": task(b"\xff\xfe"),
    "a body that is no base64": task(call([1])) | {"body": "%%%"},
    "a body as a list": task(call([1])) | {"body": [1, 2]},
    "an unknown encoding": task(call([1]), properties={"body_encoding": "rot13"}),
    "pickle": task(b"\x80\x04N.", **{"content-type": "application/x-python-serialize", "content-encoding": "binary"}),
    "YAML": task(b"!!python/object/apply:os.system ['true']", **{"content-type": "application/x-yaml"}),
    "an unknown type": task(call([1]), **{"content-type": "application/zz"}),
    "a list as type": task(call([1]), **{"content-type": ["a"]}),
    "an unknown compression": task(call([1]), headers={"compression": "zz"}),
    "a compression that is none": task(call([1]), headers={"compression": "application/x-gzip"}),
    "a huge body": task(b" " * 3 * MAX_BODY_BYTES),
    "a time limit in words": task(call([1]), headers={"timelimit": ["soon", "later"]}),
    "a time limit as a number": task(call([1]), headers={"timelimit": 5}),
    "a word as date": task(call([1]), headers={"eta": "soon"}),
    "a word as end": task(call([1]), headers={"expires": "soon"}),
    "a mapping as retries": task(call([1]), headers={"retries": {}}),
    "a far date": task(call([1]), headers={"eta": "9999-12-31T23:59:59+00:00"}),
    "a list as id": task(call([1]), headers={"id": ["x"]}),
    "protocol 1 without arguments": task({"task": "programme.tasks.deliver"}) | {"headers": {}},
    "protocol 1 with a word as arguments": task({"task": "programme.tasks.deliver", "id": "x", "args": "zz"})
    | {"headers": {}},
}
# "{" is no JSON: kombu skips it by itself.
REMOTE_CONTROL = ("[]", "{}", "7", '{"properties": {}}')


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(DataDirectory.at(tmp_path / "data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def house(cast: object) -> Organisation:
    organisation, step = crowd(LEADERS)
    wind_clocks(organisation, step)
    engine.claim_everything(now=timezone.now())
    return organisation


def raw(message: object) -> bytes:
    return message if isinstance(message, bytes) else json.dumps(message).encode()


def lines_of(log: Path) -> list[str]:
    return [line for line in log.read_text().splitlines() if "message dropped" in line]


def test_garbage_in_the_queue_ends_no_worker(
    house: Organisation, valkey: Valkey, smtp_server: SmtpServer, tmp_path: Path, score: Score
) -> None:
    broker, log = redis.Redis.from_url(f"{valkey.url()}/0"), tmp_path / "worker.log"
    left_by_a_dead_worker(broker, b"{")
    environment = worker_environment(smtp_server.port, REDIS_URL=valkey.url())
    with celery_worker(environment, queue=QUEUE, processes=1, log=log) as worker:
        for message in [*GARBAGE.values(), *GARBAGE.values()]:
            broker.lpush(QUEUE, raw(message))
        for message in REMOTE_CONTROL:
            wait_until(lambda: broker.publish("/0.celery.pidbox", message) > 0 or worker.poll() is not None)
        with Connection(f"{valkey.url()}/0") as ours:
            deliver.apply_async([[house.pk]], queue=QUEUE, connection=ours)
        wait_until(lambda: states(house)["sent"] == LEADERS or worker.poll() is not None)
        assert worker.poll() is None, log.read_text()[-3000:]
        wait_until(lambda: broker.hlen("unacked") == broker.llen(QUEUE) == 0)

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house), 1)
    dropped = lines_of(log)
    assert len(dropped) == 2 * len(GARBAGE) + len(REMOTE_CONTROL) + 1
    assert f" dropped={len(dropped)} " in dropped[-1]
    assert any("message_id=id-of-garbage message_task=programme.tasks.unknown" in line for line in dropped)
    score(f"F13 {len(dropped)} messages that are no task", nudges=LEADERS)


@pytest.mark.parametrize("kind", ["no JSON", "a time limit in words"])
def test_without_our_transport_and_consumer_it_would_end(
    house: Organisation, valkey: Valkey, smtp_server: SmtpServer, kind: str
) -> None:
    """The negative control: the test above proves something only because this happens."""
    broker = redis.Redis.from_url(f"{valkey.url()}/0")
    environment = worker_environment(smtp_server.port, REDIS_URL=valkey.url(), UNDEFENDED="broker")
    broker.lpush(QUEUE, raw(GARBAGE[kind]))
    with celery_worker(environment, queue=QUEUE, processes=1, application="tests.faults.undefended") as worker:
        assert worker.wait(timeout=60) != 0


def left_by_a_dead_worker(broker: redis.Redis, message: bytes) -> None:
    broker.hset("unacked", "a-tag", message)
    broker.zadd("unacked_index", {"a-tag": 0})
