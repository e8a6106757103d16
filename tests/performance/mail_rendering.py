"""A personal mail from segments, against a template rendered and a message built for each person."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy

from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine

from tests.performance import letters
from tests.performance.harness import Bench, Contender, Target

MAILS = 20_000


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    mail = letters.compiled()
    text, html = (Engine().from_string(source) for source in (letters.TEXT, letters.HTML))
    people = [letters.values(number) for number in range(MAILS)]

    def django(values: Mapping[str, str]) -> bytes:
        message = EmailMultiAlternatives(
            letters.SUBJECT,
            text.render(Context(values)),
            f"{letters.SENDER.name} <{letters.SENDER.address}>",
            [values["to"]],
            headers={"Date": values["date"], "Message-ID": f"<{values['message_id']}>"},
        )
        message.attach_alternative(html.render(Context(values)), "text/html")
        return message.message().as_bytes(linesep="\r\n")

    verify(mail.render(people[1]), django(people[1]))
    yield {
        "segments": lambda: rate(mail.render, people),
        "Django, one by one": lambda: rate(django, people[: MAILS // 20]),
    }


def verify(ours: bytes, theirs: bytes) -> None:
    for part in ("plain", "html"):
        ours_says, theirs_says = (
            message_from_bytes(content, policy=policy.default).get_body([part]).get_content()
            for content in (ours, theirs)
        )
        assert ours_says == theirs_says, part
    assert 5_500 < len(ours) < 7_000, len(ours)


def rate(render, people) -> float:
    started = time.perf_counter()
    for values in people:
        render(values)
    return len(people) / (time.perf_counter() - started)


BENCH = Bench(
    title="Writing a personal mail of 6 KB",
    unit="mails/s, one core",
    reference="Django, one by one",
    contenders=contenders,
    targets=(Target("segments", "Django, one by one", 20),),
)
