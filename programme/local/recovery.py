"""Point-in-time recovery: a base backup, the archived log after it, and what must be true before one is trusted.

python -m programme.local.recovery verify BACKUP ARCHIVE
python -m programme.local.recovery reconcile LATEST_URL RESTORED_URL
"""

import argparse
import shutil
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from programme.local.cluster import client
from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.postgres import Postgres
from programme.local.processes import run_to_the_end, server_account

SEGMENT_BYTES = 16 * 1024 * 1024
SEGMENTS_PER_LOG = 0x1_0000_0000 // SEGMENT_BYTES

Fingerprint = dict[tuple[str, int], tuple[int, str]]

TABLES = """
    SELECT c.relname, EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'organisation_id' AND NOT attisdropped
    )
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
WALLS = """
    SELECT format('row security of %s: on %s, forced %s', relname, relrowsecurity, relforcerowsecurity)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('policy %s of %s: %s for %s using (%s) check (%s)', policyname, tablename, cmd, roles, qual,
        with_check) FROM pg_policies
    UNION ALL SELECT format('%s may %s %s', grantee::regrole, privilege_type, relname)
    FROM pg_class CROSS JOIN aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('role %s: superuser %s, bypasses row security %s, creates %s %s, replicates %s', rolname,
        rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication) FROM pg_roles WHERE rolcanlogin
    UNION ALL SELECT format('trigger %s of %s: %s', tgname, tgrelid::regclass, tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal
"""
OUTBOXES = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name IN ('state', 'attempts', 'lease_until', 'sent_at', 'smtp_code')
    GROUP BY 1 HAVING count(*) = 5 ORDER BY 1
"""
SETTLED = "SELECT id FROM {} WHERE state IN ('sent', 'ambiguous')"
MAILS = "SELECT row_to_json(mail)::text FROM {} AS mail WHERE id = ANY(%s)"
COPY_MAIL = """
    INSERT INTO {0} SELECT * FROM json_populate_record(NULL::{0}, %s) ON CONFLICT (id) DO UPDATE
    SET state = EXCLUDED.state, reason = EXCLUDED.reason, attempts = EXCLUDED.attempts, sent_at = EXCLUDED.sent_at,
        smtp_code = EXCLUDED.smtp_code, lease_until = NULL
"""
SKIP_NUMBERS = "SELECT setval(pg_get_serial_sequence({1}, 'id'), greatest(%s, (SELECT max(id) FROM {0})))"


def archiving(archive: Path, *, seconds: int) -> dict[str, str]:
    """Settings of a server that copies each finished segment, and an unfinished one after so many seconds."""
    copied = f"{archive}/%f"
    return {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_timeout": str(seconds),
        "archive_command": f"test ! -f {copied} && cp %p {copied}.unfinished && mv {copied}.unfinished {copied}",
    }


def base_backup(url: str, folder: Path) -> None:
    """Copy the running server at `url` (a superuser's) to `folder`, with a manifest of every file's hash."""
    options = ["--checkpoint=fast", "--wal-method=fetch", "--manifest-checksums=SHA256", "--no-password"]
    _run("pg_basebackup", f"--dbname={url}", f"--pgdata={folder}", *options)


def verify(backup: Path, archive: Path) -> None:
    """Raise LocalError unless every file is as it was copied and the log after it has no gap and no damage."""
    _run("pg_verifybackup", "--quiet", str(backup))
    first = _first_segment(backup)
    names = {path.name for path in archive.iterdir()}
    segments = sorted(name for name in names if len(name) == 24 and name[:8] == first[:8] and name >= first)
    expected = first
    for name in segments:
        if name != expected:
            raise LocalError(f"The archive lacks {expected}: what came after it cannot be restored.")
        if (archive / name).stat().st_size != SEGMENT_BYTES:
            raise LocalError(f"{archive / name} is not a whole segment.")
        expected = _next_segment(name)
    if not segments:
        raise LocalError(f"The archive lacks {first}: the backup cannot be restored to any later time.")
    _run("pg_waldump", "--quiet", f"--path={archive}", segments[0], segments[-1])


def restore(backup: Path, archive: Path, into: DataDirectory, *, until: datetime | None = None) -> Postgres:
    """A server on a copy of `backup`, with the log replayed until that instant or to its end. Not started yet."""
    folder, account = into.path / "postgres", server_account()
    shutil.copytree(backup, folder)
    (folder / "recovery.signal").touch()
    for path in (folder, *folder.rglob("*")):
        account.owns(path)
    folder.chmod(0o700)
    settings = {
        "restore_command": f"cp {archive}/%f %p",
        "archive_mode": "off",
        "hot_standby": "off",  # nobody reads before the end
    }
    if until:
        settings |= {"recovery_target_time": until.isoformat(), "recovery_target_action": "promote"}
    return Postgres(into, settings=settings)


def fingerprint(url: str) -> Fingerprint:
    """Rows and a hash of their content by table and organisation (0: of none), past every policy."""
    found: Fingerprint = {}
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET row_security = off")  # a role that policies apply to fails here instead of seeing less
        for table, is_owned in connection.execute(TABLES).fetchall():
            whose = sql.SQL("organisation_id" if is_owned else "0")
            statement = sql.SQL(
                "SELECT {0}, count(*), sum(hashtextextended(content::text, 90)::numeric)::text FROM {1} AS content"
                " GROUP BY 1"
            ).format(whose, sql.Identifier(table))
            for organisation, rows, content in connection.execute(statement):
                found[table, organisation or 0] = (rows, content)
    return found


def walls(url: str) -> set[str]:
    """Everything that keeps organisations apart in this database, one sentence each."""
    with psycopg.connect(url) as connection:
        return {sentence for (sentence,) in connection.execute(WALLS)}


def reconcile(latest: str, restored: str) -> tuple[Counter[str], int]:
    """Tell a restored database which mails went out after the instant it was restored to, from a newer copy.

    Otherwise the engine would send them again, and new mails would carry the Message-IDs of those. Both addresses are a
    superuser's. Returns how many by table, and how many are about something the restored database does not know.
    """
    told, strangers = Counter[str](), 0
    with psycopg.connect(latest) as newer, psycopg.connect(restored) as target:
        for table, name in _outboxes(newer):
            mails = newer.execute(sql.SQL(MAILS).format(name), [_unknown(newer, target, name)])
            for (mail,) in mails.fetchall():
                try:
                    with target.transaction():
                        target.execute(sql.SQL(COPY_MAIL).format(name), [mail])
                except (psycopg.errors.ForeignKeyViolation, psycopg.errors.UniqueViolation):
                    strangers += 1
                else:
                    told[table] += 1
            if highest := _one(newer, sql.SQL("SELECT max(id) FROM {}").format(name)):
                target.execute(sql.SQL(SKIP_NUMBERS).format(name, sql.Literal(table)), [highest])
    return told, strangers


def would_go_twice(latest: str, restored: str) -> int:
    """Mails that went out by the newer copy and that the restored database has not down as settled."""
    with psycopg.connect(latest) as newer, psycopg.connect(restored) as target:
        return sum(len(_unknown(newer, target, name)) for _, name in _outboxes(newer))


def _outboxes(connection: psycopg.Connection) -> list[tuple[str, sql.Identifier]]:
    return [(table, sql.Identifier(table)) for (table,) in connection.execute(OUTBOXES)]


def _unknown(newer: psycopg.Connection, target: psycopg.Connection, table: sql.Identifier) -> list[int]:
    """By state, not by time: clocks jump, and demo organisations have one of their own."""
    settled = [{key for (key,) in each.execute(sql.SQL(SETTLED).format(table))} for each in (newer, target)]
    return sorted(settled[0] - settled[1])


def _one(connection: psycopg.Connection, statement: sql.Composed, *arguments: object) -> int | None:
    row = connection.execute(statement, arguments or None).fetchone()
    return row[0] if row else None


def _first_segment(backup: Path) -> str:
    """The segment in which the backup began, from its label: `START WAL LOCATION: 0/2000028 (file 0000…)`."""
    label = (backup / "backup_label").read_text()
    return label.split("(file ")[1].split(")")[0]


def _next_segment(name: str) -> str:
    timeline, log, segment = name[:8], int(name[8:16], 16), int(name[16:], 16)
    log, segment = (log, segment + 1) if segment + 1 < SEGMENTS_PER_LOG else (log + 1, 0)
    return f"{timeline}{log:08X}{segment:08X}"


def _run(program: str, *arguments: str) -> None:
    status, said = run_to_the_end([client(program), *arguments])
    if status:
        raise LocalError(f"{program} failed: {said.strip()}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m programme.local.recovery")
    commands = parser.add_subparsers(required=True, dest="command")
    checking = commands.add_parser("verify", help="is this backup with this archive worth restoring?")
    checking.add_argument("backup", type=Path)
    checking.add_argument("archive", type=Path)
    telling = commands.add_parser("reconcile", help="tell a restored database which mails went out since")
    telling.add_argument("latest")
    telling.add_argument("restored")
    options = parser.parse_args()
    try:
        if options.command == "verify":
            verify(options.backup, options.archive)
            print("Every file is as it was copied, and the log after it is whole.")
        else:
            told, strangers = reconcile(options.latest, options.restored)
            print(f"{told.total()} mails are settled now: {dict(told)}.")
            print(f"{strangers} are about something that the restored database does not know.")
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
