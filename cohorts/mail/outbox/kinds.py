"""Description of a kind of mail for the outbox."""

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
        """The stop conditions, checked right before sending. An empty string skips without a reason."""

    def content(self, mail: Mail_contra, /) -> bytes:
        """The complete message. Raises ValueError for one that cannot be written."""


@dataclass(frozen=True, eq=False)
class MailKind(Generic[Row]):
    """`details` is a SELECT from `claimed` (the rows just claimed) whose columns are the fields of `row`, in order.

    `may_go` is an SQL condition on `mail`; a row that does not meet it stays due. `is_compiled`: messages are already
    in SMTP wire form and are sent unchanged.
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
