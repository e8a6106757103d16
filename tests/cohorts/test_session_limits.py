"""How long a sign-in lasts, and that it ends on the server."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.conf import settings as project_settings
from django.contrib.sessions.models import Session
from django.test import Client
from structlog.testing import capture_logs
from time_machine import Traveller

from cohorts.access.sessions import forget_ended
from cohorts.models import AccountMail, Membership
from cohorts.people.invitation_links import token_hash
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.factories import InvitationFactory
from tests.plain_dates import with_plain_dates
from tests.times import NOW

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
COOKIE = project_settings.SESSION_COOKIE_NAME
OWN, SHARED = "own", "shared"


@pytest.fixture
def signed_in(cast: Cast, clock: Traveller) -> Callable[[str], Client]:
    """A browser in which Ada signed in by code just now, on a device of this kind."""

    def signed_in(kind: str, member: Membership = cast.ada) -> Client:
        client = Client(HTTP_HOST="127.0.0.1")
        client.post(ASK, {"email": member.person.email, "device_kind": kind})
        client.post(CONFIRM, {"code": AccountMail.objects.latest("pk").facts["code"]})
        return client

    return signed_in


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_an_own_device_is_signed_out_after_thirty_days_unused(signed_in: Callable, clock: Traveller) -> None:
    client = signed_in(OWN)
    clock.shift(timedelta(days=29, hours=23))
    assert is_in(client)

    clock.shift(timedelta(days=30, minutes=1))

    assert not is_in(client)


def test_use_does_not_move_the_absolute_limit(signed_in: Callable, clock: Traveller) -> None:
    client = signed_in(OWN)
    for _ in range(4):
        clock.shift(timedelta(days=24, hours=23))
        assert is_in(client)
        stored = Session.objects.get(pk=client.cookies[COOKIE].value)
        assert stored.expire_date <= NOW + timedelta(days=100, minutes=1)

    clock.shift(timedelta(hours=5))

    assert not is_in(client)


def test_a_shared_device_is_signed_out_after_twelve_hours(signed_in: Callable, clock: Traveller) -> None:
    client = signed_in(SHARED)
    clock.shift(timedelta(hours=11, minutes=59))
    assert is_in(client)

    clock.shift(timedelta(minutes=2))

    assert not is_in(client)


def test_the_cookie_of_a_shared_device_ends_with_the_browser(signed_in: Callable) -> None:
    own, shared = signed_in(OWN).cookies[COOKIE], signed_in(SHARED).cookies[COOKIE]

    assert (shared["max-age"], shared["expires"]) == ("", "")
    assert 99 * 86400 < own["max-age"] <= 100 * 86400
    assert own["httponly"]
    assert shared["httponly"]


def test_a_shorter_limit_holds_for_earlier_sessions(signed_in: Callable, settings: pytest.FixtureRequest) -> None:
    client = signed_in(OWN)
    settings.SESSION_IDLE_DAYS = 7
    assert is_in(client)
    assert Session.objects.get(pk=client.cookies[COOKIE].value).expire_date <= NOW + timedelta(days=7, minutes=1)

    settings.SESSION_ABSOLUTE_DAYS = 0

    assert not is_in(client)
    assert not Session.objects.filter(pk=client.cookies[COOKIE].value).exists()


def test_use_is_noted_once_an_hour(signed_in: Callable, clock: Traveller) -> None:
    client = signed_in(OWN)
    key = client.cookies[COOKIE].value

    def seen_until() -> object:
        assert is_in(client)
        return Session.objects.get(pk=key).expire_date

    first = seen_until()
    clock.shift(timedelta(minutes=50))
    assert seen_until() == first
    clock.shift(timedelta(minutes=20))
    assert seen_until() > first


def test_signing_in_changes_the_key(cast: Cast, clock: Traveller) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    client.post(ASK, {"email": "ada@acme.test"})
    before = client.cookies[COOKIE].value

    client.post(CONFIRM, {"code": AccountMail.objects.latest("pk").facts["code"]})

    assert client.cookies[COOKIE].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_fresh_proof_changes_the_key(signed_in: Callable, clock: Traveller) -> None:
    client = signed_in(OWN)
    clock.shift(timedelta(minutes=11))
    old = Client(HTTP_HOST="127.0.0.1")
    old.cookies[COOKIE] = before = client.cookies[COOKIE].value
    client.post("/accounts/proof/", {"proof-step": "send", "proof-to": "/account/"})

    client.post("/accounts/proof/", {"proof-code": AccountMail.objects.latest("pk").facts["code"]})

    assert client.cookies[COOKIE].value != before
    assert is_in(client)
    assert not is_in(old)
    assert UserSession.objects.get().session_key == client.cookies[COOKIE].value


def test_a_late_answer_does_not_take_the_new_cookie_away(signed_in: Callable) -> None:
    """A request that was under way while the key changed comes back after the new cookie."""
    late = Client(HTTP_HOST="127.0.0.1")
    late.cookies[COOKIE] = "a" * 32

    answer = late.get("/o/acme/today/", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/accounts/login/?next=")
    assert COOKIE not in answer.cookies


def test_signing_out_takes_the_cookie_away(signed_in: Callable) -> None:
    client = signed_in(OWN)

    answer = client.post("/accounts/logout/")

    assert answer.cookies[COOKIE].value == ""


def test_ended_sessions_are_deleted(signed_in: Callable, clock: Traveller) -> None:
    signed_in(SHARED)
    own = signed_in(OWN)

    forget_ended(now=NOW + timedelta(hours=13))

    assert [row.session_key for row in UserSession.objects.all()] == [own.cookies[COOKIE].value]
    assert Session.objects.filter(pk=own.cookies[COOKIE].value).exists()


def test_a_second_step_keeps_the_choice_of_the_first(cast: Cast, signed_in: Callable) -> None:
    TOTP.activate(cast.ada.person, generate_totp_secret())
    codes = RecoveryCodes.activate(cast.ada.person).get_unused_codes()
    client = signed_in(SHARED)

    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert client.cookies[COOKIE]["max-age"] == ""
    assert b"data-shared-device" in client.get("/account/").content


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/login/code/", "/invitation/acme/token/"])
def test_every_way_in_asks_whose_device_it_is(page: str, cast: Cast, signed_in: Callable) -> None:
    """Own is suggested, until somebody in this browser says shared."""
    with within(cast.acme):
        InvitationFactory(membership=cast.ada, token_hash=token_hash("token"))
    shared = signed_in(SHARED)
    shared.post("/accounts/logout/")

    checked = [
        re.findall(r'name="device_kind"\s+value="(\w+)"[^>]*checked', client.get(page).content.decode())
        for client in (Client(HTTP_HOST="127.0.0.1"), shared)
    ]

    assert checked == [[OWN], [SHARED]]


def test_the_list_of_devices_says_which_is_shared_and_when_each_ends(signed_in: Callable) -> None:
    signed_in(SHARED)

    page = with_plain_dates(signed_in(OWN).get("/accounts/sessions/"))

    assert "Shared device: ends in 11\xa0hours" in page or "Shared device: ends in 12\xa0hours" in page
    assert (
        "Your own device: ends on 10 April 2026 if you don’t use it before, and on 19 June 2026 at the latest." in page
    )
    assert page.count("This device</span>") == 1


def test_the_list_of_devices_asks_no_more_for_many(cast: Cast, signed_in: Callable, count_queries: Callable) -> None:
    client = signed_in(OWN)
    few = len(count_queries(lambda: client.get("/accounts/sessions/")))
    for _ in range(5):
        signed_in(SHARED)

    assert len(count_queries(lambda: client.get("/accounts/sessions/"))) == few <= 12


def test_sign_ins_are_logged_by_id_and_failed_ones_too(
    cast: Cast, clock: Traveller, monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest
) -> None:
    TOTP.activate(cast.ada.person, generate_totp_secret())
    codes = RecoveryCodes.activate(cast.ada.person).get_unused_codes()
    client = Client(HTTP_HOST="127.0.0.1")
    nobody = Client(HTTP_HOST="127.0.0.1")

    with capture_logs() as lines:
        nobody.post(ASK, {"email": "nobody@acme.test"})
        nobody.post(CONFIRM, {"code": "WRNG-CDWR"})
        client.post(ASK, {"email": "ada@acme.test", "device_kind": SHARED})
        client.post(CONFIRM, {"code": "WRNG-CDWR"})
        client.post(CONFIRM, {"code": AccountMail.objects.latest("pk").facts["code"]})
        client.post("/accounts/2fa/authenticate/", {"code": "123456"})
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})

    ada = cast.ada.person_id
    ours = [line for line in lines if line["event"] in ("signed_in", "proof_refused")]
    told = [(line["event"], line.get("way") or line["ways"], line["person_id"]) for line in ours]
    assert told == [
        ("proof_refused", "code", None),
        ("proof_refused", "code", ada),
        ("proof_refused", "app", ada),
        ("signed_in", "code+recovery_codes", ada),
    ]
    assert ours[-1]["is_shared"]
    assert not re.search("acme.test|WRNG|123456", repr(ours))
