"""Guesses of a code: exactly five are checked, also when forty arrive at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock
from typing import Any

import pytest
from allauth.account import forms as allauth_forms
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as project_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from cohorts.access import guesses
from cohorts.access.guesses import (
    ADDRESS_PERIOD,
    FACTOR_PERIOD,
    GUESSES_PER_ADDRESS,
    GUESSES_PER_CODE,
    forget_old_guesses,
    may_guess_code,
    may_guess_factor,
)
from cohorts.models import AccountMail, GuessCount, Person
from tests.cast import Cast
from tests.times import NOW

ASK, CONFIRM, FACTOR = "/accounts/login/code/", "/accounts/login/code/confirm/", "/accounts/2fa/authenticate/"
AT_ONCE = 40
NO_CACHE = {"login_failed": "", "request_login_code": ""}  # as if the cache that limits these had been emptied


class Checks:
    """How often a code was really compared."""

    def __init__(self) -> None:
        self.made = 0
        self._lock = Lock()

    def count(self, check: Callable[..., bool]) -> Callable[..., bool]:
        def counted(*args: object, **kwargs: object) -> bool:
            with self._lock:
                self.made += 1
            return check(*args, **kwargs)

        return counted


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    checks = Checks()
    monkeypatch.setattr(allauth_forms, "compare_user_code", checks.count(allauth_forms.compare_user_code))
    monkeypatch.setattr(TOTP, "validate_code", checks.count(TOTP.validate_code))
    return checks


def browser(session: str = "") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    if session:
        client.cookies[project_settings.SESSION_COOKIE_NAME] = session
    return client


def session_of(client: Client) -> str:
    return client.cookies[project_settings.SESSION_COOKIE_NAME].value


def at_once(where: str, sessions: list[str]) -> None:
    """One wrong guess from each of these sessions, at the same moment."""
    barrier = Barrier(len(sessions))

    def guess(session: str) -> None:
        client = browser(session)
        barrier.wait()
        try:
            client.post(where, {"code": "123456"})
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sessions)) as threads:
        list(threads.map(guess, sessions))


def racy(about: str, *, lasts: timedelta, now: object) -> int:
    """The counter without its lock: read, add, write."""
    row, _ = GuessCount.objects.get_or_create(about=about, defaults={"made": 0, "ends_at": timezone.now() + lasts})
    time.sleep(0.05)
    GuessCount.objects.filter(about=about).update(made=row.made + 1)
    return row.made + 1


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_are_five(cast: Cast, checks: Checks) -> None:
    client = browser()
    client.post(ASK, {"email": "ada@acme.test"})

    at_once(CONFIRM, [session_of(client)] * AT_ONCE)

    assert checks.made == GUESSES_PER_CODE


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_more_than_five_are_checked(
    cast: Cast, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "count_guess", racy)
    client = browser()
    client.post(ASK, {"email": "ada@acme.test"})

    at_once(CONFIRM, [session_of(client)] * AT_ONCE)

    assert checks.made > GUESSES_PER_CODE


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_over_sessions_of_one_address(cast: Cast, checks: Checks, settings: Any) -> None:
    """Each code has its five, and all codes of one address together thirty."""
    settings.ACCOUNT_RATE_LIMITS = NO_CACHE
    sessions = []
    for _ in range(8):
        client = browser()
        client.post(ASK, {"email": "ada@acme.test"})
        sessions.append(session_of(client))

    at_once(CONFIRM, sessions * 5)

    assert checks.made == GUESSES_PER_ADDRESS


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_of_an_app_at_once_are_five(cast: Cast, checks: Checks, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = NO_CACHE
    person = Person.objects.get(email="ada@acme.test")
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    client = browser()
    client.post(ASK, {"email": person.email})
    client.post(CONFIRM, {"code": AccountMail.objects.latest("pk").facts["code"]})
    assert client.get(FACTOR).status_code == 200
    made_before = checks.made

    at_once(FACTOR, [session_of(client)] * AT_ONCE)

    assert checks.made - made_before == 5


@pytest.mark.django_db
def test_the_guesses_of_a_code_never_come_back() -> None:
    about = {"code_id": "x", "address": "ada@acme.test", "lasts": timedelta(minutes=10)}

    allowed = [may_guess_code(**about, now=NOW + timedelta(minutes=minute)) for minute in range(10)]

    assert allowed == [True] * 5 + [False] * 5


@pytest.mark.django_db
def test_the_guesses_of_an_address_come_back_after_ten_minutes() -> None:
    def guess(number: int, now: object = NOW) -> bool:
        return may_guess_code(code_id=str(number), address="Ada@acme.test", lasts=timedelta(minutes=10), now=now)

    assert [guess(number) for number in range(31)] == [True] * 30 + [False]
    assert guess(32, NOW + ADDRESS_PERIOD)


@pytest.mark.django_db
def test_the_guesses_of_an_app_come_back_after_fifteen_minutes() -> None:
    assert [may_guess_factor(person_id=1, now=NOW) for _ in range(6)] == [True] * 5 + [False]
    assert may_guess_factor(person_id=2, now=NOW)
    assert may_guess_factor(person_id=1, now=NOW + FACTOR_PERIOD)


@pytest.mark.django_db
def test_a_right_code_of_an_app_clears_the_mistakes(cast: Cast, clock: object) -> None:
    person = Person.objects.get(email="ada@acme.test")
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    client = browser()
    client.post(ASK, {"email": person.email})
    client.post(CONFIRM, {"code": AccountMail.objects.latest("pk").facts["code"]})
    for _ in range(4):
        client.post(FACTOR, {"code": "123456"})
    assert GuessCount.objects.get(about=f"factor:{person.pk}").made == 4

    client.post(FACTOR, {"code": codes[0]})

    assert "_auth_user_id" in client.session
    assert not GuessCount.objects.filter(about=f"factor:{person.pk}").exists()


@pytest.mark.django_db
def test_no_address_is_kept_with_the_counts_and_old_ones_go() -> None:
    may_guess_code(code_id="x", address="ada@acme.test", lasts=timedelta(minutes=10), now=NOW)

    assert not GuessCount.objects.filter(about__contains="ada").exists()
    assert GuessCount.objects.count() == 2
    forget_old_guesses(now=NOW + timedelta(minutes=10))
    assert GuessCount.objects.count() == 0
