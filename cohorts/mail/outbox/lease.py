"""The lease of one batch, renewed for as long as the process that sends it lives.

A thread of its own renews it, so a slow mail server does not let it run out, and a process that is killed stops
renewing at once: another takes the batch over after `MAIL_LEASE_SECONDS`. The database's clock decides, never a
worker's. A worker that cannot renew (frozen for long, cut off from the database) notices by `is_held` and
stops sending.
"""

from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Generic

import structlog
from django.conf import settings
from django.db import Error, connection

from cohorts.mail.outbox.kinds import MailKind, Row
from cohorts.mail.outbox.rows import renew
from cohorts.models import Organisation
from cohorts.tenancy.wall import within

logger = structlog.get_logger(__name__)


class Lease(Generic[Row]):
    """Held in a `with` block around the sending. `since`: the monotonic clock before the batch was claimed."""

    def __init__(self, kind: MailKind[Row], organisation: Organisation, batch: Sequence[Row], *, since: float) -> None:
        self._kind = kind
        self._organisation = organisation
        self._batch = batch
        self._renewed_at = since
        self._is_lost = False
        self._is_over = Event()
        self._thread = Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> "Lease[Row]":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over.set()

    @property
    def is_held(self) -> bool:
        """Whether nobody else can have taken this batch yet."""
        return not self._is_lost and monotonic() - self._renewed_at < settings.MAIL_LEASE_SECONDS

    def _keep(self) -> None:
        try:
            while not self._is_over.wait(settings.MAIL_LEASE_RENEWED_SECONDS) and not self._is_lost:
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        asked_at = monotonic()
        try:
            with within(self._organisation):
                self._is_lost = renew(self._kind, self._batch) < len(self._batch)
        except Error:
            connection.close()
            logger.warning("lease not renewed", kind=self._kind.name, organisation_id=self._organisation.pk)
        else:
            self._renewed_at = asked_at
