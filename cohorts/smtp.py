"""Bulk mail over SMTP in one round trip per message.

A mailing library waits four times per message: after MAIL, RCPT, DATA and the final dot. When the server offers
PIPELINING (RFC 2920), `Pipeline` writes the rest of one message together with MAIL, RCPT and DATA of the next, and then
reads all four replies, each of which still decides about its own message. Without the offer it goes step by step.

What a caller may rely on:

- Every message given gets exactly one `Outcome`, at whatever step the server refuses, hangs up or falls silent.
- At most one message per connection is ever between its final dot and the server's answer. Only that one can become
  `AMBIGUOUS`; the envelope travelling with it has sent no content yet and is at worst `TRANSIENT`.
- No exchange outlasts `Server.timeout`. After silence or a 421 nothing more is attempted in that `send`.
- Nothing here logs an address or a line of content: keys, kinds and codes only. `Outcome.text` is the server's own
  sentence and often quotes the recipient, so it belongs on an admin's page and not in a log either.
"""

import logging
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

logger = logging.getLogger(__name__)

Key = TypeVar("Key")


class Kind(StrEnum):
    """What became of a message."""

    SENT = "sent"  # the server answered the final dot with 2xx and owns the message now
    TRANSIENT = "transient"  # not accepted; worth another attempt later
    PERMANENT = "permanent"  # refused for good
    AMBIGUOUS = "ambiguous"  # handed over completely, but no answer came: it may or may not have been accepted


class Outgoing(NamedTuple, Generic[Key]):
    """One message: `content` is 7-bit, headers and body. Its line ends and leading dots are put right.

    `is_ready` promises that there is nothing to put right: CRLF only, also at the end, and no line begins with a dot.
    `cohorts.segments` makes such content; checking it again would cost as much as rendering it.
    """

    key: Key
    sender: str
    recipient: str
    content: bytes
    is_ready: bool = False


class Outcome(NamedTuple, Generic[Key]):
    """What became of the message with this key; `code` is None when the server did not say."""

    key: Key
    kind: Kind
    code: int | None
    text: str


@dataclass(frozen=True)
class Server:
    """Where to send, as parsed from EMAIL_URL. `timeout` (seconds) is the longest wait for any one exchange.

    It stands for the ten minutes that RFC 5321 allows after the final dot; other steps get their share of it.
    `hello` is the name given in EHLO, this machine's own when empty.
    """

    host: str
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False
    timeout: float = 30.0
    hello: str = ""
    context: ssl.SSLContext | None = field(default=None, repr=False)


class Unsendable(ValueError):
    """The message cannot be put on the wire as it is; no server was asked."""


class ConnectionLost(Exception):
    """No more will be heard from this server on this connection.

    `code` is 421 when the server said so itself; `is_final` when a new connection would not do better.
    """

    def __init__(self, text: str, *, code: int | None = None, is_final: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.is_final = is_final


class Reply(NamedTuple):
    code: int
    text: bytes


class Step(NamedTuple):
    """The first digit of the reply that lets us go on, and its share of the timeout (RFC 5321 4.5.3.2)."""

    expected: int
    share: float


DOT_SHARE = 1.0  # ten minutes
COMMAND_SHARE = 0.5  # five minutes: greeting, MAIL, RCPT and what else opens a connection
DATA_SHARE = 0.2  # two minutes
FAREWELL_SHARE = 0.1  # ours: every outcome is known by then

ENVELOPE = (Step(2, COMMAND_SHARE), Step(2, COMMAND_SHARE), Step(3, DATA_SHARE))  # MAIL, RCPT, DATA
RESET = Step(2, COMMAND_SHARE)

# One TLS record. A send that fails has then delivered nothing the server could read, so we know whether the dot left.
CHUNK = 16_384
LONGEST_REPLY = 65_536
LONGEST_TEXT = 500
FRUITLESS_CONNECTIONS = 2

# Refusals of ours, not of the message: a mistyped password must not end anybody's ninety days.
ABOUT_US = frozenset({530, 534, 535, 538})

ADDRESS = re.compile(r"""(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+|"(?:[ !#-\[\]-~]|\\[ -~])+")@[A-Za-z0-9.:\[\]-]+""")
LINE_END = re.compile(rb"\r\n|\r|\n")
# What nearly every envelope is answered with, taken in at one glance.
AGREED = re.compile(rb"2\d\d [^\r\n]*\r\n2\d\d [^\r\n]*\r\n354 [^\r\n]*\r\n").match


def ascii_address(address: str) -> str:
    """The address as it travels: an international domain in its ASCII form. Raises Unsendable."""
    if not address.isascii():
        local, at, domain = address.rpartition("@")
        try:
            address = f"{local}{at}{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            raise Unsendable("not an e-mail domain") from None
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise Unsendable("not an address that plain SMTP can carry")
    return address


def wire_form(content: bytes) -> bytes:
    """The content with CRLF line ends only, leading dots doubled and the final dot. Raises Unsendable.

    Lone CR and LF are never passed on: servers disagree about them, and a message could smuggle in a second one.
    """
    if not content.isascii() or b"\0" in content:
        raise Unsendable("content is not 7-bit")
    ends = content.count(b"\r\n")
    if content.count(b"\n") != ends or content.count(b"\r") != ends:
        content = LINE_END.sub(b"\r\n", content)
    if b"\n." in content or content.startswith(b"."):
        content = (b"\n" + content).replace(b"\n.", b"\n..")[1:]
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


@cache
def own_name() -> str:
    """This machine's full name for EHLO. Asked once: the answer may come from a slow name server."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


@cache
def trusted_context() -> ssl.SSLContext:
    """Knows the authorities this machine trusts; reading them takes longer than many messages."""
    return ssl.create_default_context()


class Letter(NamedTuple, Generic[Key]):
    """A message checked and ready for the wire: MAIL, RCPT and DATA; content and final dot."""

    key: Key
    envelope: bytes
    body: bytes


def as_letter(message: Outgoing[Key]) -> Letter[Key]:
    """Raises Unsendable."""
    sender = ascii_address(message.sender) if message.sender else ""
    envelope = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{ascii_address(message.recipient)}>\r\nDATA\r\n"
    body = message.content + b".\r\n" if message.is_ready else wire_form(message.content)
    return Letter(message.key, envelope.encode("ascii"), body)


class Connection:
    """One connection after EHLO, STARTTLS and AUTH. Once lost it stays lost and says so each time it is asked."""

    def __init__(self, sock: socket.socket, *, pipelining: bool, timeout: float) -> None:
        self.pipelining = pipelining
        self.announced = 0
        self.needs_reset = False
        self.lost: ConnectionLost | None = None
        self._socket = sock
        self._timeout = timeout
        self._deadline = 0.0
        self._buffer = b""
        self._position = 0

    @classmethod
    def open(cls, server: Server) -> "Connection":
        """The standard library says hello, secures and signs in; we take over its socket. Raises ConnectionLost."""
        try:
            sock, pipelining = _greet(server)
        except smtplib.SMTPResponseException as error:
            text = _readable(error.smtp_error) if isinstance(error.smtp_error, bytes) else error.smtp_error
            raise ConnectionLost(text, code=error.smtp_code) from error
        except (OSError, ValueError) as error:
            raise ConnectionLost(f"no connection: {error.__class__.__name__}") from error
        return cls(sock, pipelining=pipelining, timeout=server.timeout)

    @property
    def is_stale(self) -> bool:
        """Between messages a server has nothing to tell us but goodbye."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def write(self, data: bytes) -> int:
        """How many bytes left us; fewer than given means lost."""
        if self.lost is not None:
            return 0
        self._deadline = monotonic() + self._timeout
        written = 0
        try:
            while written < len(data):
                self._be_patient(self._deadline)
                written += self._socket.send(data[written : written + CHUNK])
        except OSError as error:
            self._note_failure(error)
        return written

    def reply(self, share: float) -> Reply:
        """The next reply, which may take `share` of the timeout but not longer than the whole since the last write."""
        if self.lost is not None:
            raise self.lost
        line = self._line(share)
        text = line[4:]
        while line[3:4] == b"-" and len(text) <= LONGEST_REPLY:
            line = self._line(share)
            text = text + b" " + line[4:]
        code = line[:3]
        if not code.isdigit() or len(text) > LONGEST_REPLY:
            raise self.lose("the server's reply makes no sense")
        if code == b"421":
            self.lose(_readable(text), code=421, is_final=True)
        return Reply(int(code), text)

    def agrees(self) -> bool:
        """Whether a whole envelope is already answered as hoped; takes in those answers."""
        agreed = AGREED(self._buffer, self._position)
        if agreed is not None:
            self._position = agreed.end()
        return agreed is not None

    def lose(self, text: str, *, code: int | None = None, is_final: bool = False) -> ConnectionLost:
        """Hangs up; returns the reason, to be raised where that is of use."""
        self.lost = ConnectionLost(text, code=code, is_final=is_final)
        self._buffer, self._position = b"", 0
        self._socket.close()
        return self.lost

    def quit(self) -> None:
        """Says goodbye and hangs up; an answer is polite but not needed."""
        self.write(b"QUIT\r\n")
        try:
            self.reply(FAREWELL_SHARE)
        except ConnectionLost:
            return
        self._socket.close()

    def _line(self, share: float) -> bytes:
        while (end := self._buffer.find(b"\n", self._position)) < 0:
            self._receive(share)
        line = self._buffer[self._position : end]
        self._position = end + 1
        return line

    def _receive(self, share: float) -> None:
        try:
            self._be_patient(min(self._deadline, monotonic() + share * self._timeout))
            received = self._socket.recv(4096)
        except OSError as error:
            raise self._note_failure(error) from error
        if not received or len(self._buffer) - self._position > LONGEST_REPLY:
            raise self.lose("the server hung up")
        self._buffer = self._buffer[self._position :] + received
        self._position = 0

    def _be_patient(self, until: float) -> None:
        remaining = until - monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)

    def _note_failure(self, error: OSError) -> ConnectionLost:
        if isinstance(error, TimeoutError):
            return self.lose("the server fell silent", is_final=True)
        return self.lose(f"connection lost: {error.__class__.__name__}")


def _greet(server: Server) -> tuple[socket.socket, bool]:
    """The socket, and whether PIPELINING is offered.

    Each step has half the timeout, so that a machine with two dead addresses ends within the whole.
    """
    context = server.context or (trusted_context() if server.use_ssl or server.use_tls else None)
    name, patience = server.hello or own_name(), server.timeout * COMMAND_SHARE
    greeter: smtplib.SMTP = (
        smtplib.SMTP_SSL(server.host, server.port, name, timeout=patience, context=context)
        if server.use_ssl
        else smtplib.SMTP(server.host, server.port, name, timeout=patience)
    )
    try:
        greeter.ehlo_or_helo_if_needed()
        if server.use_tls:
            greeter.starttls(context=context)
            greeter.ehlo_or_helo_if_needed()
        if server.username:
            greeter.login(server.username, server.password)
    except BaseException:
        greeter.close()
        raise
    sock: socket.socket = greeter.sock  # type: ignore[assignment]  # it has one since it was greeted
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock, greeter.has_extn("pipelining")


def _readable(text: bytes) -> str:
    return text[:LONGEST_TEXT].decode("ascii", "replace").strip()


def _kind_at_dot(code: int) -> Kind:
    return {2: Kind.SENT, 4: Kind.TRANSIENT, 5: Kind.PERMANENT}.get(code // 100, Kind.AMBIGUOUS)


def _kind_of_refusal(code: int) -> Kind:
    return Kind.PERMANENT if code // 100 == 5 and code not in ABOUT_US else Kind.TRANSIENT


class Pipeline(Generic[Key]):
    """Sends messages over one connection at a time, a fresh one after `recycle_after` messages as servers ask for.

    Not to be shared between threads or processes. The connection stays open between calls of `send`; `close` it.

    Between two connections the policy is: a connection that breaks is replaced, because one message may have upset
    the server; after two in a row without a message accepted, after silence, after 421 and when no connection can be
    had, the rest of that `send` is TRANSIENT and not attempted. Whatever happens before the first MAIL, a refused
    password for instance, is TRANSIENT too: it says nothing about the messages.
    """

    def __init__(self, server: Server, *, recycle_after: int = 100) -> None:
        self._server = server
        self._recycle_after = recycle_after
        self._connection: Connection | None = None
        self._waiting: Letter[Key] | None = None  # its envelope is accepted, its content not yet sent
        self._stopped: ConnectionLost | None = None
        self._fruitless = 0

    def __enter__(self) -> "Pipeline[Key]":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def send(self, messages: Iterable[Outgoing[Key]]) -> Iterator[Outcome[Key]]:
        """Yields each message's outcome as soon as it is known; messages are taken one ahead of that.

        When taking the next message raises, the one on its way is finished first. A reader who stops early, and an
        exception that strikes inside (a time limit, Ctrl-C), leave the message on its way without an outcome, as a
        crash would: its lease settles it.
        """
        self._stopped, self._fruitless = None, 0
        self._drop_if(self._connection is not None and self._connection.is_stale)
        try:
            for message in messages:
                yield from self._accept(message)
        except Exception:
            self._drop_if(self._waiting is None)
            yield from self._finish()
            raise
        except BaseException:
            self._drop_if(True)
            raise
        yield from self._finish()

    def close(self) -> None:
        """Says goodbye to the server; `send` opens a new connection when needed."""
        connection, self._connection, self._waiting = self._connection, None, None
        if connection is not None:
            connection.quit()

    def _accept(self, message: Outgoing[Key]) -> list[Outcome[Key]]:
        try:
            letter = as_letter(message)
        except Unsendable as error:
            return [_outcome(message.key, Kind.PERMANENT, None, str(error))]
        outcomes: list[Outcome[Key]] = []
        if self._connection is not None and self._connection.announced >= self._recycle_after:
            outcomes = self._finish()
            self.close()
        connection = self._open()
        if connection is None:
            return [*outcomes, self._not_attempted(letter)]
        return outcomes + self._exchange(connection, letter)

    def _finish(self) -> list[Outcome[Key]]:
        if self._connection is None or self._waiting is None:
            return []
        return self._exchange(self._connection, None)

    def _open(self) -> Connection | None:
        if self._connection is None and self._stopped is None:
            try:
                self._connection = Connection.open(self._server)
            except ConnectionLost as lost:
                logger.warning("SMTP connection refused, code %s", lost.code)
                self._stopped = lost
        return self._connection

    def _exchange(self, connection: Connection, letter: Letter[Key] | None) -> list[Outcome[Key]]:
        """One round trip: the content that waits, and the envelope of the letter after it."""
        finished, self._waiting = self._waiting, None
        body = finished.body if finished is not None else b""
        envelope = _envelope(connection, letter) if letter is not None else b""
        written = connection.write(body + envelope if connection.pipelining else body)
        outcomes = []
        if finished is not None:
            outcomes.append(self._settle(connection, finished, is_handed_over=written >= len(body)))
        if letter is not None and (refused := self._announce(connection, letter, envelope)):
            outcomes.append(refused)
        self._judge(connection)
        return outcomes

    def _settle(self, connection: Connection, letter: Letter[Key], *, is_handed_over: bool) -> Outcome[Key]:
        """The answer to the final dot decides; without it, whether the dot ever left us does."""
        try:
            reply = connection.reply(DOT_SHARE)
        except ConnectionLost as lost:
            kind = Kind.AMBIGUOUS if is_handed_over else Kind.TRANSIENT
            return _outcome(letter.key, kind, lost.code, str(lost))
        kind = _kind_at_dot(reply.code)
        if kind is Kind.SENT:
            self._fruitless = 0
            return Outcome(letter.key, kind, reply.code, _readable(reply.text))
        if kind is Kind.AMBIGUOUS:
            connection.lose("the server's reply makes no sense")
        return _outcome(letter.key, kind, reply.code, _readable(reply.text))

    def _announce(self, connection: Connection, letter: Letter[Key], envelope: bytes) -> Outcome[Key] | None:
        """The refusal of the envelope, or None and the letter's content goes with the next exchange."""
        refusal = _ask(connection, envelope)
        if refusal is None:
            self._waiting = letter
            return None
        connection.needs_reset = True
        if isinstance(refusal, ConnectionLost):
            return _outcome(letter.key, Kind.TRANSIENT, refusal.code, str(refusal))
        return _outcome(letter.key, _kind_of_refusal(refusal.code), refusal.code, _readable(refusal.text))

    def _judge(self, connection: Connection) -> None:
        """Whether to go on after a lost connection."""
        lost = connection.lost
        if lost is None:
            return
        logger.warning("SMTP connection lost after %d messages, code %s", connection.announced, lost.code)
        self._connection = None
        self._fruitless += 1
        if lost.is_final or self._fruitless >= FRUITLESS_CONNECTIONS:
            self._stopped = lost

    def _not_attempted(self, letter: Letter[Key]) -> Outcome[Key]:
        reason = self._stopped
        return Outcome(letter.key, Kind.TRANSIENT, reason.code if reason else None, f"not attempted: {reason}")

    def _drop_if(self, condition: bool) -> None:
        """Hangs up without a word: in the middle of an exchange any word would be taken for content."""
        if condition and self._connection is not None:
            self._connection.lose("dropped")
            self._connection = None
            self._waiting = None


def _envelope(connection: Connection, letter: Letter[Key]) -> bytes:
    connection.announced += 1
    if connection.needs_reset:
        connection.needs_reset = False
        return b"RSET\r\n" + letter.envelope
    return letter.envelope


def _ask(connection: Connection, envelope: bytes) -> Reply | ConnectionLost | None:
    """The first reply that says no. In a pipeline every step has been written and every reply must be read."""
    commands = envelope.splitlines(keepends=True)
    steps = ENVELOPE if len(commands) == len(ENVELOPE) else (RESET, *ENVELOPE)
    if connection.pipelining and steps is ENVELOPE and connection.agrees():
        return None
    refusal: Reply | None = None
    try:
        for step, command in zip(steps, commands, strict=True):
            if not connection.pipelining:
                if refusal is not None:
                    return refusal
                connection.write(command)
            reply = connection.reply(step.share)
            if refusal is None and reply.code // 100 != step.expected:
                refusal = _as_refusal(connection, step, reply)
        if refusal is not None and reply.code // 100 == 3:
            # 354 although nobody will receive it: an empty message, to no one, ends that.
            connection.write(b".\r\n")
            connection.reply(DOT_SHARE)
    except ConnectionLost as lost:
        return refusal or lost
    return refusal


def _as_refusal(connection: Connection, step: Step, reply: Reply) -> Reply:
    """The reply, if it can be one about the message. A server that will not start afresh is of no more use."""
    if reply.code // 100 not in (4, 5) or step is RESET:
        raise connection.lost or connection.lose("the server's reply makes no sense")
    return reply


def _outcome(key: Key, kind: Kind, code: int | None, text: str) -> Outcome[Key]:
    logger.info("message %s is %s, code %s", key, kind, code)
    return Outcome(key, kind, code, text)
