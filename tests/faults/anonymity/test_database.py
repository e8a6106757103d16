"""AA5, AA6: somebody who reads the whole database, its order, its logs and its old copies links no words to a rater.

Each attack runs on rounds closed by the product, with each rater's answers and mark in transactions of their own. The
attackers know when everybody answered. Each defence is then taken away, and the same attack must succeed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from random import Random

import pytest
import redis
import structlog
from django.conf import settings
from django.db import connection

from cohorts.models import AuditEntry, Organisation
from cohorts.tenancy.wall import within
from feedback360.answering.actions import closing
from feedback360.answering.actions.closing import close_round
from feedback360.models.answers import Answer, Comment
from feedback360.staging.keys import NoKey, key_of
from feedback360.staging.sealing import Unreadable, slot_of, unseal
from tests import factories as make
from tests.faults.anonymity import figures
from tests.feedback360.answering.collecting import Collecting, collecting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LEADERS, RATERS = 12, 8
SIGMAS = 4.0  # one honest run in 16,000 is outside


@dataclass
class Closed:
    """Rounds with the true order of answering: `order[i]` is the rater who answered as the i-th about leader i."""

    leaders: list[Collecting]
    orders: list[list[int]] = field(default_factory=list)
    dump: list[tuple[int, bytes, bytes]] = field(default_factory=list)


def answered(acme: Organisation) -> Closed:
    first = collecting(acme, ["team"] * RATERS)
    leaders = [first]
    for _number in range(LEADERS - 1):
        with within(acme):
            subject = make.SubjectFactory(round=first.round, enrolment__cohort=first.round.cohort)
        leaders.append(collecting(acme, ["team"] * RATERS, subject=subject))
    found, random = Closed(leaders), Random(90)
    question = first.content.questions[0].key
    for leader in leaders:
        order = random.sample(range(RATERS), RATERS)
        for number in order:
            leader.answer(number, leader.sheet(number, 1 + number % 5, **{question: f"writer {number}"}))
        found.orders.append(order)
    with within(acme):
        rows = first.staged().values_list("subject_id", "slot", "sealed")
        found.dump = [(subject, bytes(slot), bytes(sealed)) for subject, slot, sealed in rows]
    return found


def closed(acme: Organisation) -> Closed:
    found = answered(acme)
    close_round(found.leaders[0].round, found.leaders[0].closing_time)
    return found


def read(acme: Organisation, table: str, columns: str, subject: int, order: str = "") -> list[tuple]:
    """As the superuser does, system columns and all."""
    with within(acme), connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE subject_id = %s {order}", [subject])
        return cursor.fetchall()


def writers(acme: Organisation, leader: Collecting, order: str) -> list[int]:
    rows = read(acme, "feedback360_comment", "text", leader.subject.pk, order)
    return [int(text.removeprefix("writer ")) for (text,) in rows]


def rho(first: Sequence[int], second: Sequence[int]) -> float:
    """Spearman's, of two orders of the same people."""
    n = len(first)
    places = {each: place for place, each in enumerate(second)}
    squares = sum((place - places[each]) ** 2 for place, each in enumerate(first))
    return 1 - 6 * squares / (n * (n * n - 1))


def mean_rho(acme: Organisation, found: Closed, order: str) -> float:
    pairs = zip(found.leaders, found.orders, strict=True)
    return sum(rho(true, writers(acme, leader, order)) for leader, true in pairs) / LEADERS


BAND = SIGMAS / sqrt(RATERS - 1) / sqrt(LEADERS)  # of the mean of independent orders
ORDERS = {
    "place": "ORDER BY place",
    "id": "ORDER BY id",
    "ctid": "ORDER BY ctid",
    "scan": "",
}


def same_neighbours(acme: Organisation, found: Closed, order: str) -> float:
    """How often answers beside each other are of the same value: each rater gave one value to everything."""
    pairs = same = 0
    for leader in found.leaders:
        rows = read(acme, "feedback360_answer", "value", leader.subject.pk, order)
        values = [value for (value,) in rows]
        pairs += len(values) - 1
        same += sum(one == other for one, other in pairwise(values))
    return same / pairs


CHANCE = sum((sum(1 for n in range(RATERS) if n % 5 == value) / RATERS) ** 2 for value in range(5))
NEIGHBOURS_BAND = SIGMAS * sqrt(CHANCE * (1 - CHANCE) / (LEADERS * RATERS * 15))


def linked(acme: Organisation, found: Closed, order: str = "ORDER BY xmin::text::bigint, ctid") -> float:
    """The superuser's join: marks in the order of their transactions, beside words in the order of theirs."""
    right = 0
    for leader in found.leaders:
        marks = read(acme, "feedback360_request", "id", leader.subject.pk, "ORDER BY xmin::text::bigint")
        numbers = {request.pk: number for number, request in enumerate(leader.requests)}
        guessed = [numbers[request_id] for (request_id,) in marks]
        right += sum(one == other for one, other in zip(guessed, writers(acme, leader, order), strict=True))
    return right / (LEADERS * RATERS)


LINK_BAND = SIGMAS / sqrt(LEADERS * RATERS * RATERS)  # matches of two orders have mean 1 and variance 1 a leader


def test_order_of_rows_says_nothing_about_the_order_of_answers(acme: Organisation, cast: object) -> None:
    found = closed(acme)
    correlations = {name: mean_rho(acme, found, order) for name, order in ORDERS.items()}
    outside = [name for name, value in correlations.items() if abs(value) > BAND]
    neighbours = {name: same_neighbours(acme, found, order) for name, order in ORDERS.items() if name != "place"}
    labelled = [name for name, value in neighbours.items() if abs(value - CHANCE) > NEIGHBOURS_BAND]
    worst = max(map(abs, correlations.values()))
    figures.add(
        "AA5", "order of ids, ctid, scan, places", tried=7, found=len(outside) + len(labelled), of="orders",
        note=f"largest |rho| {worst:.2f}, band {BAND:.2f}",
    )  # fmt: skip

    assert outside == [], correlations
    assert labelled == [], neighbours


def test_reading_everything_links_nobody(acme: Organisation, cast: object, caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as logs:
        found = closed(acme)
    accuracy = linked(acme, found)
    figures.add(
        "AA6", "superuser join by xmin and ctid", tried=LEADERS * RATERS, found=round(accuracy * LEADERS * RATERS),
        of="words", note=f"chance {LEADERS}, at most {1 / RATERS + LINK_BAND:.2f} of all",
    )  # fmt: skip
    said = [*(json.dumps(entry, default=str) for entry in logs), caplog.text, *said_in_audit(acme), *kept_in_valkey()]
    traces = [trace for trace in traces_of(found) if any(trace in text for text in said)]
    figures.add("AA6", "logs, audit trail, Valkey", tried=len(said), found=len(traces), of="texts")

    assert accuracy <= 1 / RATERS + LINK_BAND
    assert traces == []
    for table in ("answer", "comment", "scalestatistic"):
        for leader in found.leaders:
            assert len({xmin for (xmin,) in read(acme, f"feedback360_{table}", "xmin", leader.subject.pk)}) == 1


def traces_of(found: Closed) -> list[str]:
    """What would say who answered: addresses, and words."""
    raters = [request.rater for leader in found.leaders for request in leader.requests]
    return [*(rater.email for rater in raters), *(f"writer {number}" for number in range(RATERS))]


def said_in_audit(acme: Organisation) -> list[str]:
    with within(acme):
        return [json.dumps(details) for details in AuditEntry.objects.values_list("details", flat=True)]


def kept_in_valkey() -> list[str]:
    """Every key and value of both databases: broker and cache."""
    texts = []
    for number in (0, 1):
        with redis.from_url(f"{settings.REDIS_ROOT}/{number}") as valkey:
            readers = {
                b"string": valkey.get,
                b"list": lambda key, valkey=valkey: valkey.lrange(key, 0, -1),
                b"hash": valkey.hgetall,
                b"set": valkey.smembers,
                b"zset": lambda key, valkey=valkey: valkey.zrange(key, 0, -1),
            }
            texts += [f"{key!r} {readers[valkey.type(key)](key)!r}" for key in valkey.scan_iter()]
    return texts


def opened(found: Closed, key: bytes | None) -> int:
    """How many answers of an older copy can be opened and told apart by rater."""
    links = 0
    for leader in found.leaders:
        slots = {slot_of(key or settings.SECRET_KEY.encode(), request.pk) for request in leader.requests}
        for _subject, slot, sealed in found.dump:
            try:
                unseal(key or settings.SECRET_KEY.encode(), slot, sealed)
            except Unreadable:
                continue
            links += slot in slots
    return links


def test_a_restored_copy_links_nobody_once_the_key_is_gone(acme: Organisation, cast: object) -> None:
    found = answered(acme)
    kept = key_of(found.leaders[0].round.pk)
    close_round(found.leaders[0].round, found.leaders[0].closing_time)
    with pytest.raises(NoKey):
        key_of(found.leaders[0].round.pk)
    links = opened(found, None)
    figures.add("AA6", "copy from before close, key destroyed", tried=len(found.dump), found=links, of="sealed answers")
    control = opened(found, kept)
    figures.add_control("key kept in a backup", is_red=control == LEADERS * RATERS)

    assert len(found.dump) == LEADERS * RATERS
    assert links == 0
    assert control == LEADERS * RATERS


def test_without_shuffling_order_and_labels_show(
    acme: Organisation, cast: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows written in the order they were staged: the attacks find it at once."""
    monkeypatch.setattr(closing, "_shuffled", list)
    found = closed(acme)
    correlation, neighbours = mean_rho(acme, found, ORDERS["ctid"]), same_neighbours(acme, found, ORDERS["ctid"])
    figures.add_control("answers shuffled", is_red=abs(correlation) > BAND)
    figures.add_control("no label over a rater's answers", is_red=neighbours > CHANCE + NEIGHBOURS_BAND)
    accuracy = linked(acme, found)
    figures.add_control("words shuffled before the superuser's join", is_red=accuracy > 1 / RATERS + LINK_BAND)

    assert abs(correlation) > BAND
    assert neighbours > CHANCE + NEIGHBOURS_BAND
    assert accuracy > 1 / RATERS + LINK_BAND


def test_ids_in_order_of_time_show_the_order(acme: Organisation, cast: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an identity column or uuidv7 would; shuffled places and rows do not help then, if ids were given before."""
    monkeypatch.setattr(closing, "_shuffled", list)
    for model in (Answer, Comment):
        monkeypatch.setattr(model._meta.get_field("id"), "_get_default", counter())
    found = closed(acme)
    correlation = mean_rho(acme, found, ORDERS["id"])
    figures.add_control("random ids", is_red=abs(correlation) > BAND)

    assert abs(correlation) > BAND


def counter() -> Callable[[], int]:
    numbers = iter(range(10**6, 10**9))
    return lambda: next(numbers)


def test_words_in_the_transaction_of_the_mark_show_the_writer(acme: Organisation, cast: object) -> None:
    """What a plain application does: one transaction says that Kari answered and what she wrote."""
    found = Closed([collecting(acme, ["team"] * RATERS)])
    leader = found.leaders[0]
    for number in Random(7).sample(range(RATERS), RATERS):
        with within(acme):
            request = leader.request(number)
            make.CommentFactory(subject=leader.subject, text=f"writer {number}", place=1)
            request.state = "answered"
            request.save(update_fields=["state"])
    marks = dict(read(acme, "feedback360_request", "xmin::text, id", leader.subject.pk))
    words = read(acme, "feedback360_comment", "xmin::text, text", leader.subject.pk)
    numbers = {request.pk: number for number, request in enumerate(leader.requests)}
    right = sum(text == f"writer {numbers[marks[xmin]]}" for xmin, text in words)
    figures.add_control("mark and words in transactions of their own", is_red=right == RATERS)

    assert right == RATERS
