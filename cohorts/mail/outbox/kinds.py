"""What the outbox must know of a kind of mail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from psycopg import sql

from cohorts.mail.outbox.rules import Claimed
from cohorts.models import Organisation
from cohorts.models.mail import OutboxRow

Row = TypeVar("Row", bound=Claimed)
Mail_contra = TypeVar("Mail_contra", bound=Claimed, contravariant=True)

ALWAYS = sql.SQL("TRUE")
MAILS_PER_BATCH = 100
BULK_MAILS_PER_BATCH = 500  # of mails that are filled in, not written one by one


class Writer(Protocol[Mail_contra]):
    """Writes the mails of one batch of one organisation."""

    def prepare(self, mails: Sequence[Mail_contra], /) -> None:
        """Read, in the open organisation, what writing these needs; sending then runs without an open transaction."""

    def reason_to_skip(self, mail: Mail_contra, now: datetime, /) -> str | None:
        """The kind's stop conditions, checked again right before sending. May be an empty reason."""

    def content(self, mail: Mail_contra, /) -> bytes:
        """The complete message. Raises ValueError for one that cannot be written."""


@dataclass(frozen=True, eq=False)
class MailKind(Generic[Row]):
    """`details` selects the fields of `row`, in order, from `claimed`, the rows of `model` that were just claimed.

    `may_go` is a condition on `mail`, such a row before the claim: what does not meet it stays due. `is_compiled` says
    that its messages come from `cohorts.mail.compiled` and need nothing put right.
    """

    name: str
    model: type[OutboxRow]
    row: Callable[..., Row]
    details: sql.SQL
    writer: Callable[[Organisation, datetime], Writer[Row]]
    may_go: sql.SQL | None = None
    too_late: timedelta | None = None
    mails_per_batch: int = MAILS_PER_BATCH
    is_compiled: bool = False

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.model._meta.db_table)
