"""Coming in by a typed code: for whoever owns the address, and for nobody else, however often they try."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from cohorts.models import AccountMail, Person
from tests.cast import Cast

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser_of_nobody() -> Client:
    return Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)


def asked(client: Client, email: str, **more: str) -> str:
    """Ask for a code, and read it in the mail that waits to be sent."""
    client.post(ASK, {"email": email, **more})
    return AccountMail.objects.filter(address=email).latest("pk").facts["code"]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_code_from_the_mailbox_lets_in(cast: Cast, browser_of_nobody: Client) -> None:
    code = asked(browser_of_nobody, "ada@acme.test")

    browser_of_nobody.post(CONFIRM, {"code": code})

    assert is_in(browser_of_nobody)


def test_a_device_may_fill_in_the_code_and_a_pasted_one_keeps_no_spaces(cast: Cast, browser_of_nobody: Client) -> None:
    code = asked(browser_of_nobody, "ada@acme.test")
    assert 'autocomplete="one-time-code"' in browser_of_nobody.get(CONFIRM).content.decode()

    browser_of_nobody.post(CONFIRM, {"code": f"  {code.lower()} "})

    assert is_in(browser_of_nobody)


def test_after_five_wrong_codes_the_right_one_is_wrong_too(cast: Cast, browser_of_nobody: Client) -> None:
    code = asked(browser_of_nobody, "ada@acme.test")
    for _ in range(5):
        browser_of_nobody.post(CONFIRM, {"code": "WRNG-CDWR"})

    browser_of_nobody.post(CONFIRM, {"code": code})

    assert not is_in(browser_of_nobody)


def test_a_code_is_for_the_browser_that_asked(cast: Cast, browser_of_nobody: Client) -> None:
    code = asked(browser_of_nobody, "ada@acme.test")
    other = Client(HTTP_HOST="127.0.0.1")
    other.post(ASK, {"email": "zoe@zenith.test"})

    other.post(CONFIRM, {"code": code})

    assert not is_in(other)


def test_one_address_gets_six_codes_in_five_minutes(cast: Cast) -> None:
    for number in range(10):
        client = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=f"198.51.100.{number}")
        client.post(ASK, {"email": "ada@acme.test"})

    assert AccountMail.objects.count() == 6


def test_a_made_up_forwarded_address_escapes_no_limit(cast: Cast) -> None:
    answers = [
        Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").post(
            ASK, {"email": f"nobody{number}@firm.test"}
        )
        for number in range(45)
    ]

    assert sum(answer.status_code == 302 for answer in answers) == 40


def test_sign_in_does_not_reveal_known_addresses(cast: Cast, browser_of_nobody: Client) -> None:
    known = browser_of_nobody.post(ASK, {"email": "ada@acme.test"}, follow=True)
    unknown = Client(HTTP_HOST="127.0.0.1").post(ASK, {"email": "nobody@acme.test"}, follow=True)

    pages = [
        re.sub(r'"[0-9A-Za-z]{64}"|[0-9a-f-]{36}', "", page.content.decode()).replace(name, "SOMEBODY")
        for page, name in ((known, "ada@acme.test"), (unknown, "nobody@acme.test"))
    ]
    assert pages[0] == pages[1]
    assert known.redirect_chain == unknown.redirect_chain
    assert [mail.address for mail in AccountMail.objects.exclude(kind="nothing")] == ["ada@acme.test"]


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "https:evil.test", "\t//evil.test"],
)
def test_coming_in_leads_nowhere_else(elsewhere: str, cast: Cast, browser_of_nobody: Client) -> None:
    code = asked(browser_of_nobody, "ada@acme.test", next=elsewhere)

    answer = browser_of_nobody.post(CONFIRM, {"code": code, "next": elsewhere})

    assert is_in(browser_of_nobody)
    assert answer["Location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"])
@pytest.mark.parametrize("where", ["/language/", "/theme/"])
def test_a_preference_leads_nowhere_else(where: str, elsewhere: str, cast: Cast, browser_of_nobody: Client) -> None:
    answer = browser_of_nobody.post(where, {"language": "nb", "theme": "dark", "next": elsewhere})

    assert answer["Location"] == "/"


@pytest.mark.parametrize("page", ["email", "password/set", "password/change", "password/reset", "signup"])
def test_an_address_cannot_be_taken_over(page: str, cast: Cast, client_for: Callable) -> None:
    """Whoever could write another address on their account would be let in as its owner by the next import."""
    said = {"action_add": "", "action_primary": "", "email": "victim@firm.test", "password1": "x", "password2": "x"}

    assert client_for(cast.ada).post(f"/accounts/{page}/", said).status_code == 404
    assert Person.objects.get(pk=cast.ada.person_id).email == "ada@acme.test"
    assert not EmailAddress.objects.filter(email="victim@firm.test").exists()


def test_a_host_that_is_not_ours_gets_no_code(cast: Cast, browser_of_nobody: Client) -> None:
    answer = browser_of_nobody.post(ASK, {"email": "ada@acme.test"}, HTTP_HOST="evil.test")

    assert answer.status_code == 400
    assert not AccountMail.objects.exists()


def test_a_deactivated_person_is_signed_out_at_once(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)
    assert client.get(client.url("today")).status_code == 200

    Person.objects.filter(pk=cast.ada.person_id).update(is_active=False)

    assert client.get(client.url("today")).status_code == 302


def test_behind_a_proxy_each_visitor_has_a_limit_of_their_own(cast: Cast, settings: Any) -> None:
    """Otherwise a whole Monday's invitations would share the proxy's."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def opened(forwarded: str) -> int:
        return Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded).get("/invitation/acme/x/").status_code

    assert {opened(f"203.0.113.{number}") for number in range(70)} == {404}
    assert [opened(f"made.up.{number}, 203.0.113.99") for number in range(61)] == [404] * 60 + [429]


def test_a_new_passkey_signs_in_by_itself_unless_unticked(cast: Cast, client_for: Any) -> None:
    page = client_for(cast.ada).get("/accounts/2fa/webauthn/add/").content.decode()

    assert re.search(r'<input[^>]*name="passwordless"[^>]*checked', page)
