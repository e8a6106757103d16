"""The web pages: the list, a mail, its HTML alone, and the same as JSON for tests."""

import ipaddress
import json
import os
import re
import socket
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from django.template import Context, Engine

from programme.local.mailbox.letter import Letter
from programme.local.mailbox.store import MailStore

FOLDER = Path(__file__).with_name("pages")
PAGE_SIZE = 50
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail is untrusted: it may style itself and open links, but not run scripts, submit forms or load anything.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
TYPES = {".css": "text/css", ".js": "text/javascript"}
_engine = Engine(dirs=[str(FOLDER)])


class Page(BaseHTTPRequestHandler):
    """One request; `server.store` holds the mails."""

    server: "PageServer"
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.query = {name: values[-1].strip() for name, values in parse_qs(address.query).items()}
        if not self._is_asked_by_address():
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "Open the mailbox by its IP address or as localhost.")
            return
        answer, arguments = _route(address.path)
        answer(self, *arguments)

    def list(self) -> None:
        recipient, words = self.query.get("to", ""), self.query.get("q", "")
        page = max(int(self.query["page"]), 1) if self.query.get("page", "").isdigit() else 1
        found = self.server.store.find(
            recipient=recipient, words=words, skip=(page - 1) * PAGE_SIZE, count=PAGE_SIZE + 1
        )

        def link(number: int) -> str:
            asked = {"to": recipient, "q": words, "page": str(number) if number > 1 else ""}
            return "/?" + urlencode({name: value for name, value in asked.items() if value})

        self._send_page(
            "list.html",
            mails=found[:PAGE_SIZE],
            recipient=recipient,
            words=words,
            newer=link(page - 1) if page > 1 else "",
            older=link(page + 1) if len(found) > PAGE_SIZE else "",
            total=f"{len(self.server.store):,}",
        )

    def mail(self, number: str) -> None:
        if letter := self._letter(number):
            self._send_page("mail.html", letter=letter, number=number)

    def mail_html(self, number: str) -> None:
        if letter := self._letter(number):
            self._send(b'<!doctype html><base target="_blank">' + letter.html.encode(), "text/html", policy=MAIL_POLICY)

    def mails_as_json(self) -> None:
        count = int(self.query["count"]) if self.query.get("count", "").isdigit() else PAGE_SIZE
        found = self.server.store.find(recipient=self.query.get("to", ""), words=self.query.get("q", ""), count=count)
        self._send_json([asdict(summary) for summary in found])

    def mail_as_json(self, number: str) -> None:
        if letter := self._letter(number):
            self._send_json(
                asdict(letter.summary)
                | {"headers": letter.headers, "text": letter.text, "html": letter.html, "links": letter.links}
            )

    def file(self, name: str) -> None:
        path = FOLDER / name
        self._send(path.read_bytes(), TYPES[path.suffix])

    def health(self) -> None:
        """Says who answers: another catcher may have taken the port meanwhile."""
        self._send(str(os.getpid()).encode(), "text/plain")

    def _letter(self, number: str) -> Letter | None:
        letter = self.server.store.letter(int(number))
        if letter is None:
            self._refuse(HTTPStatus.NOT_FOUND, "That mail is gone; only the newest are kept.")
        return letter

    def missing(self) -> None:
        self._refuse(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _is_asked_by_address(self) -> bool:
        """Refuse host names other than localhost: with DNS rebinding, a web site could read the sign-in codes."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host == "localhost"
        return True

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self._send_page("refusal.html", status=status, sentence=sentence)

    def _send_page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> None:
        page = _engine.get_template(template).render(Context(context))
        self._send(page.encode(), "text/html", status=status)

    def _send_json(self, content: object) -> None:
        self._send(json.dumps(content).encode(), "application/json")

    def _send(self, body: bytes, kind: str, *, status: HTTPStatus = HTTPStatus.OK, policy: str = OWN_POLICY) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Log nothing: the page polls every few seconds."""


ROUTES: list[tuple[str, Callable[..., None]]] = [
    (r"/", Page.list),
    (r"/(\d{1,9})", Page.mail),
    (r"/(\d{1,9})/html", Page.mail_html),
    (r"/api/messages", Page.mails_as_json),
    (r"/api/messages/(\d{1,9})", Page.mail_as_json),
    (r"/(mailbox\.css|mailbox\.js)", Page.file),
    (r"/health", Page.health),
]


def _route(path: str) -> tuple[Callable[..., None], tuple[str, ...]]:
    for pattern, answer in ROUTES:
        if match := re.fullmatch(pattern, path):
            return answer, match.groups()
    return Page.missing, ()


class PageServer(ThreadingHTTPServer):
    """One thread per request."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, store: MailStore, host: str, port: int) -> None:
        self.store = store
        super().__init__((host, port), Page)

    def server_bind(self) -> None:
        """As in the standard library, but without a DNS lookup of the own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]
