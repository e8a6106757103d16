"""Seal audit trails again whose hashes were taken before their instants became UTC.

Such an entry looks changed though nobody touched it. Its hash fits its instant in another zone; that is looked for
first, so that an entry that was really changed is counted and named, not whitewashed. The last entry of each trail that
is sealed anew says why, what its head was, and how many entries no zone explains. Row security is lifted for the owner
inside the transaction, as in 0003.
"""

import hashlib
import json
from datetime import UTC, timedelta, timezone

from django.db import migrations

GENESIS = "0" * 64
# Every offset that a zone of the tz database has had since entries were written.
ZONES = [timezone(timedelta(minutes=15 * quarters)) for quarters in range(-12 * 4, 14 * 4 + 1)]
ENTRIES = (
    "SELECT id, number, at, by_id, by_label, verb, thing, thing_id, details::text, previous_hash, hash"
    " FROM cohorts_auditentry WHERE organisation_id = %s ORDER BY number"
)
LIFT = "ALTER TABLE cohorts_auditentry NO FORCE ROW LEVEL SECURITY"
FORCE = "ALTER TABLE cohorts_auditentry FORCE ROW LEVEL SECURITY"
REASON = "hashes were taken before instants became UTC"


def sealed(organisation, entry, previous, zone):
    """The hash of an entry, with its instant in this zone."""
    _, number, at, by, label, verb, thing, thing_id, details = entry[:9]
    said = [previous, organisation, number, at.astimezone(zone).isoformat(), by, label, verb, thing, thing_id]
    said.append(json.loads(details))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def reseal(cursor, organisation):
    """Returns whether the organisation's trail was sealed anew: only if an entry does not fit its instant in UTC."""
    cursor.execute(ENTRIES, [organisation])
    entries = cursor.fetchall()
    explained, unexplained, linked_to = 0, [], GENESIS
    for entry in entries:
        number, previous, found = entry[1], entry[9], entry[10]
        fits = found == sealed(organisation, entry, previous, UTC)
        is_elsewhere = not fits and any(found == sealed(organisation, entry, previous, zone) for zone in ZONES)
        explained += is_elsewhere
        if previous != linked_to or not (fits or is_elsewhere):
            unexplained.append(number)
        linked_to = found
    if not explained:
        return False
    head = write(cursor, organisation, entries)
    add_reason(cursor, organisation, entries[-1], head, explained=explained, unexplained=unexplained)
    return True


def write(cursor, organisation, entries):
    """Chain the entries anew. Returns the last hash."""
    previous = GENESIS
    for entry in entries:
        hashed = sealed(organisation, entry, previous, UTC)
        cursor.execute(
            "UPDATE cohorts_auditentry SET previous_hash = %s, hash = %s WHERE id = %s", [previous, hashed, entry[0]]
        )
        previous = hashed
    return previous


def add_reason(cursor, organisation, last, head, *, explained, unexplained):
    details = {"reason": REASON, "old_head": last[10], "explained": explained, "unexplained": len(unexplained)}
    if unexplained:
        details["first_unexplained"] = unexplained[0]
    cursor.execute("SELECT now()")
    (now,) = cursor.fetchone()
    text = json.dumps(details)
    entry = (None, last[1] + 1, now, None, "system", "sealed trail anew", "cohorts.organisation", organisation, text)
    cursor.execute(
        "INSERT INTO cohorts_auditentry (organisation_id, number, at, by_id, by_label, verb, thing, thing_id, details,"
        " previous_hash, hash) VALUES (%s, %s, %s, NULL, %s, %s, %s, %s, %s, %s, %s)",
        [organisation, *entry[1:3], *entry[4:9], head, sealed(organisation, entry, head, UTC)],
    )


def reseal_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cohorts_organisation ORDER BY id")
        for (organisation,) in cursor.fetchall():
            reseal(cursor, organisation)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0017_member_notices")]

    operations = [
        migrations.RunSQL(LIFT, FORCE),
        migrations.RunPython(reseal_all, migrations.RunPython.noop),
        migrations.RunSQL(FORCE, LIFT),
    ]
