"""Ready messages through one connection into Postfix's sink, against its own source and the standard library."""

import smtplib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cohorts.mail.smtp import Kind, Outgoing, Pipeline, Server
from tests.performance import letters
from tests.performance.harness import Bench, Contender, Target
from tests.performance.postfix import smtp_sink, smtp_source
from tests.smtp_server import SmtpServer

MESSAGES = 20_000
ENOUGH_FOR_THE_SLOW = 5_000
NEVER = 10**9
SENDER = letters.SENDER.address


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    mail = letters.compiled()
    messages = [
        Outgoing(number, SENDER, f"leader{number}@acme.test", mail.render(letters.values(number)), is_ready=True)
        for number in range(MESSAGES)
    ]
    verify(messages[:20])
    with smtp_sink() as port:
        yield {
            "pipelined": lambda: pipelined(port, messages, recycle_after=NEVER),
            "pipelined, a new connection every 100": lambda: pipelined(port, messages, recycle_after=100),
            "smtplib": lambda: lockstep(port, messages[:ENOUGH_FOR_THE_SLOW]),
            "smtp-source": lambda: smtp_source(port, messages=MESSAGES, content=messages[0].content),
        }


def verify(messages: list[Outgoing[int]]) -> None:
    """All deliver the very same bytes."""
    with SmtpServer() as ours, SmtpServer() as theirs, SmtpServer() as yardstick:
        pipelined(ours.port, messages, recycle_after=7)
        lockstep(theirs.port, messages)
        smtp_source(yardstick.port, messages=1, content=messages[0].content)
        contents = [message.content for message in messages]
        assert [message.content for message in ours.accepted] == contents
        assert [message.content for message in theirs.accepted] == contents
        assert yardstick.accepted[0].content == contents[0] + b"\r\n"  # it ends every message with an empty line


def pipelined(port: int, messages: list[Outgoing[int]], *, recycle_after: int) -> float:
    with Pipeline(Server("127.0.0.1", port, hello="client.test"), recycle_after=recycle_after) as pipeline:
        started = time.perf_counter()
        sent = sum(outcome.kind is Kind.SENT for outcome in pipeline.send(messages))
        duration = time.perf_counter() - started
    assert sent == len(messages)
    return sent / duration


def lockstep(port: int, messages: list[Outgoing[int]]) -> float:
    with smtplib.SMTP("127.0.0.1", port, "client.test") as connection:
        started = time.perf_counter()
        for message in messages:
            connection.sendmail(message.sender, [message.recipient], message.content)
        return len(messages) / (time.perf_counter() - started)


BENCH = Bench(
    title="Ready mails of 6 KB over one SMTP connection",
    unit="mails/s",
    reference="smtp-source",
    contenders=contenders,
    targets=(Target("pipelined, a new connection every 100", "smtp-source", 0.8), Target("pipelined", "smtplib", 2)),
    notes=("Sink and sender share the machine; smtp-source does not pipeline.",),
)
