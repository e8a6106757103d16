"""PostgreSQL's wall by itself: raw SQL with the rights of the app, no Django in between.

Every owned table, every command, in every state the setting can be in. A cell holds how many rows were touched,
THROUGH when a new row passed the policy, or the name of the refusal.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from psycopg import errors, sql

from cohorts.tenancy.grants import APPEND_ONLY
from tests.architecture.catalogue import DOORS
from tests.architecture.owned import OWNED

THROUGH, REFUSED, MALFORMED = "through", "InsufficientPrivilege", "InvalidTextRepresentation"
UNSET: dict[str, str] = {}
EMPTY = {"app.organisation": ""}
PLANNER = {"app.organisation": "", "app.across": "planner"}
GARBAGE = ["x", "1x", "1 OR 1=1", "1,2", "00000000-0000-0000-0000-000000000000", "NULL", "99999999999999999999"]


@pytest.fixture(scope="module")
def houses(django_db_setup: None) -> dict[str, int]:
    """Keys of both organisations; Acme and Zenith are in the database from the start."""
    with as_app() as app:
        return dict(app.execute("SELECT slug, id FROM cohorts_organisation").fetchall())


@pytest.fixture(scope="module")
def bait(houses: dict[str, int]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows of each table and organisation."""
    found = {}
    for slug, key in houses.items():
        with opened({"app.organisation": str(key)}) as app:
            for table in OWNED:
                query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(table))
                found[table, slug] = [row for (row,) in app.execute(query).fetchall()]
    return found


def as_app() -> psycopg.Connection:
    """A new connection, nothing has been set on it."""
    database = settings.DATABASES["default"]
    app = psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
        autocommit=True,
    )
    app.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_ROLE)))
    return app


IDLE: dict[frozenset[str], list[psycopg.Connection]] = {}


@contextmanager
def opened(scope: dict[str, str]) -> Iterator[psycopg.Connection]:
    """A transaction with these settings, as `within` makes them: local to it.

    Signing in takes longer than most questions, so a connection is used again, but only for the same names: a setting
    that was there once is empty and no longer unset.
    """
    idle = IDLE.setdefault(frozenset(scope), [])
    app = idle.pop() if idle else as_app()
    app.autocommit = False
    for name, value in scope.items():
        app.execute("SELECT set_config(%s, %s, true)", [name, value])
    try:
        yield app
    finally:
        app.rollback()
        idle.append(app)


class Table:
    """The commands of the matrix on one table. Each is tried and taken back."""

    def __init__(self, app: psycopg.Connection, name: str) -> None:
        self.app, self.name = app, sql.Identifier(name)

    def _try(self, statement: str, *params: object) -> int | str:
        query = sql.SQL(statement).format(table=self.name)
        try:
            with self.app.transaction(force_rollback=True):
                return self.app.execute(query, params).rowcount
        except errors.UniqueViolation:
            return THROUGH  # policies are asked first
        except psycopg.Error as error:
            return type(error).__name__

    def select(self, organisation: int | None = None) -> int | str:
        if organisation is None:
            return self._try("SELECT * FROM {table}")
        return self._try("SELECT * FROM {table} WHERE organisation_id = %s", organisation)

    def lock(self, organisation: int) -> int | str:
        return self._try("SELECT id FROM {table} WHERE organisation_id = %s FOR UPDATE", organisation)

    def insert(self, row: dict[str, Any], **changes: Any) -> int | str:
        new = json.dumps(row | {"id": 9_000_000_000} | changes)
        done = self._try("INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s)).*", new)
        return THROUGH if done == 1 else done

    def upsert(self, row: dict[str, Any], **changes: Any) -> int | str:
        statement = """
            INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s)).*
            ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id
        """
        return self._try(statement, json.dumps(row | changes))

    def update(self) -> int | str:
        return self._try("UPDATE {table} SET organisation_id = organisation_id")

    def update_of(self, organisation: int) -> int | str:
        return self._try("UPDATE {table} SET id = id WHERE organisation_id = %s RETURNING *", organisation)

    def move_to(self, organisation: int) -> int | str:
        return self._try("UPDATE {table} SET organisation_id = %s", organisation)

    def delete(self) -> int | str:
        return self._try("DELETE FROM {table}")

    def delete_of(self, organisation: int) -> int | str:
        return self._try("DELETE FROM {table} WHERE organisation_id = %s RETURNING *", organisation)

    def truncate(self) -> int | str:
        return self._try("TRUNCATE {table}")

    def select_past_the_policies(self) -> int | str:
        return self._try("SET LOCAL row_security = off; SELECT * FROM {table}")

    def copy_in(self) -> int | str:
        return self._copy("COPY {table} FROM STDIN")

    def copy_out(self) -> int | str:
        return self._copy("COPY {table} TO STDOUT")

    def _copy(self, statement: str) -> int | str:
        try:
            with (
                self.app.transaction(force_rollback=True),
                self.app.cursor() as cursor,
                cursor.copy(sql.SQL(statement).format(table=self.name)) as copy,
            ):
                return sum(1 for _ in copy.rows())
        except psycopg.Error as error:
            return type(error).__name__


def rewriting(table: str, allowed: int | str) -> int | str:
    """What UPDATE and DELETE answer: the audit trail refuses them before any policy is asked."""
    return REFUSED if table in APPEND_ONLY else allowed


@pytest.mark.parametrize("table", OWNED)
def test_there_is_bait_on_both_sides(table: str, bait: dict) -> None:
    assert bait[table, "acme"]
    assert bait[table, "zenith"]
    assert {row["id"] for row in bait[table, "acme"]}.isdisjoint(row["id"] for row in bait[table, "zenith"])


@pytest.mark.parametrize("table", OWNED)
@pytest.mark.parametrize(("own", "other"), [("acme", "zenith"), ("zenith", "acme")])
def test_inside_one_organisation(table: str, own: str, other: str, houses: dict[str, int], bait: dict) -> None:
    mine, theirs = bait[table, own], bait[table, other]
    with opened({"app.organisation": str(houses[own])}) as app:
        here = Table(app, table)

        assert here.select() == here.copy_out() == here.select(houses[own]) == len(mine)
        assert here.update() == here.delete() == rewriting(table, len(mine))
        assert here.insert(mine[0]) == THROUGH
        assert here.upsert(mine[0]) == rewriting(table, 1)

        foreign = houses[other]
        assert here.select(foreign) == 0
        assert here.lock(foreign) == here.update_of(foreign) == here.delete_of(foreign) == rewriting(table, 0)
        assert here.move_to(foreign) == REFUSED
        assert here.insert(theirs[0]) == here.insert(mine[0], organisation_id=foreign) == REFUSED
        assert here.upsert(theirs[0]) == REFUSED
        assert here.upsert(mine[0], id=theirs[0]["id"]) == REFUSED

        assert here.truncate() == here.select_past_the_policies() == REFUSED
        assert here.copy_in() == "FeatureNotSupported"


@pytest.mark.parametrize("table", OWNED)
@pytest.mark.parametrize("scope", [UNSET, EMPTY, {"app.organisation": "0"}, {"app.organisation": "-1"}])
def test_with_no_organisation_nothing_is_there(table: str, scope: dict[str, str], houses: dict, bait: dict) -> None:
    with opened(scope) as app:
        here = Table(app, table)

        assert here.select() == here.copy_out() == 0
        assert here.update() == here.delete() == rewriting(table, 0)
        for slug, key in houses.items():
            assert here.select(key) == 0
            assert here.insert(bait[table, slug][0]) == here.upsert(bait[table, slug][0]) == REFUSED


@pytest.mark.parametrize("table", OWNED)
def test_a_malformed_organisation_is_an_error_and_never_a_row(table: str, bait: dict) -> None:
    for garbage in GARBAGE:
        refused = "NumericValueOutOfRange" if garbage.isdigit() else MALFORMED
        with opened({"app.organisation": garbage}) as app:
            here = Table(app, table)

            assert here.select() == here.copy_out() == refused, garbage
            assert here.update() == here.delete() == rewriting(table, refused), garbage
            assert here.insert(bait[table, "acme"][0]) == refused, garbage
            assert here.upsert(bait[table, "acme"][0]) == rewriting(table, refused), garbage


def doors(table: str, reason: str) -> set[str]:
    return {command for (door, name), (command, *_) in DOORS.items() if door == table and name.startswith(f"{reason}_")}


@pytest.mark.parametrize("table", OWNED)
def test_the_planner_reaches_its_own_tables_and_no_other(table: str, bait: dict) -> None:
    everything = len(bait[table, "acme"]) + len(bait[table, "zenith"])
    allowed = doors(table, "planner")
    with opened(PLANNER) as app:
        here = Table(app, table)

        assert here.select() == (everything if "SELECT" in allowed else 0)
        assert here.update() == rewriting(table, everything if "UPDATE" in allowed else 0)
        assert here.delete() == rewriting(table, everything if "DELETE" in allowed else 0)
        assert here.insert(bait[table, "acme"][0]) == (THROUGH if "INSERT" in allowed else REFUSED)


@pytest.mark.parametrize("table", OWNED)
def test_a_person_reaches_their_own_memberships_and_nothing_else(table: str, bait: dict) -> None:
    memberships = bait["cohorts_membership", "acme"] + bait["cohorts_membership", "zenith"]
    people = [row["person_id"] for row in memberships]
    pat = next(person for person in people if people.count(person) == 2)
    with opened({"app.organisation": "", "app.across": "person", "app.person": str(pat)}) as app:
        here = Table(app, table)

        assert here.select() == (2 if "SELECT" in doors(table, "person") else 0)
        assert here.update() == here.delete() == rewriting(table, 0)
        assert here.insert(bait[table, "acme"][0]) == REFUSED


def test_an_unknown_reason_opens_no_door() -> None:
    with opened({"app.organisation": "", "app.across": "everything"}) as app:
        assert [Table(app, table).select() for table in OWNED] == [0] * len(OWNED)


@pytest.mark.parametrize("table", OWNED)
def test_a_row_cannot_point_into_another_organisation(table: str, houses: dict[str, int], bait: dict) -> None:
    """The composite keys: a reference to the other side is refused, although it names an existing row."""
    mine = bait[table, "acme"][0]
    # Rows that can only be added keep their place: the new one takes another, where a number is part of it.
    elsewhere = {"number": 9_000} if table in APPEND_ONLY and "number" in mine else {}
    with opened({"app.organisation": str(houses["acme"])}) as app:
        assert try_to_point(app, table, mine | {"id": 9_000_000_000}) == THROUGH or table in APPEND_ONLY
        for column, target in pointers(table):
            # A row that has this key already: of two keys where one must be empty, the other stays so.
            mine = next((row for row in bait[table, "acme"] if row[column] is not None), bait[table, "acme"][0])
            moved = mine | elsewhere | {"id": 9_000_000_000, column: bait[target, "zenith"][0]["id"]}
            assert try_to_point(app, table, moved) == "ForeignKeyViolation", column


def pointers(table: str) -> Iterator[tuple[str, str]]:
    """Column and target of every key to an owned row, as the models mean them."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    for field in model._meta.concrete_fields:
        if field.remote_field and field.related_model._meta.db_table in OWNED:
            yield field.column, field.related_model._meta.db_table


def try_to_point(app: psycopg.Connection, table: str, row: dict[str, Any]) -> str:
    """Free the row's unique places first where that is allowed, so that only the key can say no."""
    name = sql.Identifier(table)
    try:
        with app.transaction(force_rollback=True):
            if table not in APPEND_ONLY:
                app.execute(sql.SQL("DELETE FROM {}").format(name))
            insert = sql.SQL("INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s)).*").format(
                table=name
            )
            app.execute(insert, [json.dumps(row)])
            app.execute(f"SET CONSTRAINTS {keys(app, table)} IMMEDIATE")
    except psycopg.Error as error:
        return type(error).__name__
    return THROUGH


def keys(app: psycopg.Connection, table: str) -> str:
    query = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
    return ", ".join(f'"{name}"' for (name,) in app.execute(query, [table]).fetchall())


@pytest.mark.parametrize("table", OWNED)
def test_row_security_applies_to_the_table_owner(table: str, houses: dict[str, int], bait: dict) -> None:
    with opened(EMPTY) as app:
        app.execute("RESET ROLE")
        here = Table(app, table)

        assert here.select() == here.update() == here.delete() == 0
        assert here.insert(bait[table, "acme"][0]) == REFUSED


def test_statistics_tell_nothing(houses: dict[str, int]) -> None:
    """Row security hides the samples that ANALYZE keeps of our tables; those of a global table can be read."""
    with as_app() as app:
        app.execute("RESET ROLE")
        app.execute("ANALYZE")
        app.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_ROLE)))
        seen = app.execute(
            "SELECT DISTINCT tablename::text FROM pg_stats WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()

    assert ("cohorts_person",) in seen
    assert not {table for (table,) in seen} & set(OWNED)


def test_the_server_is_the_version_we_say(houses: dict[str, int]) -> None:
    with as_app() as app:
        assert app.info.server_version // 10_000 == 18
