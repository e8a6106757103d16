"""One SMTP connection: writes groups of commands, reads replies, enforces timeouts."""

import re
import select
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import NamedTuple

DOT_SHARE = 1.0  # ten minutes
COMMAND_SHARE = 0.5  # five minutes: greeting, MAIL, RCPT and what else opens a connection
DATA_SHARE = 0.2  # two minutes
FAREWELL_SHARE = 0.1  # ours: every outcome is known by then

# One TLS record. A send that fails has then delivered nothing the server could read, so we know whether the dot left.
CHUNK = 16_384
MAX_REPLY_BYTES = 65_536
MAX_REPLY_TEXT_BYTES = 500

# The replies to nearly every envelope, matched at once.
AGREED = re.compile(rb"2\d\d [^\r\n]*\r\n2\d\d [^\r\n]*\r\n354 [^\r\n]*\r\n").match


@dataclass(frozen=True)
class Server:
    """The mail server, as parsed from EMAIL_URL. `timeout` (seconds) limits each exchange.

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


class ConnectionLost(Exception):
    """The connection is lost.

    `code` is 421 if the server announced it; `is_final` if a new connection would fail, too.
    """

    def __init__(self, text: str, *, code: int | None = None, is_final: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.is_final = is_final


class Reply(NamedTuple):
    """A server's answer; `text` is what follows the code on each line."""

    code: int
    text: bytes

    @property
    def sentence(self) -> str:
        """The reply's text as one sentence."""
        return _readable(self.text)


class Connection:
    """A connection after EHLO, STARTTLS and AUTH. Once lost, every further call raises ConnectionLost."""

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
        """Let smtplib do EHLO, TLS and AUTH, then take over its socket. Raises ConnectionLost."""
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
        """Whether there is anything to read between messages, which can only be a disconnect."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def write(self, data: bytes) -> int:
        """Number of bytes sent; fewer than given means the connection is lost."""
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
        """Read the next reply within `share` of the timeout, and within the whole timeout since the last write."""
        if self.lost is not None:
            raise self.lost
        line = self._line(share)
        text = line[4:]
        while line[3:4] == b"-" and len(text) <= MAX_REPLY_BYTES:
            line = self._line(share)
            text = text + b" " + line[4:]
        code = line[:3]
        if not code.isdigit() or len(text) > MAX_REPLY_BYTES:
            raise self.lose("the server's reply makes no sense")
        if code == b"421":
            self.lose(_readable(text), code=421, is_final=True)
        return Reply(int(code), text)

    def agrees(self) -> bool:
        """Whether all replies to an envelope have arrived and accept it; consumes them if so."""
        agreed = AGREED(self._buffer, self._position)
        if agreed is not None:
            self._position = agreed.end()
        return agreed is not None

    def lose(self, text: str, *, code: int | None = None, is_final: bool = False) -> ConnectionLost:
        """Close the socket. Returns the exception to raise."""
        self.lost = ConnectionLost(text, code=code, is_final=is_final)
        self._buffer, self._position = b"", 0
        self._socket.close()
        return self.lost

    def quit(self) -> None:
        """Send QUIT and close without needing an answer."""
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
        if not received or len(self._buffer) - self._position > MAX_REPLY_BYTES:
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
    """Connect and greet. Returns the socket and whether PIPELINING is offered.

    Each address gets half the timeout, so that a host with two dead addresses fails within the whole.
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
    sock: socket.socket = greeter.sock  # type: ignore[assignment]  # set by the greeting
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock, greeter.has_extn("pipelining")


def _readable(text: bytes) -> str:
    return text[:MAX_REPLY_TEXT_BYTES].decode("ascii", "replace").strip()


@cache
def own_name() -> str:
    """This machine's host name for EHLO, looked up once because DNS may be slow."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


@cache
def trusted_context() -> ssl.SSLContext:
    """The system's trusted CAs, read once: loading them takes longer than sending many messages."""
    return ssl.create_default_context()
