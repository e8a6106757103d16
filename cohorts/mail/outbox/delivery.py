"""Send the due mails of one kind and one organisation, a batch at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.errors import MessageError
from itertools import takewhile
from time import monotonic

import structlog

from cohorts.mail.outbox.kinds import MailKind, Row, Writer
from cohorts.mail.outbox.lease import Lease
from cohorts.mail.outbox.rows import claim, write_outcomes
from cohorts.mail.outbox.rules import SECONDS_OF_SENDING, Settled, give_back, settle, skip
from cohorts.mail.server import pipeline, sender
from cohorts.mail.smtp import Kind, Outcome, Outgoing
from cohorts.models import Organisation
from cohorts.models.mail import TROUBLE, MailState
from cohorts.tenancy.wall import within

logger = structlog.get_logger(__name__)


def deliver(
    kind: MailKind[Row],
    organisation: Organisation,
    *,
    now: Callable[[], datetime],
    limit: int,
    until: float | None = None,
) -> Counter[MailState]:
    """Send up to `limit` due mails. Opens the organisation itself. Returns how many came to which state.

    The outcomes of one batch are committed together with the claim of the next. Once the monotonic clock passes
    `until`, what has not been tried goes back.
    """
    until = sending_ends_at() if until is None else until
    total, settled, left = Counter[MailState](), list[Settled](), limit
    while True:
        since = monotonic()
        with within(organisation):
            write_outcomes(kind, settled, now())
            batch = claim(kind, now(), min(kind.mails_per_batch, left)) if left > 0 and since < until else []
        if not batch:
            return total
        left -= len(batch)
        with Lease(kind, organisation, batch, since=since) as lease:
            settled = list(_work_off(kind, organisation, batch, now, lambda: lease.is_held and monotonic() < until))
            settled += _untried(batch, settled) if lease.is_held else []
        total.update(each.state for each in settled)
        _tell_of_trouble(kind, organisation, settled)


def sending_ends_at() -> float:
    """When a task that begins now stops sending, on the monotonic clock."""
    return monotonic() + SECONDS_OF_SENDING


def post(kind: MailKind[Row], writer: Writer[Row], mails: Iterable[Row]) -> Iterator[Outcome[int]]:
    """Send these over this process's connection; one outcome each, also for one that cannot be written."""
    unfit: list[Outcome[int]] = []
    yield from pipeline().send(_outgoing(kind, writer, mails, unfit))
    yield from unfit


def _work_off(
    kind: MailKind[Row],
    organisation: Organisation,
    batch: list[Row],
    now: Callable[[], datetime],
    may_go_on: Callable[[], bool],
) -> Iterator[Settled]:
    writer = kind.writer(organisation, now())
    with within(organisation):
        writer.prepare(batch)
    by_id = {mail.id: mail for mail in batch}
    wanted = []
    for mail in batch:
        reason = writer.reason_to_skip(mail, now())
        if reason is None:
            wanted.append(mail)
        else:
            yield skip(mail, reason)
    for outcome in post(kind, writer, takewhile(lambda _mail: may_go_on(), wanted)):
        yield settle(by_id[outcome.key], outcome.kind, outcome.code, now(), too_late=kind.too_late)


def _untried(batch: Iterable[Row], settled: Iterable[Settled]) -> list[Settled]:
    done = {each.id for each in settled}
    return [give_back(mail) for mail in batch if mail.id not in done]


def _outgoing(
    kind: MailKind[Row], writer: Writer[Row], mails: Iterable[Row], unfit: list[Outcome[int]]
) -> Iterator[Outgoing[int]]:
    address = sender().address
    for mail in mails:
        try:
            content = writer.content(mail)
        except (ValueError, MessageError):
            # Ours, not the address's: failed without a code from the server. The log drops the exception's own words.
            logger.exception("cannot be written", kind=kind.name, mail_id=mail.id)
            unfit.append(Outcome(mail.id, Kind.PERMANENT, None, "cannot be written"))
        else:
            yield Outgoing(mail.id, address, mail.email, content, is_ready=kind.is_compiled)


def _tell_of_trouble(kind: MailKind[Row], organisation: Organisation, settled: Iterable[Settled]) -> None:
    reasons = Counter(str(each.reason) for each in settled if each.state in TROUBLE)
    for reason, count in reasons.items():
        logger.warning("not delivered", kind=kind.name, organisation_id=organisation.pk, reason=reason, mails=count)
