"""Rows of tenant tables written in sets: thousands of them in one statement, as arrays.

`bulk_create` makes a value of each column of each row by itself, and with columns that are arrays it cannot do better.
Here a table is written by columns, without an object for each row. COPY is refused where there is row-level security.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from psycopg import sql

from cohorts.tenancy.wall import OrganisationOwned, current_organisation_id

ROWS_A_STATEMENT = 2_000
ADAPTED = (models.BooleanField, models.CharField, models.DateField, models.IntegerField)  # DateField: date-times, too
LENGTH = re.compile(r"\(.*?\)")  # a cast to varchar(9) would cut silently what an insert refuses

INSERT = "INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) AS row ({given})"
RETURNING = f"{INSERT} RETURNING id"
IGNORING = f"{INSERT} ON CONFLICT DO NOTHING RETURNING id"
UPDATE = """
UPDATE {table} AS old SET {column} = new.value FROM unnest(%s::bigint[], %s::{type}[]) AS new (id, value)
WHERE old.organisation_id = %s AND old.id = new.id AND old.{column} IS DISTINCT FROM new.value
"""
DELETE = "DELETE FROM {table} WHERE organisation_id = %s AND id = ANY(%s::bigint[])"


def insert_columns(
    model: type[models.Model], columns: Mapping[str, Sequence[Any]], *, ignore_conflicts: bool = False, **same: Any
) -> list[int]:
    """Insert rows of the open organisation. Returns their keys in order; those of conflicts are missing if ignored.

    `columns` have a value for each row, by field; `same` has one for all. What neither names gets its default.
    Raises NoOrganisation, ValueError if there is no column, and what PostgreSQL refuses, such as DataError for a text
    that is too long.
    """
    if not columns:
        raise ValueError("Give at least one column: it says how many rows there are.")
    if issubclass(model, OrganisationOwned):
        same["organisation"] = current_organisation_id()
    given = [_field(model, name) for name in columns]
    alike = {field: field.get_default() for field in model._meta.concrete_fields if _is_filled_by_us(field)}
    alike |= {_field(model, name): value for name, value in same.items()}
    alike = {field: value for field, value in alike.items() if field not in given}
    statement = sql.SQL(IGNORING if ignore_conflicts else RETURNING).format(
        table=sql.Identifier(model._meta.db_table),
        columns=_names([*alike, *given]),
        values=sql.SQL(", ").join([*(sql.SQL(f"%s::{_bare_type(each)}") for each in alike), *map(_selected, given)]),
        arrays=sql.SQL(", ").join([sql.SQL(f"%s::{_type(field)}[]") for field in given]),
        given=_names(given),
    )
    constants = [field.get_db_prep_save(getattr(value, "pk", value), connection) for field, value in alike.items()]
    left = [iter(values) for values in columns.values()]
    keys: list[int] = []
    with transaction.atomic(), connection.cursor() as cursor:
        while all(piece := [list(islice(values, ROWS_A_STATEMENT)) for values in left]):
            arrays = [_array(_adapted(field, values)) for field, values in zip(given, piece, strict=True)]
            cursor.execute(statement, [*constants, *arrays])
            keys += [key for (key,) in cursor.fetchall()]
    return keys


@dataclass(frozen=True, slots=True)
class KeysOf:
    """The column `id` of a table of the same statement, such as a common table expression, by its name."""

    table: str


class OneOf(models.Lookup):
    """`address__one_of=addresses`: one array, where `in` binds thousands of values by themselves.

    Keys that the statement has already are not sent: `pk__one_of=KeysOf("made_members")`.
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, KeysOf):
            table = connection.ops.quote_name(self.rhs.table)
            return f"{left} = ANY (SELECT id FROM {table})", parameters  # noqa: S608 - a name of ours, quoted
        field = self.lhs.output_field
        return f"{left} = ANY(%s::{_bare_type(field)}[])", (*parameters, _array(_adapted(field, list(self.rhs))))


models.Field.register_lookup(OneOf)
models.ForeignKey.register_lookup(OneOf)


def update_column(model: type[OrganisationOwned], name: str, values: Mapping[int, Any]) -> None:
    """Set one column of rows of the open organisation, by their key, where it is another. Not for array columns."""
    field = _field(model, name)
    left = iter(values.items())
    statement = sql.SQL(UPDATE).format(
        table=sql.Identifier(model._meta.db_table), column=sql.Identifier(field.column), type=sql.SQL(_type(field))
    )
    with transaction.atomic(), connection.cursor() as cursor:
        while piece := list(islice(left, ROWS_A_STATEMENT)):
            keys, given = zip(*piece, strict=True)
            cursor.execute(statement, [_array(keys), _array(_adapted(field, given)), current_organisation_id()])


def delete_rows(model: type[OrganisationOwned], keys: Sequence[int]) -> None:
    """Delete rows of the open organisation by their keys, in one statement. Foreign keys refuse it if one is named.

    `QuerySet.delete` would first read what every other table has of each of them.
    """
    statement = sql.SQL(DELETE).format(table=sql.Identifier(model._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_organisation_id(), _array(keys)])


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _is_filled_by_us(field: Any) -> bool:
    return not field.primary_key and (field.has_default() or not field.has_db_default())


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


def _adapted(field: Any, values: Sequence[Any]) -> Iterable[Any]:
    if isinstance(field, ArrayField):
        return (None if each is None else _array(each) for each in values)
    if field.is_relation or isinstance(field, ADAPTED):
        return values
    adapted = {each: field.get_db_prep_save(each, connection) for each in set(values)}
    return (adapted[each] for each in values)


def _array(values: Iterable[Any]) -> str:
    """As PostgreSQL writes arrays. Adapting every value by itself would take longer than inserting it."""
    known = list(values)
    kinds = set(map(type, known))
    if kinds == {int}:
        return "{" + ",".join(map(str, known)) + "}"
    if kinds == {str} and not any("\0" in each for each in known):
        return '{"' + _escaped("\0".join(known)).replace("\0", '","') + '"}'
    return "{" + ",".join(["NULL" if each is None else _element(each) for each in known]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    return f'"{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
