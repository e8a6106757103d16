"""Whether an address has an account: no status, header, body, statement or amount of work tells."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.access import code_sign_in
from cohorts.access.account_mail_sending import send_waiting
from cohorts.models import AccountMail, Person
from tests.cast import Cast
from tests.smtp_server import SmtpServer
from tests.work import work

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
KNOWN, UNKNOWN, INACTIVE = "ada@acme.test", "eve@acme.test", "bob@acme.test"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def addresses(cast: Cast) -> tuple[str, str, str]:
    Person.objects.create_user(INACTIVE, is_active=False)
    return KNOWN, UNKNOWN, INACTIVE


def journey(email: str) -> list[Callable[[], HttpResponse]]:
    """Ask, look at the page, guess wrong until the last, ask again."""
    client = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=f"198.51.100.{len(email) + ord(email[0])}")
    guesses = [lambda: client.post(CONFIRM, {"code": "BCDF-GHJK"}) for _ in range(5)]
    return [
        lambda: client.post(ASK, {"email": email}),
        lambda: client.get(CONFIRM),
        *guesses,
        lambda: client.post(ASK, {"email": email.upper()}),
        lambda: client.get(CONFIRM),
    ]


def shape(statement: str) -> str:
    """A statement without its values."""
    return re.sub(r"'(?:[^']|'')*'(::\w+)?|\bNULL\b|\b\d+(\.\d+)?\b|\bs\d+_x\d+\b", "?", statement)


def seen(email: str) -> list[tuple[int, list[str], str, list[str]]]:
    """What each step of the journey answers, and which statements it runs."""
    found = []
    for step in journey(email):
        with CaptureQueriesContext(connection) as captured:
            answer = step()
        body = re.sub(r'"[0-9A-Za-z]{64}"|[0-9a-f-]{36}|[0-9a-f]{32}', "", answer.content.decode())
        headers = [f"{name}: {value}" for name, value in answer.items() if name not in {"Content-Length", "Expires"}]
        said = body.replace(email, "SOMEBODY").replace(email.upper(), "SOMEBODY")
        found.append((answer.status_code, headers, said, [shape(query["sql"]) for query in captured]))
    return found


def test_every_address_gets_the_same_answers_and_statements(addresses: tuple[str, ...]) -> None:
    seen("first@firm.test")  # caches fill

    known, unknown, inactive = [seen(email) for email in addresses]

    for one, other, third in zip(known, unknown, inactive, strict=True):
        assert one == other
        assert one == third
    assert len(known[0][3]) > 4


def test_at_the_limit_every_address_gets_the_same_answers(addresses: tuple[str, ...]) -> None:
    for email in addresses:
        for number in range(6):
            Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=f"203.0.113.{number}").post(ASK, {"email": email})

    known, unknown, inactive = [seen(email) for email in addresses]

    assert AccountMail.objects.count() == 18
    assert known == unknown
    assert known == inactive


def test_control_without_the_key_of_nobody_the_statements_differ(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_sign_in.CodeSignIn, "persist", code_sign_in.LoginCodeVerificationProcess.persist)

    assert seen(KNOWN) != seen(UNKNOWN)


def least_work(email: str) -> list[int]:
    """Of the first steps, each taken twice: a collection of garbage or a cache that is full adds some calls to one."""
    once, again = [[work(step) for step in journey(email)[:4]] for _time in range(2)]
    return [min(both) for both in zip(once, again, strict=True)]


def test_asking_is_the_same_work_for_every_address(addresses: tuple[str, ...]) -> None:
    for number in range(4):  # caches fill, statements are prepared
        for step in journey(f"{number}@firm.test")[:4]:
            step()

    done = {email: least_work(email) for email in addresses}

    for email in (UNKNOWN, INACTIVE):
        for theirs, other in zip(done[KNOWN], done[email], strict=True):
            assert abs(theirs - other) / theirs < 0.02, done


def test_writing_the_mail_is_the_same_work_for_every_address(
    addresses: tuple[str, ...], smtp_server: SmtpServer
) -> None:
    """It happens after the answer, in the same process: a request that comes next must not feel a difference."""
    from_known = journey(KNOWN)[0]
    from_known()
    send_waiting(now=timezone.now)

    done = []
    for email in (KNOWN, UNKNOWN):
        journey(email)[0]()
        done.append(work(lambda: send_waiting(now=timezone.now)))

    assert [accepted.recipients for accepted in smtp_server.accepted] == [(KNOWN,), (KNOWN,)]
    assert done[1] > 0.8 * done[0], done  # all but the conversation with the mail server


def test_a_right_guess_for_nobody_is_wrong(cast: Cast) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    client.post(ASK, {"email": UNKNOWN})

    answer = client.post(CONFIRM, {"code": AccountMail.objects.get().facts["code"]})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_password_is_not_looked_at(cast: Cast) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").post("/accounts/login/", {"login": KNOWN, "password": "x"})

    assert answer.status_code == 405
