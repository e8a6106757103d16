"""What somebody sees while database, cache or disk is away, which requests are tried once more, and what is logged."""

import asyncio
import errno
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog
from django.core.cache import caches
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as NoValkey

from cohorts.mail.signed_links import nudge_token
from cohorts.tenancy.wall import within
from cohorts.web.outages import Outage, outage_of
from goals.habits.views import practices
from goals.models import Practice
from programme.logs import FOREIGN, RENDERER
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import TODAY

Clients = Callable[..., OrganisationClient]
CRASHED = psycopg.errors.CrashShutdown
TOKEN = "a" * 32
SAFE_WORDS = "What you typed is safe on this device."


def failing(error: BaseException) -> BaseException:
    """As Django raises it: its own exception, from the driver's."""
    outer = OperationalError()
    outer.__cause__ = error
    return outer


class Database:
    """Statements fail from number `first` on, `times` in a row; `seen` counts all."""

    def __init__(self, error: BaseException, first: int, times: float) -> None:
        self.error, self.first, self.times, self.seen = error, first, times, 0

    def __call__(self, execute: Callable, statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.seen += 1
        if self.first <= self.seen < self.first + self.times:
            raise failing(self.error)
        return execute(statement, params, many, context)


@contextmanager
def outage(*, first: int = 1, times: float = 1, error: type[psycopg.Error] = CRASHED) -> Iterator[Database]:
    database = Database(error(), first, times)
    with connection.execute_wrapper(database):
        yield database


@pytest.fixture
def ada(cast: Cast, client_for: Clients, monkeypatch: pytest.MonkeyPatch) -> OrganisationClient:
    """She reads and saves as a browser does, CSRF token and all; what fails is answered, not raised."""
    # The test's transaction lives on this connection; tests/faults/test_web_outage.py loses real ones.
    monkeypatch.setattr("cohorts.web.outages.close_old_connections", lambda: None)
    client = client_for(cast.ada)
    client.handler.enforce_csrf_checks = True
    client.cookies["csrf"] = TOKEN
    client.raise_request_exception = False
    return client


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=RENDERER, foreign_pre_chain=FOREIGN))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def without_valkey(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise NoValkey

    for name in ("default", "forgiving"):
        monkeypatch.setattr(caches[name]._cache, "get_client", refuse)


def save(ada: OrganisationClient, key: UUID | None = None) -> Any:
    words = {"did_it": "yes", "went": "4", "line": "by the board", "key": str(key or uuid4())}
    return ada.post(ada.url("practice_new"), words, headers={"X-CSRFToken": TOKEN, "HX-Request": "true"})


def saved_today(cast: Cast) -> int:
    with within(cast.acme):
        return Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY).count()


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly"), Outage.CONNECTION),
        (psycopg.errors.AdminShutdown(), Outage.CONNECTION),
        (psycopg.errors.CannotConnectNow(), Outage.CONNECTION),
        (psycopg.errors.ConnectionFailure(), Outage.CONNECTION),
        (PoolTimeout(), Outage.DATABASE),
        (psycopg.errors.TooManyConnections(), Outage.DATABASE),
        (psycopg.errors.ReadOnlySqlTransaction(), Outage.DATABASE),
        (psycopg.errors.IoError(), Outage.DATABASE),
        (psycopg.errors.DiskFull(), Outage.DISK),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.DISK),
        (NoValkey(), Outage.VALKEY),
        (psycopg.errors.DeadlockDetected(), None),
        (psycopg.errors.UniqueViolation(), None),
        (psycopg.InterfaceError("the cursor is closed"), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (KeyError("went"), None),
        (None, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_an_outage_is_told_from_a_bug(error: BaseException | None, outage: Outage | None) -> None:
    assert outage_of(error) == outage
    assert outage_of(error and failing(error)) == outage


def test_reading_is_tried_again_when_the_connection_is_lost(ada: OrganisationClient) -> None:
    for first in (1, 4, 9):
        with outage(first=first):
            assert ada.get(ada.url("today")).status_code == 200


def test_a_request_is_tried_again_once_only(ada: OrganisationClient) -> None:
    with outage(times=2) as database:
        response = ada.get(ada.url("today"))

    assert (response.status_code, database.seen) == (503, 2)


def test_waiting_for_a_connection_in_vain_is_not_repeated(ada: OrganisationClient) -> None:
    with outage(error=PoolTimeout) as database:
        response = ada.get(ada.url("today"))

    assert (response.status_code, database.seen) == (503, 1)


def test_a_save_is_tried_again_before_it_began(ada: OrganisationClient, cast: Cast) -> None:
    with outage(first=3):  # the organisation, after session and person
        response = save(ada)

    assert response.status_code == 200
    assert saved_today(cast) == 1


def test_a_save_that_began_is_not_tried_again(
    ada: OrganisationClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = []

    def fail(**words: Any) -> None:
        saves.append(words)
        raise failing(CRASHED())

    monkeypatch.setattr(practices, "log_practice", fail)
    response = save(ada)

    assert (response.status_code, len(saves)) == (503, 1)
    assert saved_today(cast) == 0


def test_the_page_of_an_outage_needs_nothing_and_calms(ada: OrganisationClient, without_valkey: None) -> None:
    with outage(times=1e9):
        response = ada.get(ada.url("today"))

    page = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "15"
    assert response.headers["Cache-Control"] == "no-store"
    assert re.search(rf"data-refusal>[^<]*{SAFE_WORDS}", page)
    assert f'href="{ada.url("today")}">Try again' in page


def test_the_page_of_an_outage_speaks_the_readers_language(ada: OrganisationClient) -> None:
    with outage(times=1e9):
        response = ada.get(ada.url("today"), headers={"Accept-Language": "nb"})

    assert "Det du skrev, er trygt på denne enheten." in response.content.decode()


def test_after_a_failed_save_the_page_offers_no_reload(
    ada: OrganisationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practices, "log_practice", lambda **words: _raise(failing(CRASHED())))
    page = save(ada).content.decode()

    assert SAFE_WORDS in page
    assert "Try again</a>" not in page


def test_an_outage_is_one_line_with_the_number_of_the_page(
    ada: OrganisationClient, cast: Cast, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practices, "log_practice", lambda **words: _raise(failing(CRASHED("by the board"))))
    page = save(ada).content.decode()
    (line,) = log.getvalue().splitlines()

    (number,) = re.findall(r"<code>([-0-9a-f]{36})</code>", page)
    assert f"request_id={number}" in line
    assert f"user_id={cast.ada.person_id}" in line
    assert "what=connection" in line
    assert not re.search(r"\.py:\d|by the board", line)


def test_a_bug_is_still_our_fault_with_its_traceback(
    ada: OrganisationClient, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practices, "log_practice", lambda **words: _raise(KeyError("went")))
    response = save(ada)

    assert response.status_code == 500
    (number,) = re.findall(r"<code>([-0-9a-f]{36})</code>", response.content.decode())
    assert re.search(rf"request_failed.*KeyError .*\.py:\d+.*{number}|{number}.*KeyError .*\.py:\d+", log.getvalue())


def test_a_full_disk_is_an_outage(ada: OrganisationClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practices, "log_practice", lambda **words: _raise(OSError(errno.ENOSPC, "full")))

    assert save(ada).status_code == 503


def test_pages_and_links_live_without_valkey(ada: OrganisationClient, cast: Cast, without_valkey: None) -> None:
    token = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, 1)

    assert ada.get(ada.url("today")).status_code == 200
    assert save(ada).status_code == 200
    assert ada.get(reverse("one_tap", args=[token])).status_code == 200
    assert ada.get(reverse("rater_again")).status_code == 200


@pytest.mark.usefixtures("clock", "db")
def test_without_valkey_nobody_guesses_codes_unlimited(without_valkey: None) -> None:
    visitor = Client(raise_request_exception=False)
    response = visitor.post(reverse("account_request_login_code"), {"email": "ada@acme.test"})

    assert response.status_code == 503


@pytest.fixture
def outside_any_loop() -> Iterator[None]:
    """Playwright keeps an event loop running in this thread, once a browser has started; the view wants its own."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.mark.usefixtures("db", "outside_any_loop")
def test_health_says_503_while_something_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health/").status_code == 200

    def fail(check: object) -> None:
        raise NoValkey

    monkeypatch.setattr("health_check.Cache.run", fail)
    assert Client().get("/health/").status_code == 503


def _raise(error: BaseException) -> HttpRequest:
    raise error
