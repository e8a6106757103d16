"""Send the due mails of one kind and one organisation, a batch at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.errors import MessageError

import structlog

from cohorts.mail.outbox.kinds import MailKind, Row, Writer
from cohorts.mail.outbox.rows import claim, write_outcomes
from cohorts.mail.outbox.rules import Settled, settle, skip
from cohorts.mail.server import pipeline, sender
from cohorts.mail.smtp import Kind, Outcome, Outgoing
from cohorts.models import Organisation
from cohorts.models.mail import TROUBLE, MailState
from cohorts.tenancy.wall import within

logger = structlog.get_logger(__name__)


def deliver(
    kind: MailKind[Row], organisation: Organisation, *, now: Callable[[], datetime], limit: int
) -> Counter[MailState]:
    """Send up to `limit` due mails. Opens the organisation itself. Returns how many came to which state.

    The outcomes of one batch are committed together with the claim of the next.
    """
    total, settled, left = Counter[MailState](), list[Settled](), limit
    while True:
        with within(organisation):
            write_outcomes(kind, settled, now())
            batch = claim(kind, now(), min(kind.mails_per_batch, left)) if left > 0 else []
        if not batch:
            return total
        left -= len(batch)
        settled = list(_work_off(kind, organisation, batch, now))
        total.update(each.state for each in settled)
        _tell_of_trouble(kind, organisation, settled)


def post(kind: MailKind[Row], writer: Writer[Row], mails: Iterable[Row]) -> Iterator[Outcome[int]]:
    """Send these over this process's connection; one outcome each, also for one that cannot be written."""
    unfit: list[Outcome[int]] = []
    yield from pipeline().send(_outgoing(kind, writer, mails, unfit))
    yield from unfit


def _work_off(
    kind: MailKind[Row], organisation: Organisation, batch: list[Row], now: Callable[[], datetime]
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
    for outcome in post(kind, writer, wanted):
        yield settle(by_id[outcome.key], outcome.kind, outcome.code, now(), too_late=kind.too_late)


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
