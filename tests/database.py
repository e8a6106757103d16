"""Databases for tests: one template, migrated and peopled once, and a copy of it for every test process.

The template is named after what it is made of, so a changed migration or cast makes a new one; so does another secret
key, which signs the sessions of the cast. Advisory locks in the maintenance database say who uses what; whatever nobody
holds is dropped by the next run.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

PREFIX = "test_embed90_"
PROJECT = Path(__file__).resolve().parent.parent
INGREDIENTS = [
    "uv.lock",
    "*/migrations/*.py",
    "*/models/*.py",
    "*/models.py",
    "cohorts/tenancy/grants.py",
    "cohorts/tenancy/tracking.py",
    "cohorts/tenancy/wall.py",
    "tests/cast.py",
    "tests/factories.py",
    "tests/database.py",
]


def make_template_once() -> None:
    """In a process of its own, before any test is timed; nothing to do where there is one."""
    with _maintenance() as server:
        if not _exists(server, template_name()):
            subprocess.run([sys.executable, "-m", "tests.database"], cwd=PROJECT, check=True)


@contextmanager
def own_database() -> Iterator[str]:
    """A fresh copy of the template, gone afterwards. Django's connection points at it meanwhile."""
    name = f"{PREFIX}{os.getpid()}_{os.urandom(3).hex()}"
    with _maintenance() as server:
        template = template_name()
        _hold(server, template, shared=True)
        if not _exists(server, template):
            _make_template(server, template)
        _drop_abandoned(server, but=template)
        _hold(server, name)
        _create(server, name, template)
        _point_django_at(name)
        try:
            yield name
        finally:
            connection.close()
            _drop(server, name)


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner role in this block. Row security still applies to it: it is forced."""
    with transaction.atomic(), connection.cursor() as cursor:  # an exception rolls back, and the role with it
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        yield
        cursor.execute(_named("SET ROLE {}", before))


def _maintenance() -> psycopg.Connection:
    database = settings.DATABASES["default"]
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def template_name() -> str:
    paths = sorted({path for pattern in INGREDIENTS for path in PROJECT.glob(pattern)})
    whole = hashlib.sha256(settings.SECRET_KEY.encode())
    for path in paths:
        whole.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return f"{PREFIX}template_{whole.hexdigest()[:12]}"


def _make_template(server: psycopg.Connection, template: str) -> None:
    """Under another name until it is whole. Several processes may come here at once; the first one does it."""
    unfinished = f"{template}_unfinished"
    with _alone(server, unfinished):
        if _exists(server, template):
            return
        _drop(server, unfinished)
        _create(server, unfinished, "template1")
        _point_django_at(unfinished)
        _migrate_as_owner()
        call_command("flush", interactive=False)
        connection.close()
        server.execute(_named("ALTER DATABASE {} RENAME TO {}", unfinished, template))


def _migrate_as_owner() -> None:
    options = connection.settings_dict["OPTIONS"]
    role = options.pop("assume_role")
    try:
        call_command("migrate", verbosity=0)
    finally:
        options["assume_role"] = role
        connection.close()


def _create(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(_named("CREATE DATABASE {} TEMPLATE {}", name, template))
    server.execute(_named("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
    server.execute(_named("GRANT CONNECT ON DATABASE {} TO {}", name, settings.APP_ROLE))


def _drop(server: psycopg.Connection, name: str) -> None:
    """With whoever is still connected. FORCE may not end an autovacuum worker; the plain form waits for it to leave."""
    try:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
    except psycopg.errors.InsufficientPrivilege:
        server.execute(_named("DROP DATABASE IF EXISTS {}", name))


def _point_django_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_abandoned(server: psycopg.Connection, *, but: str) -> None:
    """Whatever nobody holds. Our own template is named: a session that holds a lock is given it a second time."""
    names = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]).fetchall()
    for name in {name for (name,) in names} - {but}:
        if server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()[0]:
            server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
            _release(server, name)


def _hold(server: psycopg.Connection, name: str, *, shared: bool = False) -> None:
    call = "pg_advisory_lock_shared" if shared else "pg_advisory_lock"
    server.execute(f"SELECT {call}(hashtext(%s))", [name])


def _release(server: psycopg.Connection, name: str) -> None:
    server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


@contextmanager
def _alone(server: psycopg.Connection, name: str) -> Iterator[None]:
    _hold(server, name)
    try:
        yield
    finally:
        _release(server, name)


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


if __name__ == "__main__":
    django.setup()
    with own_database():
        pass
