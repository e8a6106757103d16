"""Tenant isolation in two layers, each sufficient alone.

PostgreSQL: every owned table has FORCE ROW LEVEL SECURITY and a policy that compares
`organisation_id` with the transaction-local setting `app.organisation`; keys between owned tables are
composite, because a single-column key is checked past the policies.
ORM: managers add the organisation as a literal parameter when the SQL runs, and refuse when none is open.

Rows that only their author may read (`author_field`) need a third thing open: the member, by `as_member(membership)`.

`within(organisation)` enters one organisation. `across_organisations(reason)` is the only exception: it lifts the ORM
check, and PostgreSQL still shows only tables with a policy for that reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import Func
from django.db.models.sql.compiler import SQLCompiler


class NoOrganisation(Exception):
    """A query on tenant rows was about to run outside an organisation."""


class NoMember(Exception):
    """A query on rows that only their author may read was about to run for nobody in particular."""


class ForeignRow(Exception):
    """A row of one organisation was about to be saved while another was open."""


class Across(StrEnum):
    """Reasons to query across organisations. Each has its own narrow policies."""

    PLANNER = "planner"  # clocks, dates of rounds, outbox rows of every kind: no text
    PERSON = "person"  # memberships of the signed-in person
    RATER = "rater"  # raters with one address, to send them their links again


_open: ContextVar[int | Across | None] = ContextVar("open_organisation", default=None)
_member: ContextVar[int | None] = ContextVar("open_member", default=None)


def current_organisation_id() -> int:
    """The id of the open organisation. Raises NoOrganisation outside `within`."""
    scope = _open.get()
    if not isinstance(scope, int):
        raise NoOrganisation("Open an organisation with within() first.")
    return scope


def _set_locally(values: Mapping[str, str]) -> dict[str, str]:
    """Set these for this transaction, in one statement; returns what they were."""
    asked = ", ".join(["current_setting(%s, true)"] * len(values) + ["set_config(%s, %s, true)"] * len(values))
    arguments = [*values, *(part for pair in values.items() for part in pair)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", arguments)
        return {name: before or "" for name, before in zip(values, cursor.fetchone(), strict=False)}


@contextmanager
def _open_scope(scope: int | Across, settings: Mapping[str, str]) -> Iterator[None]:
    # An exception rolls back to the savepoint, and PostgreSQL restores the settings with it. The end of the outermost
    # transaction does the same, so there only a nested scope puts back what it found.
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        before = _set_locally({**settings, "app.member": ""})
        token, member = _open.set(scope), _member.set(None)
        try:
            yield
        finally:
            _open.reset(token)
            _member.reset(member)
        if is_nested and not connection.needs_rollback:
            _set_locally(before)


@contextmanager
def within(organisation: models.Model | int) -> Iterator[None]:
    """Open one organisation for this block, in one transaction. Nested blocks restore the outer one."""
    key = organisation if isinstance(organisation, int) else int(organisation.pk)
    with _open_scope(key, {"app.organisation": str(key), "app.across": ""}):
        yield


@contextmanager
def as_member(member: models.Model | int) -> Iterator[None]:
    """Inside an organisation: also open what only this member may read. One module does, for who is signed in."""
    current_organisation_id()
    key = member if isinstance(member, int) else int(member.pk)
    with transaction.atomic():
        before = _set_locally({"app.member": str(key)})
        token = _member.set(key)
        try:
            yield
        finally:
            _member.reset(token)
        if not connection.needs_rollback:
            _set_locally(before)


@contextmanager
def across_organisations(reason: Across, *, person_id: int | None = None, email: str | None = None) -> Iterator[None]:
    """Query across organisations for a named reason; PostgreSQL policies decide what it may see."""
    settings = {"app.organisation": "", "app.across": reason.value}
    if person_id is not None:
        settings["app.person"] = str(person_id)
    if email is not None:
        settings["app.email"] = email
    with _open_scope(reason, settings):
        yield


class InOpenOrganisation(Func):
    """`organisation_id = <the open one>`, decided when the SQL is compiled, not when the query is built."""

    output_field = models.BooleanField()
    conditional = True

    def as_sql(self, compiler: SQLCompiler, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        if isinstance(_open.get(), Across):
            return "TRUE", ()
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = %s", (*params, current_organisation_id())


class ByOpenMember(Func):
    """`<author> = <the open member>`, decided when the SQL is compiled. Raises NoMember when there is none."""

    output_field = models.BooleanField()
    conditional = True

    def as_sql(self, compiler: SQLCompiler, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        member = _member.get()
        if member is None:
            raise NoMember("Only its author may read this; open a member with as_member() first.")
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = %s", (*params, member)


class OwnedQuerySet(models.QuerySet):
    """A query on tenant rows. Runs only inside an organisation and sees only its rows."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.belong()
        return super().bulk_create(rows, *args, **kwargs)


class OwnedManager(models.Manager):
    """Restricts queries to the open organisation. Named queries: `OwnedManager.from_queryset(EnrolmentQuerySet)()`."""

    _queryset_class = OwnedQuerySet

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(InOpenOrganisation("organisation_id"))


class AuthoredManager(OwnedManager):
    """Restricts queries to the open member's own rows, too. Its model names the key of their author, `author_field`."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(ByOpenMember(self.model.author_field))  # type: ignore[attr-defined]


class _Wall(models.BaseConstraint):
    """A constraint in raw SQL, run at the end of its migration."""

    def statement(self, model: Any, schema_editor: Any) -> str:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # CreateModel asks for an inline clause; ours must wait until its table and the key it refers to exist.
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        # CreateModel defers what this returns when a column has a default in the database; None would not run.
        self.constraint_sql(model, schema_editor)
        return ""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to validate in Python: PostgreSQL enforces it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wall) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


_ASKED = "(SELECT current_setting('app.across', true)) = '{}'"
_ACROSS = {
    Across.PLANNER: _ASKED.format("planner"),
    Across.PERSON: _ASKED.format("person")
    + " AND person_id = (SELECT NULLIF(current_setting('app.person', true), '')::bigint)",
    Across.RATER: _ASKED.format("rater")
    + " AND lower(email) = (SELECT NULLIF(current_setting('app.email', true), ''))",
}


class OrganisationPolicy(_Wall):
    """Row-level security for one tenant table, enabled and forced, plus the policies of its `Across` reasons.

    `across` maps a reason to the commands it allows here, such as `{"planner": ["SELECT"]}`. With an `author` column
    only the rows of the open member exist, for reading and writing.
    """

    def __init__(
        self, *, name: str, across: Mapping[str, Sequence[str]] = MappingProxyType({}), author: str = ""
    ) -> None:
        super().__init__(name=name)
        self.across = {str(reason): list(commands) for reason, commands in across.items()}
        self.author = author

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        author = {"author": self.author} if self.author else {}
        return path, args, {**kwargs, "across": self.across, **author}

    def _policies(self) -> Iterator[tuple[str, str]]:
        mine = "organisation_id = (SELECT NULLIF(current_setting('app.organisation', true), '')::bigint)"
        if self.author:
            mine += f" AND {self.author} = (SELECT NULLIF(current_setting('app.member', true), '')::bigint)"
        yield "organisation", f"USING ({mine}) WITH CHECK ({mine})"
        for reason, commands in self.across.items():
            rule = _ACROSS[Across(reason)]
            for command in commands:
                using = "" if command == "INSERT" else f" USING ({rule})"
                check = "" if command == "SELECT" else f" WITH CHECK ({rule})"
                yield f"{reason}_{command.lower()}", f"FOR {command}{using}{check}"

    def statement(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        security = [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY" for word in ("ENABLE", "FORCE")]
        policies = [f"CREATE POLICY {name} ON {table} {rule}" for name, rule in self._policies()]
        return ";\n".join(security + policies)

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return ";\n".join(f"DROP POLICY {name} ON {table}" for name, _ in self._policies())


class SameOrganisation(_Wall):
    """A composite foreign key `(organisation_id, x_id)`, so that no row can point into another organisation."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statement(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> str:
        field = model._meta.get_field(self.field)
        quote = schema_editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY (organisation_id, {quote(field.column)}) "
            f"REFERENCES {quote(field.remote_field.model._meta.db_table)} (organisation_id, id) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"


def _declare(model: type[models.Model], kind: str, *things: Any) -> None:
    """Add constraints or indexes to a model; historical models already have them as options."""
    if model.__module__ == "__fake__" or model._meta.abstract:
        return
    declared = [*getattr(model._meta, kind), *things]
    setattr(model._meta, kind, declared)
    model._meta.original_attrs[kind] = declared


class OrganisationKey(models.ForeignKey):
    """The foreign key that makes a table a tenant table. Declares its policy and composite target key.

    A model with `is_target = False` is one that no other table points at and that changes fast: it has no target key,
    and its composite keys to other tenant tables hold its organisation instead of a foreign key of its own.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to", "cohorts.Organisation")
        kwargs.setdefault("on_delete", models.CASCADE)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("editable", False)
        kwargs["db_index"] = False  # every index of a tenant table already starts with it
        super().__init__(**kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        cls._meta.base_manager_name = "objects"  # forward keys and cascades stay inside the organisation, too
        table = cls._meta.db_table
        if getattr(cls, "is_target", True):
            _declare(cls, "constraints", models.UniqueConstraint(fields=["organisation", "id"], name=f"{table}_owned"))
        else:
            self.db_constraint = False
        author = getattr(cls, "author_field", "")
        policy = OrganisationPolicy(
            name=f"{table}_policy", across=getattr(cls, "across", {}), author=f"{author}_id" if author else ""
        )
        _declare(cls, "constraints", policy)


class OwnedForeignKey(models.ForeignKey):
    """A foreign key to a tenant row of the same organisation: composite in the database, with an index.

    A unique constraint with the same prefix serves as its index; `is_indexed=False` is for keys on fast-changing tables
    that are never followed backwards.
    """

    def __init__(self, to: Any, on_delete: Any = models.CASCADE, *, is_indexed: bool = True, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        self.is_indexed = is_indexed
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        table = cls._meta.db_table
        _declare(cls, "constraints", SameOrganisation(name=f"{table}_{name}_same", field=name))
        if self.is_indexed and not _begins_unique_key(cls, name):
            index = models.Index(fields=["organisation", name], name=f"{table}_{name}"[-30:].lstrip("_0123456789"))
            _declare(cls, "indexes", index)


def _begins_unique_key(model: type[models.Model], name: str) -> bool:
    keys = (each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint))
    return any(key.fields[:2] == ("organisation", name) and key.condition is None for key in keys)


class OrganisationOwned(models.Model):
    """Base class of tenant tables: rows belong to one organisation and are visible only inside it."""

    across: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({})
    is_target: ClassVar[bool] = True
    author_field: ClassVar[str] = ""  # the key to the only member who may read a row
    organisation = OrganisationKey()

    objects: Any = OwnedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.belong()
        super().save(*args, **kwargs)

    def belong(self) -> Self:
        """Set the open organisation. Raises ForeignRow if the row belongs to another one."""
        key = current_organisation_id()
        if self.organisation_id is None:
            self.organisation_id = key
        if self.organisation_id != key:
            raise ForeignRow(f"{self._meta.label} belongs to another organisation.")
        return self
