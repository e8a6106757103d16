"""Backup and restore, each verified by counting rows.

A dump taken under row-level security can succeed and be empty. So a role with BYPASSRLS takes it, and the rows in the
file are compared with the rows of the snapshot it was taken from.
"""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from programme.local.cluster import client
from programme.local.errors import LocalError
from programme.local.processes import launch, run_to_the_end

Counts = dict[str, int]

# The newest audit entry of each organisation, kept beside the dump: a later trail without it has lost its tail.
HEADS = """
    SELECT DISTINCT ON (organisation_id) organisation_id, number, hash FROM cohorts_auditentry
    ORDER BY organisation_id, number DESC
"""

TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
# Tenant tables without row-level security, FORCE or a policy.
OPEN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
    WHERE c.relkind IN ('r', 'p') AND NOT a.attisdropped
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))
    ORDER BY 1
"""


def backup(file: Path, url: str) -> Counts:
    """Dump the database at `url` (as embed90_backup) to `file`, which appears only once it is complete and verified.

    Beside it `<file>.heads` names the newest audit entries in it, as the log does.
    """
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with _snapshot(url) as (connection, snapshot):
            live = _count(connection)
            heads = _heads(connection)
            _run("pg_dump", f"--snapshot={snapshot}", "--format=custom", f"--file={unfinished}", f"--dbname={url}")
        _compare(live, counts_in(unfinished), "The dump does not hold what the database holds")
        file.with_name(f"{file.name}.heads").write_text(heads)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return live


def restore(file: Path, *, owner_url: str, backup_url: str) -> Counts:
    """Restore `file` into an empty database in one transaction (as its owner) and count it (as embed90_backup)."""
    expected = counts_in(file)
    with psycopg.connect(owner_url) as connection:
        if tables := connection.execute(TABLES).fetchall():
            raise LocalError(f"That database is not empty, it has {len(tables)} tables: restore into a new one.")
    _run("pg_restore", "--single-transaction", "--no-owner", f"--dbname={owner_url}", str(file))
    with _snapshot(backup_url) as (connection, _):
        restored = _count(connection)
        open_tables = [name for (name,) in connection.execute(OPEN_TABLES)]
    _compare(expected, restored, "The restored database does not hold what the file holds")
    if open_tables:
        raise LocalError(f"Row security is not enforced on {', '.join(open_tables)}: do not let the app in.")
    return restored


def counts_in(file: Path) -> Counts:
    """Count rows per table in a dump. Reads the whole file, so a damaged one fails here."""
    child = launch(
        [client("pg_restore"), "--data-only", "--file=-", str(file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stderr
    counts: Counts = {}
    table = ""
    for line in child.stdout:
        if table and line == b"\\.\n":
            table = ""
        elif table:
            counts[table] += 1
        elif line.startswith(b"COPY "):
            table = line.split(b" (")[0].removeprefix(b"COPY ").decode()
            counts[table] = 0
    said = child.stderr.read().decode(errors="replace").strip()
    if child.wait():
        raise LocalError(f"{file} cannot be read as a backup: {said}")
    return counts


def create_database(name: str, owner_url: str) -> str:
    """Create an empty database that only Embed90's roles may connect to. Returns its URL for the owner."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        try:
            connection.execute(_named("CREATE DATABASE {}", name))
        except psycopg.errors.DuplicateDatabase:
            raise LocalError(f"There is a database {name} already; choose another name or drop it.") from None
        connection.execute(_named("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
        connection.execute(_named("GRANT CONNECT ON DATABASE {} TO embed90_app, embed90_backup", name))
    return in_database(name, owner_url)


def take_the_place(name: str, owner_url: str, *, kept_as: str) -> None:
    """Rename the current database aside and `name` into its place. Neither may have connections."""
    current = urlsplit(owner_url).path.removeprefix("/")
    with psycopg.connect(in_database("postgres", owner_url)) as connection:
        try:
            connection.execute(_named("ALTER DATABASE {} RENAME TO {}", current, kept_as))
            connection.execute(_named("ALTER DATABASE {} RENAME TO {}", name, current))
        except psycopg.errors.ObjectInUse:
            raise LocalError(f"Somebody is connected to {current}: stop web and workers first.") from None


def in_database(name: str, url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Open a transaction on one snapshot, past all policies. Yields it with the snapshot's exported name."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET row_security = off")  # else a role without BYPASSRLS would silently count fewer rows
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        yield connection, row[0]


def _count(connection: psycopg.Connection) -> Counts:
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        name = sql.Identifier(schema, table)
        try:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
        except psycopg.errors.InsufficientPrivilege as error:
            raise LocalError(f"A backup needs a role that may read everything: {error}") from error
        assert row
        counts[f"{_quoted(schema)}.{_quoted(table)}"] = row[0]
    return counts


def _heads(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT to_regclass('cohorts_auditentry')").fetchone()
    heads: Iterable[tuple[Any, ...]] = connection.execute(HEADS) if row and row[0] else []
    lines = [f"event=audited organisation_id={key} number={number} hash={hashed}\n" for key, number, hashed in heads]
    return "".join(lines)


def _compare(expected: Counts, found: Counts, sentence: str) -> None:
    differing = [name for name in sorted(expected.keys() | found.keys()) if expected.get(name) != found.get(name)]
    if differing:
        lines = [f"  {name}: {expected.get(name)} expected, {found.get(name)} found" for name in differing]
        raise LocalError("\n".join([f"{sentence}:", *lines]))


def _quoted(name: str) -> str:
    """Quote a name the way pg_dump does: only when needed."""
    is_plain = name.replace("_", "a").isalnum() and name.islower() and not name[0].isdigit()
    return name if is_plain else '"' + name.replace('"', '""') + '"'


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name) for name in names))


def _run(program: str, *arguments: str) -> None:
    status, said = run_to_the_end([client(program), *arguments])
    if status:
        raise LocalError(f"{program} failed: {said.strip()}")
