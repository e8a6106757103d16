"""Mails about signing in. A request only writes them; they are sent once its answer has left.

No answer waits for a mail server, so how long one takes does not tell whether an address has an account. The web
process sends them itself, which works without a broker; a worker sends each minute what was left.
"""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from cohorts.access.account_mail_kinds import KINDS
from cohorts.access.account_mail_sending import send_soon
from cohorts.models import AccountMail, Person

_written: ContextVar[list[int] | None] = ContextVar("account_mails_written", default=None)


def put_off(
    *, kind: str, address: str, person: Person | None, facts: dict[str, Any], language: str, now: datetime
) -> None:
    """Write a mail in the open transaction, to be sent after the answer; outside a request the next minute sends it.

    `facts` are what its templates read, as JSON.
    """
    mail = AccountMail.objects.create(
        kind=kind,
        address=address if KINDS[kind].is_sent else "",
        person=person,
        facts=facts,
        language=language,
        created_at=now,
        not_before=now,
        expires_at=now + KINDS[kind].lasts,
    )
    written = _written.get()
    if written is not None:
        transaction.on_commit(partial(written.append, mail.pk))


def after_the_answer(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: send what this request wrote, as soon as the server has sent its answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        written: list[int] = []
        token = _written.set(written)
        try:
            response = get_response(request)
        finally:
            _written.reset(token)
        if written:
            # The server calls these when the answer has left.
            response._resource_closers.append(partial(send_soon, written))  # type: ignore[attr-defined]
        return response

    return middleware
