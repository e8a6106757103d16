"""Rows that only their author may read: PostgreSQL alone, then the ORM alone.

Every member of both organisations is tried in every organisation, and so is everybody who is nobody: jobs, the clock,
the owner of the tables. Raw SQL with the rights of the app, as in `test_sql_wall`.
"""

from typing import Any

import pytest
from django.db import connection, models, transaction

from cohorts.models import Membership
from cohorts.tenancy.wall import ByOpenMember, NoMember, NoOrganisation, as_member, within
from tests.architecture.owned import AUTHORED_MODELS
from tests.architecture.test_sql_wall import GARBAGE, REFUSED, THROUGH, Table, as_app, opened
from tests.cast import Cast, load
from tests.database import as_owner

TABLES = [model._meta.db_table for model in AUTHORED_MODELS]
HOUSES = ("acme", "zenith")


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return load()


def members(people: Cast) -> list[Membership]:
    return [member for slug in HOUSES for member in people.houses[slug].members.values()]


def rows_of(member: Membership, table: str) -> list[dict[str, Any]]:
    with opened({"app.organisation": str(member.organisation_id), "app.member": str(member.pk)}) as app:
        return [row for (row,) in app.execute(f"SELECT to_jsonb(t) FROM {table} AS t").fetchall()]


def bait(people: Cast, table: str) -> list[dict[str, Any]]:
    return [row for member in members(people) for row in rows_of(member, table)]


def column(table: str) -> str:
    return next(f"{model.author_field}_id" for model in AUTHORED_MODELS if model._meta.db_table == table)


def test_there_is_such_a_table() -> None:
    assert TABLES == ["coaching_privatenote"]


@pytest.mark.parametrize("table", TABLES)
def test_each_member_sees_their_own_rows_and_no_other(table: str, people: Cast) -> None:
    authors = {row[column(table)] for row in bait(people, table)}

    assert {people.ada.pk, people.sol.pk, people.cleo.pk, people.zoe.pk, people.cai.pk} <= authors
    for member in members(people):
        assert {row[column(table)] for row in rows_of(member, table)} <= {member.pk}


@pytest.mark.parametrize("table", TABLES)
def test_a_member_reaches_nothing_of_another(table: str, people: Cast) -> None:
    everything = bait(people, table)
    for member in members(people):
        mine = [row for row in everything if row[column(table)] == member.pk]
        theirs = [row for row in everything if row[column(table)] != member.pk]
        with opened({"app.organisation": str(member.organisation_id), "app.member": str(member.pk)}) as app:
            here = Table(app, table)

            assert here.select() == here.copy_out() == here.update() == here.delete() == len(mine)
            assert {here.insert(row) for row in theirs} == {REFUSED}
            assert {here.upsert(row) for row in theirs} == {REFUSED}
            assert here.select_past_the_policies() == REFUSED
            if mine:
                assert here.insert(mine[0]) == THROUGH
                assert here.insert(mine[0], **{column(table): people.hana.pk}) == REFUSED


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("slug", HOUSES)
@pytest.mark.parametrize("scope", [{}, {"app.member": ""}, {"app.member": "0"}, {"app.member": "-1"}])
def test_for_nobody_in_particular_no_row_is_there(table: str, slug: str, scope: dict, people: Cast) -> None:
    """How jobs, commands and exports connect, and the clock's reason to look across."""
    organisation = str(people.houses[slug].organisation.pk)
    for more in ({}, {"app.across": "planner"}, {"app.across": "person", "app.person": str(people.ada.person_id)}):
        with opened({"app.organisation": organisation, **scope, **more}) as app:
            here = Table(app, table)

            assert here.select() == here.copy_out() == here.update() == here.delete() == 0
            assert {here.insert(row) for row in bait(people, table)} == {REFUSED}


@pytest.mark.parametrize("table", TABLES)
def test_a_member_elsewhere_is_nobody(table: str, people: Cast) -> None:
    for member in members(people):
        for slug in HOUSES:
            if people.houses[slug].organisation.pk != member.organisation_id:
                scope = {"app.organisation": str(people.houses[slug].organisation.pk), "app.member": str(member.pk)}
                with opened(scope) as app:
                    assert Table(app, table).select() == 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_malformed_member_is_an_error_and_never_a_row(table: str, garbage: str, people: Cast) -> None:
    with opened({"app.organisation": str(people.acme.pk), "app.member": garbage}) as app:
        assert isinstance(Table(app, table).select(), str)


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_of_the_tables_reads_no_private_row(table: str, people: Cast) -> None:
    for slug in HOUSES:
        with opened({"app.organisation": str(people.houses[slug].organisation.pk)}) as app:
            app.execute("RESET ROLE")
            assert Table(app, table).select() == 0


def test_statistics_hold_no_private_words(people: Cast) -> None:
    with as_app() as app:
        app.execute("RESET ROLE")
        app.execute("ANALYZE coaching_privatenote")
        app.execute("SET ROLE embed90_app")
        assert app.execute("SELECT count(*) FROM pg_stats WHERE tablename = ANY(%s)", [TABLES]).fetchone() == (0,)


@pytest.fixture
def without_row_security(cast: Cast) -> None:
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


@pytest.mark.django_db
@pytest.mark.parametrize("model", AUTHORED_MODELS, ids=lambda model: model._meta.label)
@pytest.mark.usefixtures("without_row_security")
def test_the_orm_alone_keeps_to_the_author(model: type[models.Model], cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT {model.author_field}_id) FROM {model._meta.db_table}")
        assert cursor.fetchone()[0] > 4  # the control: PostgreSQL would have shown them all
    with pytest.raises(NoOrganisation):
        list(model.objects.all())
    with pytest.raises(NoOrganisation), as_member(cast.ada):
        list(model.objects.all())
    with within(cast.acme):
        with pytest.raises(NoMember):
            list(model.objects.all())
        with pytest.raises(NoMember), transaction.atomic():
            model.objects.update(text="mine now")
        with as_member(cast.ada):
            assert {row.author_id for row in model.objects.all()} == {cast.ada.pk}
            with as_member(cast.sol):
                assert {row.author_id for row in model.objects.all()} == {cast.sol.pk}
            assert {row.author_id for row in model.objects.all()} == {cast.ada.pk}
            with within(cast.zenith), pytest.raises(NoMember):
                list(model.objects.all())
        with pytest.raises(NoMember):
            list(model.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("model", AUTHORED_MODELS, ids=lambda model: model._meta.label)
def test_with_the_orm_off_postgresql_keeps_to_the_author(
    model: type[models.Model], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ByOpenMember, "as_sql", lambda self, compiler, connection, **context: ("TRUE", ()))
    with within(cast.acme):
        assert list(model.objects.all()) == []
        with as_member(cast.sol):
            assert {row.author_id for row in model.objects.all()} == {cast.sol.pk}
        assert list(model.objects.all()) == []
