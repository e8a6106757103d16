"""Account mails: written by the request, sent after its answer, once, and forgotten."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cohorts.access import account_mail_sending
from cohorts.access.account_mail import put_off
from cohorts.access.account_mail_sending import LEASE, forget_old, send_waiting
from cohorts.mail.outbox import MAX_ATTEMPTS
from cohorts.models import AccountMail, Person
from cohorts.models.mail import MailState
from programme import tasks
from tests.cast import Cast
from tests.smtp_server import SmtpServer
from tests.times import NOW

ASK = "/accounts/login/code/"


@pytest.fixture
def put(db: None) -> Callable[..., AccountMail]:
    def put(kind: str = "login_code", address: str = "ada@acme.test", language: str = "en") -> AccountMail:
        person = Person.objects.filter(email=address).first()
        put_off(kind=kind, address=address, person=person, facts={"code": "BCDF-GHJK"}, language=language, now=NOW)
        return AccountMail.objects.latest("pk")

    return put


def sent(after: timedelta = timedelta(0)) -> dict[str, int]:
    return {str(state): count for state, count in send_waiting(now=lambda: NOW + after).items()}


def test_a_code_arrives_in_the_language_of_the_page(put: Callable, smtp_server: SmtpServer) -> None:
    put(language="nb")

    assert sent() == {"sent": 1}

    message = message_from_bytes(smtp_server.accepted[0].content, policy=policy.default)
    assert smtp_server.accepted[0].recipients == ("ada@acme.test",)
    assert message["Subject"] == "Koden din til Embed90"
    assert "BCDF-GHJK" in message.get_body(("plain",)).get_content()
    assert "BCDF-GHJK" in message.get_body(("html",)).get_content()
    assert "BCDF" not in message["Subject"]


def test_a_sent_mail_keeps_no_code_and_is_not_sent_again(put: Callable, smtp_server: SmtpServer) -> None:
    mail = put()
    sent()

    assert sent(timedelta(hours=1)) == {}

    mail.refresh_from_db()
    assert (mail.state, mail.facts, mail.sent_at) == ("sent", {}, NOW)
    assert len(smtp_server.accepted) == 1


def test_nothing_is_written_but_not_sent(put: Callable, smtp_server: SmtpServer) -> None:
    mail = put("nothing", "nobody@firm.test")

    assert sent() == {"skipped": 1}

    mail.refresh_from_db()
    assert (mail.address, mail.facts) == ("", {})
    assert smtp_server.accepted == []


def test_a_code_is_not_sent_after_its_ten_minutes(put: Callable, smtp_server: SmtpServer) -> None:
    mail = put()

    assert sent(timedelta(minutes=10)) == {"skipped": 1}

    mail.refresh_from_db()
    assert (mail.reason, mail.facts) == ("expired", {})
    assert smtp_server.accepted == []


def test_a_mail_that_is_refused_for_now_is_tried_again(put: Callable, smtp_server: SmtpServer) -> None:
    smtp_server.script.answer("RCPT", "451 4.7.1 Later", times=1)
    mail = put()

    assert sent() == {"due": 1}
    mail.refresh_from_db()
    assert mail.facts == {"code": "BCDF-GHJK"}
    assert sent(timedelta(seconds=59)) == {}
    assert sent(timedelta(seconds=60)) == {"sent": 1}


def test_an_address_that_is_refused_fails_without_a_code_left(put: Callable, smtp_server: SmtpServer) -> None:
    smtp_server.script.answer("RCPT", "550 5.1.1 No such user")
    mail = put()

    assert sent() == {"failed": 1}

    mail.refresh_from_db()
    assert (mail.reason, mail.smtp_code, mail.facts) == ("refused", 550, {})


def test_without_a_mail_server_the_others_wait_for_the_next_minute(put: Callable, smtp_server: SmtpServer) -> None:
    smtp_server.script.answer("CONNECT", "421 Busy")
    for _ in range(3):
        put()

    assert sum(sent().values()) == 1


def test_a_held_mail_is_left_alone_until_its_lease_runs_out(put: Callable, smtp_server: SmtpServer) -> None:
    mail = put()
    AccountMail.objects.update(state=MailState.SENDING, attempts=1, lease_until=NOW + LEASE)

    assert sent() == {}
    assert sent(LEASE + timedelta(seconds=1)) == {"sent": 1}

    mail.refresh_from_db()
    assert mail.attempts == 2


def test_an_outcome_of_an_older_attempt_changes_nothing(
    put: Callable, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, send = put(), account_mail_sending._send

    def slow(*of: object) -> object:
        AccountMail.objects.update(attempts=2)  # somebody else claimed it meanwhile
        return send(*of)

    monkeypatch.setattr(account_mail_sending, "_send", slow)
    sent()

    mail.refresh_from_db()
    assert mail.state == MailState.SENDING


def test_a_mail_tried_too_often_is_given_up(put: Callable, smtp_server: SmtpServer) -> None:
    mail = put()
    AccountMail.objects.update(attempts=MAX_ATTEMPTS)

    assert sent() == {"failed": 1}

    mail.refresh_from_db()
    assert (mail.reason, mail.facts) == ("unreachable", {})


def test_the_worker_sends_what_was_left_and_forgets_yesterday(
    put: Callable, smtp_server: SmtpServer, clock: object
) -> None:
    put()
    old = put("nothing")
    AccountMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25), state="skipped")

    for _ in range(2):
        tasks.account_mails()

    assert [mail.state for mail in AccountMail.objects.all()] == ["sent"]
    assert len(smtp_server.accepted) == 1


def test_a_mail_of_today_is_not_forgotten(put: Callable) -> None:
    put()

    forget_old(now=NOW + timedelta(hours=24))

    assert AccountMail.objects.count() == 1


def test_no_address_and_no_code_is_logged(
    put: Callable, smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_server.script.answer("RCPT", "550 5.1.1 ada@acme.test unknown")
    put()

    sent()

    said = caplog.text
    assert "not delivered" in said
    assert "ada@" not in said
    assert "BCDF" not in said


def wait_until_sent(seconds: float = 10) -> list[str]:
    until = monotonic() + seconds
    while monotonic() < until:
        states = list(AccountMail.objects.values_list("state", flat=True))
        if states and "due" not in states and "sending" not in states:
            return states
        sleep(0.02)
    raise AssertionError("not sent in time")


@pytest.mark.django_db(transaction=True)
def test_the_web_process_sends_a_code_after_its_answer(cast: Cast, smtp_server: SmtpServer) -> None:
    """Without any worker, and with a mail server that takes its time: the answer does not wait for it."""
    smtp_server.script.delay("MAIL", 1.5)

    before = monotonic()
    answer = Client(HTTP_HOST="127.0.0.1").post(ASK, {"email": "ada@acme.test"})
    took = monotonic() - before

    assert answer.status_code == 302
    assert took < 1.5
    assert wait_until_sent() == ["sent"]
    assert smtp_server.accepted[0].recipients == ("ada@acme.test",)


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_send_each_mail_once(cast: Cast, smtp_server: SmtpServer) -> None:
    now = timezone.now()
    for number in range(12):
        put_off(
            kind="login_code",
            address=f"ada{number}@acme.test",
            person=None,
            facts={"code": "BCDF-GHJK"},
            language="en",
            now=now,
        )

    def work() -> None:
        send_waiting(now=timezone.now)
        connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    recipients = [accepted.recipients[0] for accepted in smtp_server.accepted]
    assert len(recipients) == len(set(recipients)) == 12
