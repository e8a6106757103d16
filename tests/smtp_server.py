"""A real SMTP server that misbehaves to order.

    with SmtpServer() as server:
        server.script.answer("RCPT", "450 4.2.0 Try later", recipient="ada@acme.test")
        server.script.drop("DOT", times=1)
        …
        assert server.accepted_ids == ["<nudge.1@embed90.test>"]

Steps, in the order a message meets them: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT (the first bytes of
the content have arrived, the dot has not), DOT (all has arrived, nothing is accepted), ACCEPTED (accepted and
recorded, the reply is not yet written), RSET, QUIT. A fault with a recipient applies only once that recipient has been
named, so at RCPT or later. Faults are tried in the order they were given; `times` limits one, `skip` lets that many
pass first.
"""

import base64
import contextlib
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

STEPS = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "DOT", "ACCEPTED", "RSET", "QUIT")


class Accepted(NamedTuple):
    """A message the server took responsibility for, dots unstuffed."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Fault:
    step: str
    reply: str | None = None  # None: no reply at all
    hangs_up: bool = False
    resets: bool = False
    hangs: bool = False
    drips: float = 0.0
    delay: float = 0.0
    recipient: str | None = None
    times: int | None = None
    skip: int = 0


@dataclass
class Script:
    """What goes wrong, where. May be changed while the server runs."""

    faults: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, step: str, reply: str, **when) -> None:
        """Answers with this reply, which may have several lines. A 421 hangs up after it, as servers do."""
        self._add(Fault(step, reply=reply, hangs_up=reply.startswith("421"), **when))

    def drop(self, step: str, *, resets: bool = False, **when) -> None:
        """Hangs up without a reply, politely or with a TCP reset."""
        self._add(Fault(step, hangs_up=True, resets=resets, **when))

    def hang(self, step: str, **when) -> None:
        """Falls silent until the client or the test gives up."""
        self._add(Fault(step, hangs=True, **when))

    def drip(self, step: str, pause: float, **when) -> None:
        """Gives a usual answer of many lines, a byte at a time with a pause after each."""
        self._add(Fault(step, reply="\r\n".join(["250-Still here"] * 8 + ["250 Done"]), drips=pause, **when))

    def delay(self, step: str, seconds: float, **when) -> None:
        """Goes on as usual, later."""
        self._add(Fault(step, delay=seconds, **when))

    def clear(self) -> None:
        with self._lock:
            self.faults.clear()

    def _add(self, fault: Fault) -> None:
        assert fault.step in STEPS, fault.step
        with self._lock:
            self.faults.append(fault)

    def next_fault(self, step: str, recipients: list[str]) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.step != step or (fault.recipient is not None and fault.recipient not in recipients):
                    continue
                if fault.skip:
                    fault.skip -= 1
                elif fault.times is None or fault.times > 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None


class Goodbye(Exception):
    """This conversation is over."""


class SmtpServer:
    """Serves on a free local port from `with` to its end, one thread per connection.

    `extensions` are the EHLO lines; leave PIPELINING out for a server of the old school. `trusting` answers DATA with
    354 even without a recipient. `read_size` and `write_size` cut the traffic into small pieces. `record` gets each
    accepted Message-ID as a line, on disk before the reply is written, so that it survives whatever the test kills.
    With `context` the server offers STARTTLS, or speaks TLS at once when `is_tls`; with `credentials` it offers AUTH.
    `commands` lists what clients said, `reads` counts how often the server had to wait for them.
    """

    def __init__(
        self,
        *,
        extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"),
        trusting: bool = False,
        read_size: int = 65_536,
        write_size: int | None = None,
        record: Path | None = None,
        context: ssl.SSLContext | None = None,
        is_tls: bool = False,
        credentials: tuple[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.extensions = extensions
        self.trusting = trusting
        self.read_size = read_size
        self.write_size = write_size
        self.context = context
        self.is_tls = is_tls
        self.credentials = credentials
        self.script = Script()
        self.accepted: list[Accepted] = []
        self.commands: list[str] = []
        self.connections = 0
        self.reads = 0
        self._record = record
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    @property
    def accepted_ids(self) -> list[str]:
        with self._lock:
            return [message.message_id for message in self.accepted]

    @property
    def is_over(self) -> bool:
        return self._is_over.is_set()

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[Accepted]:
        """The accepted messages, once there are that many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with self._lock:
                if len(self.accepted) >= count:
                    return list(self.accepted)
            time.sleep(0.01)
        raise AssertionError(f"{len(self.accepted)} of {count} messages after {seconds} s")

    def __enter__(self) -> "SmtpServer":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # closing alone would leave a waiting accept() listening
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def sleep(self, seconds: float | None) -> None:
        """Until the time is up or the server closes."""
        self._is_over.wait(seconds)

    def accept(self, message: Accepted) -> None:
        with self._lock:
            if self._record is not None:
                with self._record.open("a") as file:
                    file.write(f"{message.message_id}\n")
                    file.flush()
                    os.fsync(file.fileno())
            self.accepted.append(message)

    def note(self, command: str) -> None:
        with self._lock:
            self.commands.append(command)

    def note_read(self) -> None:
        with self._lock:
            self.reads += 1

    def _serve(self) -> None:
        while not self.is_over:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            if self.is_tls:
                connection = self.context.wrap_socket(connection, server_side=True)
            Conversation(self, connection).run()
        except (OSError, Goodbye):
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()


class Conversation:
    """The server's side of one connection."""

    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.is_secure = server.is_tls
        self._forget()

    def run(self) -> None:
        self._reply("CONNECT", "220 test.example ESMTP")
        for line in self._lines():
            verb = line.split(b" ")[0].split(b":")[0].upper().decode("ascii", "replace")
            self.server.note(verb)
            handler = getattr(self, f"_on_{verb.lower()}", None)
            if handler is None:
                self._write("502 5.5.2 Unknown command")
            else:
                handler(line.decode("ascii"))

    def _on_ehlo(self, line: str) -> None:
        self._forget()
        offers = list(self.server.extensions)
        if self.server.context is not None and not self.is_secure:
            offers.append("STARTTLS")
        if self.server.credentials is not None:
            offers.append("AUTH PLAIN")
        lines = ["test.example", *offers]
        ends = ["-"] * (len(lines) - 1) + [" "]
        self._reply("EHLO", "\r\n".join(f"250{end}{text}" for end, text in zip(ends, lines, strict=True)))

    def _on_helo(self, line: str) -> None:
        self._forget()
        self._write("250 test.example")

    def _on_starttls(self, line: str) -> None:
        self._reply("STARTTLS", "220 2.0.0 Go ahead")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.is_secure = True

    def _on_auth(self, line: str) -> None:
        _, username, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
        is_right = (username, password) == self.server.credentials
        self._reply("AUTH", "235 2.7.0 Welcome" if is_right else "535 5.7.8 Wrong password")

    def _on_mail(self, line: str) -> None:
        if self.sender is not None:
            self._write("503 5.5.1 Nested MAIL")
        elif self._reply("MAIL", "250 2.1.0 Ok"):
            self.sender = _path(line)

    def _on_rcpt(self, line: str) -> None:
        self.named.append(_path(line))
        if self.sender is None:
            self._write("503 5.5.1 Need MAIL")
        elif self._reply("RCPT", "250 2.1.5 Ok"):
            self.recipients.append(_path(line))

    def _on_data(self, line: str) -> None:
        if not self.recipients and not self.server.trusting:
            self._write("554 5.5.1 No valid recipients")
        elif self._reply("DATA", "354 Go ahead"):
            self._take(self._content())

    def _take(self, content: bytes) -> None:
        fault = self._fault("DOT")
        if fault is not None and fault.reply is not None:
            self._perform(fault)
        elif not self.recipients:
            self._write("554 5.5.1 No valid recipients")
        else:
            if fault is not None:
                self._perform(fault)
            message_id = message_from_bytes(content, policy=policy.default)["Message-ID"] or ""
            self.server.accept(Accepted(str(message_id), self.sender, tuple(self.recipients), content))
            self._reply("ACCEPTED", "250 2.0.0 Accepted")
        self._forget()

    def _on_rset(self, line: str) -> None:
        self._reply("RSET", "250 2.0.0 Ok")
        self._forget()

    def _on_quit(self, line: str) -> None:
        self._reply("QUIT", "221 2.0.0 Bye")
        raise Goodbye

    def _forget(self) -> None:
        self.sender: str | None = None
        self.named: list[str] = []
        self.recipients: list[str] = []

    def _fault(self, step: str) -> Fault | None:
        return self.server.script.next_fault(step, self.named)

    def _reply(self, step: str, usual: str) -> bool:
        """Writes the scripted reply or the usual one; whether the step went well."""
        fault = self._fault(step)
        if fault is not None:
            self._perform(fault)
            if fault.reply is not None:
                return fault.reply[0] in "23"
        self._write(usual)
        return True

    def _perform(self, fault: Fault) -> None:
        if fault.delay or fault.hangs:
            self.server.sleep(None if fault.hangs else fault.delay)
        if fault.reply is not None:
            self._write(fault.reply, pause=fault.drips)
        if fault.resets:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault.hangs_up or self.server.is_over:
            raise Goodbye

    def _write(self, reply: str, *, pause: float = 0.0) -> None:
        data = f"{reply}\r\n".encode("ascii")
        size = 1 if pause else self.server.write_size or len(data)
        for start in range(0, len(data), size):
            self.connection.sendall(data[start : start + size])
            if pause:
                self.server.sleep(pause)

    def _read(self) -> None:
        received = self.connection.recv(self.server.read_size)
        if not received:
            raise Goodbye
        self.server.note_read()
        self.buffer += received

    def _lines(self) -> Iterator[bytes]:
        while True:
            while (end := self.buffer.find(b"\r\n")) < 0:
                self._read()
            line = bytes(self.buffer[:end])
            del self.buffer[: end + 2]
            yield line

    def _content(self) -> bytes:
        """Up to the final dot, which only CRLF.CRLF is; the first line may already be the dot."""
        fault, searched = self._fault("CONTENT"), 0
        if fault is not None:
            if not self.buffer:
                self._read()
            self._perform(fault)
        received = bytearray(b"\r\n")
        while True:
            received += self.buffer
            self.buffer.clear()
            end = received.find(b"\r\n.\r\n", max(0, searched - 4))
            if end >= 0:
                self.buffer += received[end + 5 :]
                return bytes(received[2 : end + 2]).replace(b"\r\n..", b"\r\n.").removeprefix(b".")
            searched = len(received)
            self._read()


def _path(line: str) -> str:
    return line.partition("<")[2].rpartition(">")[0]
