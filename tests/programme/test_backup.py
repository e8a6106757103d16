"""A backup is believed only after counting, and a restore only with its walls standing."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from programme.local.backup import backup, create_database, in_database, restore, take_the_place
from programme.local.cluster import client
from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.postgres import Postgres

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

TWO_ORGANISATIONS = """
    CREATE TABLE organisation (id bigint PRIMARY KEY, name text);
    CREATE TABLE reflection (
        id bigint GENERATED ALWAYS AS IDENTITY, organisation_id bigint REFERENCES organisation, text text,
        PRIMARY KEY (organisation_id, id)
    );
    CREATE TABLE answer (
        organisation_id bigint, reflection_id bigint, "Mixed Case" text,
        FOREIGN KEY (organisation_id, reflection_id) REFERENCES reflection
    );
    INSERT INTO organisation VALUES (1, 'Acme'), (2, 'Zenith');
    INSERT INTO reflection (organisation_id, text)
        SELECT 1 + n % 2, E'one\\nCOPY not_a_table (x) FROM stdin;\\n\\\\.\\n' || n FROM generate_series(1, 100) AS n;
    INSERT INTO answer SELECT organisation_id, id, 'Åse' FROM reflection WHERE id <= 40;
    GRANT SELECT, INSERT ON reflection TO embed90_app;
"""
WALLS = """
    ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {0} FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON {0}
        USING (organisation_id = NULLIF(current_setting('app.organisation', true), '')::bigint);
"""
ALL_ROWS = {"public.organisation": 2, "public.reflection": 100, "public.answer": 40}


@dataclass(frozen=True)
class Addresses:
    owner: str
    app: str
    backup: str

    def of(self, database: str) -> "Addresses":
        return Addresses(*(in_database(database, url) for url in (self.owner, self.app, self.backup)))


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One server for this file; its folder is reachable by the server's account."""
    folder = Path(tempfile.mkdtemp(prefix="embed90-"))
    folder.chmod(0o755)
    postgres = Postgres(DataDirectory.at(folder), durable=False)
    postgres.start()
    yield postgres
    postgres.stop()
    shutil.rmtree(folder)


@pytest.fixture
def live(server: Postgres, request: pytest.FixtureRequest) -> Addresses:
    """A database of its own for each test, with rows of two organisations behind policies."""
    roles = Addresses(*(server.url(f"embed90_{role}") for role in ("owner", "app", "backup")))
    name = request.node.name[:60]
    create_database(name, roles.owner)
    with psycopg.connect(roles.of(name).owner) as connection:
        connection.execute(TWO_ORGANISATIONS)
        for table in ("reflection", "answer"):
            connection.execute(WALLS.format(table))
    return roles.of(name)


def new_database(live: Addresses, name: str) -> Addresses:
    create_database(name, live.owner)
    return live.of(name)


def test_what_was_backed_up_comes_back_with_rights_and_walls(live: Addresses, tmp_path: Path) -> None:
    file = tmp_path / "embed90.dump"
    new = new_database(live, "comes_back")

    written = backup(file, live.backup)
    restored = restore(file, owner_url=new.owner, backup_url=new.backup)
    with psycopg.connect(new.app) as connection:
        unopened = connection.execute("SELECT count(*) FROM reflection").fetchone()
        connection.execute("SET app.organisation = '1'")
        opened = connection.execute("SELECT count(*) FROM reflection").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM reflection")

    assert written == restored == ALL_ROWS
    assert (unopened, opened) == ((0,), (50,))


def test_the_newest_audit_entries_are_named_beside_a_backup(live: Addresses, tmp_path: Path) -> None:
    with psycopg.connect(live.owner) as connection:
        connection.execute("CREATE TABLE cohorts_auditentry (organisation_id bigint, number bigint, hash text)")
        connection.execute("INSERT INTO cohorts_auditentry VALUES (1, 1, 'a1'), (1, 2, 'b2'), (2, 1, 'c3')")

    backup(tmp_path / "embed90.dump", live.backup)

    assert (tmp_path / "embed90.dump.heads").read_text().splitlines() == [
        "event=audited organisation_id=1 number=2 hash=b2",
        "event=audited organisation_id=2 number=1 hash=c3",
    ]


@pytest.mark.parametrize("role", ["owner", "app"])
def test_a_role_that_policies_apply_to_cannot_make_a_backup(live: Addresses, role: str, tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="may read everything"):
        backup(tmp_path / "embed90.dump", getattr(live, role))

    assert list(tmp_path.iterdir()) == []


def test_a_dump_with_fewer_rows_than_the_database_is_refused(
    live: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `pg_dump --enable-row-security` does as the owner: it succeeds, and is empty."""
    trap = tmp_path / "bin" / "pg_dump"
    trap.parent.mkdir()
    real = f"{client('pg_dump')} --enable-row-security --format=custom --dbname='{live.owner}'"
    trap.write_text(f'#!/bin/sh\nfor last; do case "$last" in --file=*) exec {real} "$last";; esac; done\n')
    trap.chmod(0o755)
    monkeypatch.setattr("programme.local.backup.client", lambda name: str(trap) if name == "pg_dump" else client(name))

    with pytest.raises(LocalError, match=r"public\.reflection: 100 expected, 0 found"):
        backup(tmp_path / "embed90.dump", live.backup)

    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_a_truncated_file_is_noticed_before_anything_is_restored(live: Addresses, tmp_path: Path) -> None:
    file = tmp_path / "embed90.dump"
    backup(file, live.backup)
    file.write_bytes(file.read_bytes()[:-400])
    new = new_database(live, "stays_empty")

    with pytest.raises(LocalError, match="cannot be read as a backup"):
        restore(file, owner_url=new.owner, backup_url=new.backup)

    with psycopg.connect(new.owner) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_a_database_with_tables_is_not_restored_into(live: Addresses, tmp_path: Path) -> None:
    file = tmp_path / "embed90.dump"
    backup(file, live.backup)

    with pytest.raises(LocalError, match="not empty, it has 3 tables"):
        restore(file, owner_url=live.owner, backup_url=live.backup)


def test_a_restored_table_without_its_wall_is_reported(live: Addresses, tmp_path: Path) -> None:
    with psycopg.connect(live.owner) as connection:
        connection.execute("DROP POLICY own ON answer")
    file = tmp_path / "embed90.dump"
    backup(file, live.backup)
    new = new_database(live, "without_wall")

    with pytest.raises(LocalError, match="not enforced on answer"):
        restore(file, owner_url=new.owner, backup_url=new.backup)


def test_a_restored_database_replaces_the_old_one(live: Addresses, tmp_path: Path) -> None:
    file = tmp_path / "embed90.dump"
    backup(file, live.backup)
    new = new_database(live, "takes_the_place")
    restore(file, owner_url=new.owner, backup_url=new.backup)
    with psycopg.connect(live.owner) as connection:
        connection.execute("DROP TABLE answer")

        with pytest.raises(LocalError, match="stop web and workers first"):
            take_the_place("takes_the_place", live.owner, kept_as="kept_for_later")
    take_the_place("takes_the_place", live.owner, kept_as="kept_for_later")

    with psycopg.connect(live.backup) as connection:
        answers = connection.execute("SELECT count(*) FROM answer").fetchone()
    with psycopg.connect(live.of("kept_for_later").backup) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert (answers, tables) == ((40,), (2,))


def test_a_name_that_is_taken_is_refused(live: Addresses) -> None:
    new_database(live, "taken")

    with pytest.raises(LocalError, match="There is a database taken already"):
        create_database("taken", live.owner)


def test_the_wheel_brings_clients_of_the_servers_version() -> None:
    for program in ("pg_dump", "pg_restore", "psql"):
        said = subprocess.run([client(program), "--version"], capture_output=True, text=True, check=True).stdout
        assert "(PostgreSQL) 18." in said
