"""The next state of a mail after the server's answer, and when to retry. Pure decisions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from cohorts.mail.smtp import Kind
from cohorts.models.mail import MailState, Reason

MAX_ATTEMPTS = 8
# Sending ends by itself well before a worker's soft time limit, which would throw away what the server has answered.
SECONDS_OF_SENDING = 120
BACKOFF_MINUTES = (1, 3, 10, 30, 60, 90, 120)  # after the first, second … attempt

MOVES: Mapping[MailState, frozenset[MailState]] = {
    MailState.DUE: frozenset({MailState.SENDING}),
    MailState.SENDING: frozenset(
        {MailState.SENT, MailState.SKIPPED, MailState.FAILED, MailState.AMBIGUOUS, MailState.DUE}
    ),
    MailState.SENT: frozenset(),
    MailState.SKIPPED: frozenset(),
    MailState.FAILED: frozenset(),
    MailState.AMBIGUOUS: frozenset(),
}


class Claimed(Protocol):
    """A mail in a worker's hands: what the outbox itself must know of it."""

    @property
    def id(self) -> int: ...
    @property
    def attempts(self) -> int: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def email(self) -> str: ...


class Settled(NamedTuple):
    """The next state of one claimed mail. `attempts` fences: an outcome of an older attempt changes nothing."""

    id: int
    attempts: int
    state: MailState
    reason: str = ""
    code: int | None = None
    not_before: datetime | None = None
    is_untried: bool = False  # gives the attempt back


def give_back(mail: Claimed) -> Settled:
    """Due as before: there was no time left for it."""
    return Settled(mail.id, mail.attempts, MailState.DUE, is_untried=True)


def skip(mail: Claimed, reason: str) -> Settled:
    return Settled(mail.id, mail.attempts, MailState.SKIPPED, reason)


def settle(mail: Claimed, kind: Kind, code: int | None, now: datetime, *, too_late: timedelta | None) -> Settled:
    """The next state after a mail server's answer.

    A permanent refusal fails and shows. A temporary refusal or no connection is retried until it is too late. Silence
    after the whole mail was handed over is retried once, because it may have arrived.
    """
    if kind is Kind.SENT:
        return Settled(mail.id, mail.attempts, MailState.SENT, code=code)
    if kind is Kind.PERMANENT:
        return Settled(mail.id, mail.attempts, MailState.FAILED, Reason.REFUSED, code)
    again = now + timedelta(minutes=BACKOFF_MINUTES[min(mail.attempts, len(BACKOFF_MINUTES)) - 1])
    is_over = mail.attempts >= MAX_ATTEMPTS or (too_late is not None and again - mail.due_at > too_late)
    if kind is Kind.AMBIGUOUS and (is_over or mail.attempts > 1):
        return Settled(mail.id, mail.attempts, MailState.AMBIGUOUS, Reason.SILENT)
    if is_over:
        return Settled(mail.id, mail.attempts, MailState.FAILED, Reason.UNREACHABLE, code)
    return Settled(mail.id, mail.attempts, MailState.DUE, code=code, not_before=again)
