"""Send account mails: claim, write, send, settle, by the outbox's rules.

A mail is claimed by changing its state, so the web process and a worker never hold the same one. A process that dies
leaves a lease that runs out; only then, and only between the server's 250 and our commit, may a mail go twice, with the
same Message-ID.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any, NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cohorts.access.account_mail_kinds import KINDS
from cohorts.mail.message import whole_message
from cohorts.mail.outbox.rules import MAX_ATTEMPTS, Settled, settle, skip
from cohorts.mail.server import message_id, pipeline, sender
from cohorts.mail.smtp import Kind, Outgoing
from cohorts.models import AccountMail
from cohorts.models.mail import TROUBLE, MailState, Reason

LEASE = timedelta(seconds=110)  # longer than one mail can take; a code must still come in time to be typed
KEPT_FOR = timedelta(days=1)
NO_SERVER = (None, 421)  # no answer, or one about the connection: it says nothing about this mail

logger = structlog.get_logger(__name__)
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="account-mail")


class ClaimedMail(NamedTuple):
    """One account mail in our hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    kind: str
    language: str
    facts: dict[str, Any]
    expires_at: datetime


def send_soon(mails: Sequence[int]) -> None:
    """Send these in this process's one thread for it; no request waits."""
    _background.submit(_send_in_background, mails)


def send_waiting(*, now: Callable[[], datetime], only: Collection[int] | None = None) -> Counter[MailState]:
    """Send what is due, or only these of it. Returns how many came to which state.

    One mail is claimed, sent and settled before the next: few come at once, and each is waited for. Without an answer
    from the mail server nothing more is tried now.
    """
    total = Counter[MailState]()
    while (mail := _claim(now(), only)) is not None:
        settled = _settle(mail, now)
        _write_outcome(settled, now())
        total[settled.state] += 1
        if settled.state in TROUBLE:
            logger.warning("not delivered", kind="account", mail_id=settled.id, reason=settled.reason)
        if settled.state == MailState.DUE and settled.code in NO_SERVER:
            break
    return total


def forget_old(*, now: datetime) -> None:
    """Delete what is older than a day, sent or not."""
    AccountMail.objects.filter(created_at__lt=now - KEPT_FOR).delete()


def _send_in_background(mails: Sequence[int]) -> None:
    try:
        send_waiting(now=timezone.now, only=mails)
    except Exception:
        logger.exception("account mails left for the next minute", mails=len(mails))
    finally:
        connection.close()


def _claim(now: datetime, only: Collection[int] | None) -> ClaimedMail | None:
    is_free = Q(state=MailState.DUE) | Q(state=MailState.SENDING, lease_until__lt=now)
    ready = AccountMail.objects.filter(is_free, not_before__lte=now)
    if only is not None:
        ready = ready.filter(pk__in=only)
    with transaction.atomic():
        mail = ready.order_by("not_before", "pk").select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        mail.state, mail.attempts, mail.lease_until = MailState.SENDING, mail.attempts + 1, now + LEASE
        mail.save(update_fields=["state", "attempts", "lease_until"])
    return ClaimedMail(
        id=mail.pk,
        attempts=mail.attempts,
        due_at=mail.created_at,
        email=mail.address,
        kind=mail.kind,
        language=mail.language,
        facts=mail.facts,
        expires_at=mail.expires_at,
    )


def _settle(mail: ClaimedMail, now: Callable[[], datetime]) -> Settled:
    if mail.expires_at <= now():
        return skip(mail, Reason.EXPIRED)
    if mail.attempts > MAX_ATTEMPTS:
        return Settled(mail.id, mail.attempts, MailState.FAILED, Reason.UNREACHABLE)
    return _send(mail, now)


def _send(mail: ClaimedMail, now: Callable[[], datetime]) -> Settled:
    try:
        content = _content(mail, now())
    except (ValueError, MessageError):
        logger.exception("cannot be written", kind="account", mail_id=mail.id)
        return settle(mail, Kind.PERMANENT, None, now(), too_late=None)
    if not KINDS[mail.kind].is_sent:
        return skip(mail, "")
    [outcome] = pipeline().send([Outgoing(mail.id, sender().address, mail.email, content)])
    return settle(mail, outcome.kind, outcome.code, now(), too_late=None)


def _content(mail: ClaimedMail, now: datetime) -> bytes:
    return whole_message(
        f"account/{KINDS[mail.kind].template}",
        {**mail.facts, "language": mail.language},
        to=mail.email or sender().address,
        language=mail.language,
        message_id=message_id("account", mail.id),
        now=now,
    )


def _write_outcome(settled: Settled, now: datetime) -> None:
    """A mail claimed again since (another `attempts`) is left alone."""
    changes: dict[str, Any] = {"state": settled.state, "reason": settled.reason, "lease_until": None}
    changes |= {"smtp_code": settled.code, "sent_at": now if settled.state == MailState.SENT else None}
    if settled.state == MailState.DUE:
        changes["not_before"] = settled.not_before
    else:
        changes["facts"] = {}
    held = AccountMail.objects.filter(pk=settled.id, state=MailState.SENDING, attempts=settled.attempts)
    held.update(**changes)
