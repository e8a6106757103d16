"""The outbox's SQL: claim and settle in sets, find waiting mails, release expired leases."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from psycopg import sql

from cohorts.mail.outbox.kinds import ALWAYS, MailKind, Row
from cohorts.mail.outbox.rules import MAX_ATTEMPTS, Settled
from cohorts.models.mail import MailState, Reason
from cohorts.tenancy.wall import Across, across_organisations, current_organisation_id

logger = structlog.get_logger(__name__)

# Locked rows keep their ctid, and finding them by it is cheapest whatever PostgreSQL believes of a table: it takes an
# organisation that it has not counted yet for one row, and would go through all its mails for each one picked.
CLAIM = sql.SQL("""
WITH picked AS MATERIALIZED (
    SELECT mail.ctid FROM {table} AS mail
    WHERE mail.organisation_id = %(organisation)s AND mail.state = 'due' AND mail.not_before <= %(now)s AND {may_go}
    ORDER BY mail.not_before, mail.id LIMIT %(limit)s FOR UPDATE OF mail SKIP LOCKED
), claimed AS (
    UPDATE {table} AS mail SET state = 'sending', attempts = mail.attempts + 1,
        lease_until = statement_timestamp() + make_interval(secs => %(lease)s)
    FROM picked WHERE mail.organisation_id = %(organisation)s AND mail.ctid = picked.ctid
    RETURNING mail.*
)
{details}
""")

RENEW = sql.SQL("""
UPDATE {table} AS mail SET lease_until = statement_timestamp() + make_interval(secs => %s)
FROM unnest(%s::bigint[], %s::int[]) AS mine (id, attempts)
WHERE mail.organisation_id = %s AND mail.id = mine.id AND mail.state = 'sending' AND mail.attempts = mine.attempts
""")

SETTLE = sql.SQL("""
UPDATE {table} AS mail SET state = new.state, reason = new.reason, smtp_code = new.code, lease_until = NULL,
    attempts = mail.attempts - new.is_untried::int,
    not_before = COALESCE(new.not_before, mail.not_before),
    sent_at = CASE WHEN new.state = 'sent' THEN %s::timestamptz END
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::int[], %s::timestamptz[],
    %s::bool[]) AS new (id, attempts, state, reason, code, not_before, is_untried)
WHERE mail.organisation_id = %s AND mail.id = new.id AND mail.state = 'sending' AND mail.attempts = new.attempts
""")


@lru_cache
def claim_statement(kind: MailKind[Row]) -> str:
    return CLAIM.format(table=kind.table, may_go=kind.may_go or ALWAYS, details=kind.details).as_string()


@lru_cache
def renew_statement(kind: MailKind[Row]) -> str:
    return RENEW.format(table=kind.table).as_string()


@lru_cache
def settle_statement(kind: MailKind[Row]) -> str:
    return SETTLE.format(table=kind.table).as_string()


def claim(kind: MailKind[Row], now: datetime, limit: int) -> list[Row]:
    """Take up to `limit` due mails of the open organisation, in the order of their index."""
    arguments: dict[str, Any] = {
        "organisation": current_organisation_id(),
        "now": now,
        "lease": settings.MAIL_LEASE_SECONDS,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(claim_statement(kind), arguments)
        return [kind.row(*values) for values in cursor.fetchall()]


def renew(kind: MailKind[Row], batch: Sequence[Row]) -> int:
    """Renew the lease of these. Returns how many are still held; another `attempts` belongs to somebody else."""
    held = [[mail.id for mail in batch], [mail.attempts for mail in batch]]
    with connection.cursor() as cursor:
        cursor.execute(renew_statement(kind), [settings.MAIL_LEASE_SECONDS, *held, current_organisation_id()])
        return cursor.rowcount


def write_outcomes(kind: MailKind[Row], settled: Sequence[Settled], now: datetime) -> None:
    """Write the outcomes. A row claimed again since (another `attempts`) is left alone."""
    if not settled:
        return
    with connection.cursor() as cursor:
        columns = map(list, zip(*settled, strict=True))
        cursor.execute(settle_statement(kind), [now, *columns, current_organisation_id()])


def organisations_waiting(kind: MailKind[Row], *, now: datetime) -> list[int]:
    """Organisations with a due mail of this kind, or an expired lease."""
    with across_organisations(Across.PLANNER):
        due = kind.model.objects.filter(state=MailState.DUE, not_before__lte=now)
        expired = kind.model.objects.filter(state=MailState.SENDING, lease_until__lt=Now())
        both = due.order_by().values("organisation_id").union(expired.order_by().values("organisation_id"))
        return [row["organisation_id"] for row in both]


def release_expired(kind: MailKind[Row], *, now: datetime) -> int:
    """Release mails with an expired lease; fail those tried MAX_ATTEMPTS times. Returns how many."""
    expired = kind.model.objects.filter(state=MailState.SENDING, lease_until__lt=Now())
    given_up = expired.filter(attempts__gte=MAX_ATTEMPTS)
    total = given_up.update(state=MailState.FAILED, reason=Reason.UNREACHABLE, lease_until=None)
    total += expired.update(state=MailState.DUE, not_before=now, lease_until=None)
    if total:
        logger.warning("leases expired", kind=kind.name, organisation_id=current_organisation_id(), mails=total)
    return total
