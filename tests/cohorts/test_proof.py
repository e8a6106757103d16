"""Fresh proof: a code by mail, or the factor of those who have one, and back to what waited."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cohorts.models import AccountMail, Membership
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.proofs import prove

PROOF, SESSIONS, CODES = "/accounts/proof/", "/accounts/sessions/", "/accounts/2fa/recovery-codes/"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def stale(cast: Cast, client_for: Callable) -> Callable[[Membership], Client]:
    def stale(member: Membership) -> Client:
        client = client_for(member)
        prove(client, member.person, timezone.now() - timedelta(minutes=11))
        return client

    return stale


@pytest.fixture
def olav(cast: Cast, stale: Callable) -> Client:
    return stale(cast.olav)


def asked(client: Client, **more: str) -> str:
    """Ask for a code, and read it in the mail that waits."""
    client.post(PROOF, {"proof-step": "send", "proof-to": SESSIONS, **more})
    return AccountMail.objects.latest("pk").facts["code"]


def is_asked(answer: HttpResponse) -> bool:
    return answer.headers.get("Location", "").startswith(PROOF) or b'name="proof-to"' in answer.content


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_app(member: Membership) -> str:
    secret = generate_totp_secret()
    TOTP.activate(member.person, secret)
    return secret


def roles_of(member: Membership) -> list[str]:
    with within(member.organisation_id):
        return Membership.objects.get(pk=member.pk).roles


def test_a_code_from_the_mailbox_lets_go_on(olav: Client) -> None:
    code = asked(olav)

    answer = olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})

    assert (answer.status_code, answer["Location"]) == (302, SESSIONS)
    assert olav.get(SESSIONS).status_code == 200


def test_proof_is_good_for_ten_minutes(olav: Client, clock: object) -> None:
    olav.post(PROOF, {"proof-code": asked(olav), "proof-to": SESSIONS})
    clock.shift(timedelta(minutes=9, seconds=50))
    assert not is_asked(olav.get(SESSIONS))

    clock.shift(timedelta(seconds=20))

    assert is_asked(olav.get(SESSIONS))


def test_a_proof_from_the_future_does_not_count(cast: Cast, client_for: Callable) -> None:
    """A machine whose clock was wrong for an hour must not leave sessions that are fresh for an hour."""
    client = client_for(cast.olav)
    prove(client, cast.olav.person, timezone.now() + timedelta(hours=1))

    assert is_asked(client.get(SESSIONS))


def test_a_form_that_waits_goes_on_as_it_was_typed(cast: Cast, olav: Client) -> None:
    where = olav.url("member_new")
    typed = {"email": "new@acme.test", "name": 'Nils "N" <Ny>', "roles": ["coach", "admin"], "language": "nb"}
    page = olav.post(where, typed)
    assert page.status_code == 403
    assert b"Nils &quot;N&quot; &lt;Ny&gt;" in page.content
    waits = {**typed, "proof-to": where, "proof-form": "1"}
    code = asked(olav, **waits)

    olav.post(PROOF, {**waits, "proof-code": code}, follow=True)

    with within(cast.acme):
        member = Membership.objects.get(person__email="new@acme.test")
    assert (member.name, member.roles) == ('Nils "N" <Ny>', ["admin", "coach"])


def test_nothing_is_given_before_the_proof(cast: Cast, olav: Client) -> None:
    olav.post(olav.url("member_roles", cast.hana.pk), {"roles": ["admin", "owner"], "had": ["admin"], "sure": "on"})

    assert "owner" not in roles_of(cast.hana)


def test_nobody_new_is_made_admin_before_the_proof(cast: Cast, olav: Client) -> None:
    """`had` is a field of another form: here it must not hide the role that is given."""
    typed = {"email": "new@acme.test", "name": "New", "roles": ["admin"], "language": "en", "had": ["admin"]}
    olav.post(olav.url("member_new"), typed)

    with within(cast.acme):
        assert not Membership.objects.filter(person__email="new@acme.test").exists()


def test_a_role_without_power_needs_no_proof(cast: Cast, olav: Client) -> None:
    olav.post(olav.url("member_roles", cast.hana.pk), {"roles": ["admin", "coach"], "had": ["admin"]})

    assert "coach" in roles_of(cast.hana)


def test_a_download_is_offered_with_the_way_back(cast: Cast, olav: Client) -> None:
    export, list_page = olav.url("organisation_results_download"), olav.url("organisation_results")
    way = olav.get(export, headers={"Referer": f"http://127.0.0.1{list_page}"})["Location"]
    assert is_asked(olav.get(way))

    done = olav.post(PROOF, {"proof-code": asked(olav), "proof-to": export, "proof-back": list_page})

    assert f'href="{export}"'.encode() in done.content
    assert f'href="{list_page}"'.encode() in done.content
    assert olav.get(export)["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_proof_leads_nowhere_else(elsewhere: str, olav: Client) -> None:
    answer = olav.post(PROOF, {"proof-code": asked(olav), "proof-to": elsewhere, "proof-form": "1"})

    assert answer["Location"] == "/account/"


def test_the_fifth_wrong_code_ends_the_right_one(olav: Client) -> None:
    code = asked(olav)
    answers = [olav.post(PROOF, {"proof-code": "WRNG-CDWR", "proof-to": SESSIONS}).status_code for _ in range(5)]

    olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})

    assert answers == [422] * 5
    assert is_asked(olav.get(SESSIONS))


def test_a_code_works_once_and_for_ten_minutes(olav: Client, clock: object) -> None:
    code = asked(olav)
    olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})
    clock.shift(timedelta(minutes=11))
    olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})
    assert is_asked(olav.get(SESSIONS))

    late = asked(olav)
    clock.shift(timedelta(minutes=10, seconds=1))
    olav.post(PROOF, {"proof-code": late, "proof-to": SESSIONS})

    assert is_asked(olav.get(SESSIONS))


def test_a_code_is_for_the_session_that_asked(cast: Cast, olav: Client) -> None:
    code = asked(olav)
    other = Client(HTTP_HOST="127.0.0.1")
    other.force_login(cast.olav.person)

    other.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})

    assert is_asked(other.get(SESSIONS))


def test_no_code_waits_readable_in_the_database(olav: Client) -> None:
    code = asked(olav)

    assert code.replace("-", "").lower() not in json.dumps(UserSession.objects.get().data).lower()


def test_somebody_with_a_factor_gets_no_code_by_mail(cast: Cast, olav: Client) -> None:
    """A mailbox alone must not be enough to add another factor."""
    code = asked(olav)
    with_app(cast.olav)
    olav.post(PROOF, {"proof-step": "send", "proof-to": SESSIONS})
    assert AccountMail.objects.count() == 1

    olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})

    assert is_asked(olav.get(SESSIONS))


def test_a_sign_in_by_mail_is_no_proof_for_somebody_with_a_factor(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.olav)
    assert not is_asked(client.get(SESSIONS))

    with_app(cast.olav)

    assert is_asked(client.get(SESSIONS))


def test_a_code_from_the_app_is_proof(cast: Cast, olav: Client) -> None:
    secret = with_app(cast.olav)
    wrong = olav.post(PROOF, {"proof-code": "000000", "proof-to": SESSIONS})
    assert wrong.status_code == 422

    olav.post(PROOF, {"proof-code": app_code(secret), "proof-to": SESSIONS})

    assert not is_asked(olav.get(SESSIONS))


def test_a_recovery_code_is_proof_once(cast: Cast, olav: Client, clock: object) -> None:
    with_app(cast.olav)
    first, *_rest = RecoveryCodes.activate(cast.olav.person).generate_codes()
    olav.post(PROOF, {"proof-code": first, "proof-to": SESSIONS})
    assert not is_asked(olav.get(SESSIONS))
    clock.shift(timedelta(minutes=11))

    olav.post(PROOF, {"proof-code": first, "proof-to": SESSIONS})

    assert is_asked(olav.get(SESSIONS))


def test_ten_proofs_a_minute_and_no_more(cast: Cast, olav: Client) -> None:
    secret = with_app(cast.olav)
    for _ in range(10):
        olav.post(PROOF, {"proof-code": "000000", "proof-to": SESSIONS})

    assert olav.post(PROOF, {"proof-code": app_code(secret), "proof-to": SESSIONS}).status_code == 429


def test_signing_in_by_code_does_not_skip_the_app(cast: Cast) -> None:
    with_app(cast.ada)
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/accounts/login/code/", {"email": "ada@acme.test"})
    code = AccountMail.objects.latest("pk").facts["code"]

    answer = client.post("/accounts/login/code/confirm/", {"code": code})

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/o/acme/today/")["Location"].startswith("/accounts/login/")


def test_a_recovery_code_signs_in_once(cast: Cast) -> None:
    with_app(cast.ada)
    code, *_rest = RecoveryCodes.activate(cast.ada.person).generate_codes()

    def signed_in() -> bool:
        client = Client(HTTP_HOST="127.0.0.1")
        client.post("/accounts/login/code/", {"email": "ada@acme.test"})
        by_mail = AccountMail.objects.latest("pk").facts["code"]
        client.post("/accounts/login/code/confirm/", {"code": by_mail})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        return "_auth_user_id" in client.session

    assert [signed_in(), signed_in()] == [True, False]


def test_recovery_codes_are_shown_only_after_fresh_proof(cast: Cast, olav: Client) -> None:
    secret = with_app(cast.olav)
    one, *_rest = RecoveryCodes.activate(cast.olav.person).generate_codes()
    assert one.encode() not in olav.get(CODES, follow=True).content

    olav.post(PROOF, {"proof-code": app_code(secret), "proof-to": CODES})

    assert one.encode() in olav.get(CODES).content


@pytest.mark.django_db(transaction=True)
def test_forty_parallel_guesses_count_as_five(cast: Cast, olav: Client) -> None:
    code = asked(olav)
    tries: list[int] = []
    start = Barrier(40)

    def guess() -> None:
        start.wait()
        client = Client(HTTP_HOST="127.0.0.1")
        client.cookies = olav.cookies
        tries.append(client.post(PROOF, {"proof-code": "WRNG-CDWR", "proof-to": SESSIONS}).status_code)

    threads = [Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tries) == 40
    assert "proof_code" not in UserSession.objects.get().data
    olav.post(PROOF, {"proof-code": code, "proof-to": SESSIONS})
    assert is_asked(olav.get(SESSIONS))
    assert not Authenticator.objects.exists()
