"""`Idempotency-Key` under two real connections, and what is kept of an answer."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse

from cohorts.models import Pause
from cohorts.tenancy.wall import within
from cohorts.web.api import idempotency
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.locks import wait_for_somebody

DAYS = {"starts_on": "2027-01-04", "ends_on": "2027-01-08"}
OTHER = DAYS | {"ends_on": "2027-01-09"}
BACKWARDS = DAYS | {"ends_on": "2027-01-01"}


@pytest.fixture
def program(transactional_db: object, cast: Cast) -> Program:
    made = Program(key_of(cast.olav))
    made.get("cohorts/")  # the first use of a day writes the key's row
    return made


def where(cast: Cast) -> str:
    return f"enrolments/{cast.enrolment(cast.ada).pk}/pauses/"


def added(cast: Cast) -> int:
    with within(cast.acme):
        return Pause.objects.filter(enrolment=cast.enrolment(cast.ada), starts_on=DAYS["starts_on"]).count()


@contextmanager
def held(cast: Cast) -> Iterator[None]:
    """Who adds days away meanwhile waits in the middle of it, where its entry in the audit trail takes its turn."""
    with within(cast.acme), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(90, %s)", [cast.acme.pk])
        yield


def both(program: Program, cast: Cast, bodies: list[dict[str, str]]) -> list[HttpResponse]:
    """Both in the air at once: the first in the middle of its change, the second behind it."""

    def post(body: dict[str, str]) -> HttpResponse:
        try:
            return program.post(where(cast), body, Idempotency_Key="at once")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        futures: list[Future[HttpResponse]] = []
        with held(cast):
            for number, body in enumerate(bodies, 1):
                futures.append(threads.submit(post, body))
                wait_for_somebody(number)
        return [future.result(30) for future in futures]


def test_two_equal_requests_at_once_are_carried_out_once(program: Program, cast: Cast) -> None:
    first, second = both(program, cast, [DAYS, DAYS])

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert ("Idempotent-Replay" in first.headers, second.headers["Idempotent-Replay"]) == (False, "true")
    assert added(cast) == 1


def test_another_request_at_once_with_the_key_is_refused(program: Program, cast: Cast) -> None:
    first, second = both(program, cast, [DAYS, OTHER])

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["type"] == "urn:embed90:problem:sent-twice"
    assert added(cast) == 1


def test_who_waits_too_long_is_told_to_come_back(program: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", timedelta(milliseconds=50))

    def post() -> HttpResponse:
        try:
            return program.post(where(cast), DAYS, Idempotency_Key="at once")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        with held(cast):
            first = threads.submit(post)
            wait_for_somebody()
            second = threads.submit(post).result(30)
        done = first.result(30)
    again = program.post(where(cast), DAYS, Idempotency_Key="at once")

    assert (second.status_code, second.json()["type"]) == (409, "urn:embed90:problem:under-way")
    assert second.headers["Retry-After"]
    assert (done.status_code, again.status_code, again.json()) == (201, 201, done.json())
    assert added(cast) == 1


def test_what_was_refused_leaves_the_key_to_the_one_who_waited(program: Program, cast: Cast) -> None:
    """Of two at once the first is refused in its action: nothing of it is kept, and the second is carried out."""
    refused = program.post(where(cast), BACKWARDS, Idempotency_Key="at once")
    first, second = both(program, cast, [DAYS, DAYS])

    assert refused.status_code == 422
    assert (first.status_code, second.status_code) == (201, 201)
    assert added(cast) == 1


def test_after_a_day_the_key_is_free_for_another_request(
    program: Program, cast: Cast, clock: time_machine.Traveller
) -> None:
    program.post(where(cast), DAYS, Idempotency_Key="daily")
    clock.shift(timedelta(hours=23, minutes=59))
    early = program.post(where(cast), OTHER, Idempotency_Key="daily")
    clock.shift(timedelta(minutes=1))
    late = program.post(where(cast), {"starts_on": "2027-02-01", "ends_on": "2027-02-02"}, Idempotency_Key="daily")

    assert (early.status_code, late.status_code) == (409, 201)


def test_what_is_kept_of_an_answer_opens_with_its_key_alone(cast: Cast, clock: object) -> None:
    """A reflection that is deleted, or that nobody may read, is not found in the answers of the day."""
    token = Program(key_of(cast.ada, is_personal=True))
    said = {"tried": "I asked before I answered.", "audience": "private"}
    first, again = (token.post("reflections/", said, Idempotency_Key="mine") for _time in range(2))
    with within(cast.acme), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(reply), sealed FROM cohorts_apireply AS reply WHERE token = 'mine'")
        row, sealed = cursor.fetchone()

    assert (first.status_code, again.json(), again.headers["ETag"]) == (201, first.json(), first.headers["ETag"])
    assert "asked before" not in json.dumps(row)
    assert b"asked before" not in bytes(sealed)
    assert first.headers["ETag"][1:-1] not in json.dumps(row)
