"""The append-only audit trail, hash-chained per organisation.

A chain shows what was changed inside it, and nothing of a tail that was cut off. So each hash is also said in the log,
and the newest beside every backup (`programme.local.backup`); `check_audit --anchors` compares them.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import connection, models, transaction

from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import current_organisation_id

GENESIS = "0" * 64

logger = structlog.get_logger(__name__)


def record(
    *, by: Membership | None, verb: str, thing: models.Model, now: datetime, **details: str | int | None
) -> AuditEntry:
    """Add an entry. `details` are keys and labels, never private text. `by` is None for the system.

    What a program did for a member says with which key.
    """
    if by and by.key_prefix:
        details["api_key"] = by.key_prefix
    _take_turns()
    last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, GENESIS)
    entry = AuditEntry(
        organisation_id=current_organisation_id(),
        number=number + 1,
        at=now,
        by_id=by.pk if by else None,
        by_label="/".join(by.roles) if by else "system",
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=thing.pk,
        details=details,
        previous_hash=previous,
    )
    entry.hash = chained(entry)
    entry.save(force_insert=True)
    transaction.on_commit(lambda: _anchor(entry), robust=True)
    return entry


def _anchor(entry: AuditEntry) -> None:
    logger.info("audited", organisation_id=entry.organisation_id, number=entry.number, hash=entry.hash)


def chained(entry: AuditEntry) -> str:
    """SHA-256 of the previous hash and all fields of this entry, as JSON with sorted keys. The instant is said in UTC,
    which is how PostgreSQL gives it back."""
    at = entry.at.astimezone(UTC).isoformat()
    said: list[Any] = [entry.previous_hash, entry.organisation_id, entry.number, at]
    said += [entry.by_id, entry.by_label, entry.verb, entry.thing, entry.thing_id, entry.details]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """The number of the first entry that was changed, removed or inserted; None if the chain is intact."""
    expected, previous = 1, GENESIS
    for entry in entries:
        if (entry.number, entry.previous_hash, entry.hash) != (expected, previous, chained(entry)):
            return expected
        expected, previous = expected + 1, entry.hash
    return None


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(90, %s)", [current_organisation_id() % 2**31])
