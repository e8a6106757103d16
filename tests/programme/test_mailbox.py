"""The development mailbox: takes every mail at speed, and shows a stranger's document without trusting it."""

import http.client
import json
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from programme.local.data_directory import PROJECT, any_free_ports
from programme.local.mailbox.store import MailStore
from programme.local.processes import wait_for

pytestmark = pytest.mark.local

HOSTILE = "<script>alert('subject')</script> på norsk"


@dataclass
class Mailbox:
    folder: Path
    smtp_port: int
    page_port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.page_port, timeout=10)
        with closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read().decode()

    def api(self, path: str = "") -> Any:
        return json.loads(self.get(f"/api/messages{path}")[2])

    def send(self, *messages: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as connection:
            for message in messages:
                connection.send_message(message)


def start(folder: Path) -> Mailbox:
    smtp_port, page_port = any_free_ports(2)
    command = [sys.executable, "-m", "programme.local.mailbox", f"--folder={folder}"]
    process = subprocess.Popen(
        [*command, f"--smtp-port={smtp_port}", f"--page-port={page_port}"], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()  # said when it listens
    return Mailbox(folder, smtp_port, page_port, process)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    started = start(tmp_path / "mail")
    yield started
    started.process.terminate()
    assert started.process.wait(10) == 0


def mail(
    to: str = "ada@acme.example", subject: str = "Today’s nudge", text: str = "Try it.\n", html: str = ""
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Embed90 <nudge@embed90.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Mar 2026 08:00:00 +0100"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_mails_are_listed_newest_first_by_recipient_and_by_word(mailbox: Mailbox) -> None:
    mailbox.send(mail(subject="One"), mail(to="zoe@zenith.example", subject="Two"), mail(subject="Three på tide"))

    assert [found["subject"] for found in mailbox.api()] == ["Three på tide", "Two", "One"]
    assert [found["subject"] for found in mailbox.api("?to=ADA@acme.example")] == ["Three på tide", "One"]
    assert [found["subject"] for found in mailbox.api("?q=zenith+two")] == ["Two"]
    assert mailbox.api("?to=ada@acme")[:1] == []


def test_a_copy_that_no_header_names_is_found_by_its_envelope(mailbox: Mailbox) -> None:
    message = mail()
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port) as connection:
        connection.send_message(message, to_addrs=["hidden@acme.example"])

    assert [found["recipients"] for found in mailbox.api("?to=hidden@acme.example")] == [["hidden@acme.example"]]


@pytest.mark.parametrize("code", ["BCDF-GHJK", "BCD-FGH", "123456"])
def test_a_sign_in_code_is_found(mailbox: Mailbox, code: str) -> None:
    mailbox.send(mail(text=f"Hello,\n\nyour code:\n\n  {code}\n\nIt lives ten minutes.\n"))

    assert mailbox.api()[0]["code"] == code
    assert mailbox.api("/1")["code"] == code
    assert f'<strong class="code">{code}</strong>' in mailbox.get("/")[2]


def test_links_are_separated_from_surrounding_text(mailbox: Mailbox) -> None:
    mailbox.send(mail(text="See http://127.0.0.1:8090/o/acme/today/?a=1&b=2. Or (https://embed90.example/x).\n"))

    assert mailbox.api("/1")["links"] == ["http://127.0.0.1:8090/o/acme/today/?a=1&b=2", "https://embed90.example/x"]
    page = mailbox.get("/1")[2]
    assert '<a href="http://127.0.0.1:8090/o/acme/today/?a=1&amp;b=2" target="_blank" rel="noopener">' in page


def test_nothing_from_a_mail_becomes_markup_of_our_page(mailbox: Mailbox) -> None:
    mailbox.send(mail(subject=HOSTILE, text=HOSTILE, to='"<b>Ada</b>" <ada@acme.example>'))

    for path in ("/", "/1", "/?to=<script>&q=<script>"):
        status, headers, page = mailbox.get(path.replace("<", "%3C").replace(">", "%3E"))
        assert status == 200
        assert "<script>" not in page.replace('<script src="/mailbox.js" defer></script>', "")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_mails_own_html_is_shown_where_it_can_do_nothing(mailbox: Mailbox) -> None:
    mailbox.send(mail(html="<p>Hello</p><script>alert(1)</script>"))

    _, headers, document = mailbox.get("/1/html")
    _, _, page = mailbox.get("/1")

    policy = headers["Content-Security-Policy"]
    assert "<p>Hello</p>" in document
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_a_web_site_cannot_read_the_mailbox_under_its_own_name(mailbox: Mailbox) -> None:
    mailbox.send(mail(text="BCDF-GHJK\n"))

    status, _, page = mailbox.get("/", Host="rebound.example")

    assert status == 421
    assert "BCDF-GHJK" not in page
    assert mailbox.get("/", Host="localhost:8025")[0] == 200


@pytest.mark.parametrize("path", ["/2", "/api/messages/2", "/2/html", "/../store.py", "/nothing"])
def test_a_missing_mail_is_404(mailbox: Mailbox, path: str) -> None:
    assert mailbox.get(path)[0] == 404


def test_a_client_may_pipeline_and_use_any_alphabet(mailbox: Mailbox) -> None:
    body = "Subject: Blåbær\r\nFrom: a@b.example\r\n\r\n..dot\r\n.\r\n"
    commands = "MAIL FROM:<å@b.example> SMTPUTF8\r\nRCPT TO:<øy@acme.example>\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", mailbox.smtp_port)) as connection:
        lines = connection.makefile("rb")
        lines.readline()
        connection.sendall(b"EHLO test\r\n")
        offered = [lines.readline() for _ in range(6)]
        connection.sendall(commands.encode())
        assert [lines.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"]
        connection.sendall((body + commands).encode())
        assert [lines.readline()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        connection.sendall((body + "QUIT\r\n").encode())
        assert [lines.readline()[:3] for _ in range(2)] == [b"250", b"221"]

    assert {b"250-PIPELINING\r\n", b"250-8BITMIME\r\n", b"250-SMTPUTF8\r\n"} <= set(offered)
    assert [found["recipients"] for found in mailbox.api()] == [["øy@acme.example"]] * 2
    assert mailbox.api("/1")["text"].strip() == ".dot"


def test_mail_survives_a_restart(mailbox: Mailbox) -> None:
    mailbox.send(mail(subject="Before"))
    mailbox.process.terminate()
    mailbox.process.wait(10)

    again = start(mailbox.folder)
    again.send(mail(subject="After"))
    subjects = [(found["number"], found["subject"]) for found in again.api()]
    again.process.terminate()
    again.process.wait(10)

    assert subjects == [(2, "After"), (1, "Before")]


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    store = MailStore(tmp_path, limit=3)

    for number in range(5):
        store.add(mail(subject=f"Mail {number}").as_bytes(), sender="", recipients=["ada@acme.example"])

    assert [found.subject for found in store.find()] == ["Mail 4", "Mail 3", "Mail 2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000003.eml", "000000004.eml", "000000005.eml"]
    assert store.letter(1) is None


def test_hundreds_of_mails_on_one_connection_are_all_there(mailbox: Mailbox) -> None:
    content = mail(html="<p>Why it matters.</p>\n" * 200).as_bytes(policy=SMTP)

    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port) as connection:
        for _ in range(500):
            connection.sendmail("nudge@embed90.example", ["ada@acme.example"], content)

    assert len(mailbox.api("?count=3000")) == 500
    assert wait_for(lambda: mailbox.get("/")[0] == 200, 60)


def test_ports_found_together_are_different() -> None:
    assert len(set(any_free_ports(300))) == 300
