"""Send many messages over one connection, one round trip each."""

import logging
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple

from cohorts.mail.smtp.connection import COMMAND_SHARE, DATA_SHARE, DOT_SHARE, Connection, ConnectionLost, Reply, Server
from cohorts.mail.smtp.messages import Key, Kind, Outcome, Outgoing, Unsendable, WireMessage, as_wire_message

logger = logging.getLogger(__name__)

FRUITLESS_CONNECTIONS = 2

# Errors of our configuration, not of the message: a mistyped password must not mark mails as failed.
ABOUT_US = frozenset({530, 534, 535, 538})


class Exchange(NamedTuple):
    """The first digit of an accepting reply, and its share of the timeout (RFC 5321 §4.5.3.2)."""

    expected: int
    share: float


ENVELOPE = (Exchange(2, COMMAND_SHARE), Exchange(2, COMMAND_SHARE), Exchange(3, DATA_SHARE))  # MAIL, RCPT, DATA
RESET = Exchange(2, COMMAND_SHARE)


class Pipeline(Generic[Key]):
    """Sends messages over one connection at a time, renewed after `recycle_after` messages as servers ask for.

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
        self._waiting: WireMessage[Key] | None = None  # envelope accepted, content not yet sent
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
            for outgoing in messages:
                yield from self._accept(outgoing)
        except Exception:
            self._drop_if(self._waiting is None)
            yield from self._finish()
            raise
        except BaseException:
            self._drop_if(True)
            raise
        yield from self._finish()

    def close(self) -> None:
        """Quit; `send` opens a new connection when needed."""
        connection, self._connection, self._waiting = self._connection, None, None
        if connection is not None:
            connection.quit()

    def _accept(self, outgoing: Outgoing[Key]) -> list[Outcome[Key]]:
        try:
            message = as_wire_message(outgoing)
        except Unsendable as error:
            return [_outcome(outgoing.key, Kind.PERMANENT, None, str(error))]
        outcomes: list[Outcome[Key]] = []
        if self._connection is not None and self._connection.announced >= self._recycle_after:
            outcomes = self._finish()
            self.close()
        connection = self._open()
        if connection is None:
            return [*outcomes, self._not_attempted(message)]
        return outcomes + self._exchange(connection, message)

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

    def _exchange(self, connection: Connection, message: WireMessage[Key] | None) -> list[Outcome[Key]]:
        """One round trip: the waiting content, and the envelope of the next message."""
        finished, self._waiting = self._waiting, None
        body = finished.body if finished is not None else b""
        envelope = _envelope(connection, message) if message is not None else b""
        written = connection.write(body + envelope if connection.pipelining else body)
        outcomes = []
        if finished is not None:
            outcomes.append(self._settle(connection, finished, is_handed_over=written >= len(body)))
        if message is not None and (refused := self._announce(connection, message, envelope)):
            outcomes.append(refused)
        self._judge(connection)
        return outcomes

    def _settle(self, connection: Connection, message: WireMessage[Key], *, is_handed_over: bool) -> Outcome[Key]:
        """Decide by the reply to the final dot; without one, by whether the dot was sent."""
        try:
            reply = connection.reply(DOT_SHARE)
        except ConnectionLost as lost:
            kind = Kind.AMBIGUOUS if is_handed_over else Kind.TRANSIENT
            return _outcome(message.key, kind, lost.code, str(lost))
        kind = _kind_at_dot(reply.code)
        if kind is Kind.SENT:
            self._fruitless = 0
            return Outcome(message.key, kind, reply.code, reply.sentence)
        if kind is Kind.AMBIGUOUS:
            connection.lose("the server's reply makes no sense")
        return _outcome(message.key, kind, reply.code, reply.sentence)

    def _announce(self, connection: Connection, message: WireMessage[Key], envelope: bytes) -> Outcome[Key] | None:
        """The refusal of the envelope, or None and the message's content goes with the next exchange."""
        refusal = _ask(connection, envelope)
        if refusal is None:
            self._waiting = message
            return None
        connection.needs_reset = True
        if isinstance(refusal, ConnectionLost):
            return _outcome(message.key, Kind.TRANSIENT, refusal.code, str(refusal))
        return _outcome(message.key, _kind_of_refusal(refusal.code), refusal.code, refusal.sentence)

    def _judge(self, connection: Connection) -> None:
        """Whether to continue after a lost connection."""
        lost = connection.lost
        if lost is None:
            return
        logger.warning("SMTP connection lost after %d messages, code %s", connection.announced, lost.code)
        self._connection = None
        self._fruitless += 1
        if lost.is_final or self._fruitless >= FRUITLESS_CONNECTIONS:
            self._stopped = lost

    def _not_attempted(self, message: WireMessage[Key]) -> Outcome[Key]:
        reason = self._stopped
        return Outcome(message.key, Kind.TRANSIENT, reason.code if reason else None, f"not attempted: {reason}")

    def _drop_if(self, condition: bool) -> None:
        """Close without QUIT: in the middle of an exchange it would be read as content."""
        if condition and self._connection is not None:
            self._connection.lose("dropped")
            self._connection = None
            self._waiting = None


def _envelope(connection: Connection, message: WireMessage[Key]) -> bytes:
    connection.announced += 1
    if connection.needs_reset:
        connection.needs_reset = False
        return b"RSET\r\n" + message.envelope
    return message.envelope


def _ask(connection: Connection, envelope: bytes) -> Reply | ConnectionLost | None:
    """Send the commands and return the first refusal. In a pipeline, every reply must be read."""
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
            # 354 without an accepted recipient: end it with an empty message.
            connection.write(b".\r\n")
            connection.reply(DOT_SHARE)
    except ConnectionLost as lost:
        return refusal or lost
    return refusal


def _as_refusal(connection: Connection, step: Exchange, reply: Reply) -> Reply:
    """The reply, if it can be one about the message. A server that will not start afresh is of no more use."""
    if reply.code // 100 not in (4, 5) or step is RESET:
        raise connection.lost or connection.lose("the server's reply makes no sense")
    return reply


def _outcome(key: Key, kind: Kind, code: int | None, text: str) -> Outcome[Key]:
    logger.info("message %s is %s, code %s", key, kind, code)
    return Outcome(key, kind, code, text)


def _kind_at_dot(code: int) -> Kind:
    return {2: Kind.SENT, 4: Kind.TRANSIENT, 5: Kind.PERMANENT}.get(code // 100, Kind.AMBIGUOUS)


def _kind_of_refusal(code: int) -> Kind:
    return Kind.PERMANENT if code // 100 == 5 and code not in ABOUT_US else Kind.TRANSIENT
