"""Write thousands of rows in one statement: an array for each column.

`bulk_create` does the same for models without array columns; for the others it binds every value of every row by
itself, which takes ten times as long. COPY would be faster still, but is refused where there is row-level security.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

from cohorts.tenancy.wall import OrganisationOwned, current_organisation_id

Row = TypeVar("Row", bound=OrganisationOwned)
ROWS_A_STATEMENT = 2_000
ADAPTED = (models.BooleanField, models.DateField, models.IntegerField)  # as they are; DateField: date-times, too
LENGTH = re.compile(r"\(.*?\)")  # a cast to varchar(9) would cut silently what an insert refuses

INSERT = "INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) AS row ({columns})"
RETURNING = f"{INSERT} RETURNING {{filled}}"
IGNORING = f"{INSERT} ON CONFLICT DO NOTHING"


def insert_rows(rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """Insert new rows of one model into the open organisation. They get keys, unless conflicts are ignored."""
    left = iter(rows)
    with transaction.atomic():
        while piece := list(islice(left, ROWS_A_STATEMENT)):
            _insert(piece, ignore_conflicts=ignore_conflicts)


def update_column(model: type[OrganisationOwned], name: str, values: Mapping[int, Any]) -> None:
    """Set one column of rows of the open organisation, by their key. Not for array columns."""
    field: Any = model._meta.get_field(name)
    left = iter(values.items())
    statement = sql.SQL(
        "UPDATE {table} AS old SET {column} = new.value FROM unnest(%s::bigint[], %s::{type}[]) AS new (id, value) "
        "WHERE old.organisation_id = %s AND old.id = new.id"
    ).format(
        table=sql.Identifier(model._meta.db_table), column=sql.Identifier(field.column), type=sql.SQL(_type(field))
    )
    with transaction.atomic(), connection.cursor() as cursor:
        while piece := list(islice(left, ROWS_A_STATEMENT)):
            keys, given = zip(*piece, strict=True)
            cursor.execute(statement, [list(keys), list(_adapted(field, given)), current_organisation_id()])


def _insert(rows: Sequence[Row], *, ignore_conflicts: bool) -> None:
    for row in rows:
        row.belong()
    meta = rows[0]._meta
    all_fields: list[Any] = [field for field in meta.concrete_fields if not field.primary_key]
    fields = [each for each in all_fields if not isinstance(getattr(rows[0], each.attname), DatabaseDefault)]
    filled: list[Any] = [meta.pk, *(each for each in all_fields if each not in fields)]  # by PostgreSQL
    statement = sql.SQL(IGNORING if ignore_conflicts else RETURNING).format(
        table=sql.Identifier(meta.db_table),
        columns=_names(fields),
        values=sql.SQL(", ").join([_selected(field) for field in fields]),
        arrays=sql.SQL(", ").join([sql.SQL(f"%s::{_type(field)}[]") for field in fields]),
        filled=_names(filled),
    )
    arrays = [list(_adapted(field, (getattr(row, field.attname) for row in rows))) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, arrays)
        if ignore_conflicts:
            return
        for row, values in zip(rows, cursor.fetchall(), strict=True):
            for each, value in zip(filled, values, strict=True):
                setattr(row, each.attname, value)
            row._state.adding, row._state.db = False, connection.alias


def _names(fields: Iterable[Any]) -> sql.Composable:
    return sql.SQL(", ").join([sql.Identifier(field.column) for field in fields])


def _bare_type(field: Any) -> str:
    return LENGTH.sub("", str(field.db_type(connection)))


def _type(field: Any) -> str:
    """Of one value in the array of a column. An array in an array is text, since all of those would be equally long."""
    return "text" if isinstance(field, ArrayField) else _bare_type(field)


def _selected(field: Any) -> sql.Composable:
    cast = f"::{_bare_type(field)}" if isinstance(field, ArrayField) else ""
    return sql.Composed([sql.Identifier(field.column), sql.SQL(cast)])


def _adapted(field: Any, values: Any) -> Iterator[Any]:
    if isinstance(field, ArrayField):
        return map(_literal, values)
    if field.is_relation or isinstance(field, ADAPTED):
        return iter(values)
    return (field.get_db_prep_save(value, connection) for value in values)


def _literal(values: Sequence[Any] | None) -> str | None:
    if values is None:
        return None
    words = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{word}"' for word in words) + "}"
