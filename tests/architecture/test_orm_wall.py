"""The ORM's wall by itself: row security is off, and every way to ask a manager still keeps to one organisation.

The methods come from Django's own QuerySet; one that is not in the table here fails the test, so a new Django cannot
bring a way around the wall unnoticed. At the end the other way round: the ORM's wall off, PostgreSQL alone.
"""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.db.models import Count, F, Prefetch, ProtectedError, QuerySet

from cohorts.models import Cohort, Enrolment, Membership, Nudge, Organisation
from cohorts.tenancy.grants import APPEND_ONLY
from cohorts.tenancy.wall import Across, ForeignRow, InOpenOrganisation, NoOrganisation, across_organisations, within
from goals.models import Focus, Reflection
from tests.architecture.owned import OWNED_MODELS
from tests.cast import Cast
from tests.database import as_owner

pytestmark = pytest.mark.django_db
Rows = QuerySet[Any]


def listed(build: Callable[[Rows], Any]) -> Callable[[Rows, Any], list]:
    return lambda rows, row: list(build(rows))


async def _gather(rows: Any) -> list:
    return [row async for row in rows]


def awaited(name: str, *args: Any, **kwargs: Any) -> Callable[[Rows, Any], Any]:
    return lambda rows, row: async_to_sync(getattr(rows, name))(*args, **kwargs)


# How each public method of a QuerySet is called on rows: it returns what it saw, or how many rows it touched.
BUILDERS: dict[str, Callable[[Rows], Any]] = {
    "alias": lambda rows: rows.alias(n=Count("pk")),
    "all": lambda rows: rows.all(),
    "annotate": lambda rows: rows.annotate(n=Count("pk")),
    "complex_filter": lambda rows: rows.complex_filter({"pk__gt": 0}),
    "defer": lambda rows: rows.defer("id"),
    "difference": lambda rows: rows.difference(rows.filter(pk=0)),
    "distinct": lambda rows: rows.distinct(),
    "exclude": lambda rows: rows.exclude(pk=0),
    "extra": lambda rows: rows.extra(where=["TRUE"]),
    "filter": lambda rows: rows.filter(pk__gt=0),
    "intersection": lambda rows: rows.intersection(rows.all()),
    "only": lambda rows: rows.only("id"),
    "order_by": lambda rows: rows.order_by("pk"),
    "prefetch_related": lambda rows: rows.prefetch_related(Prefetch("organisation")),
    "reverse": lambda rows: rows.order_by("pk").reverse(),
    "select_for_update": lambda rows: rows.select_for_update(),
    "select_related": lambda rows: rows.select_related("organisation"),
    "union": lambda rows: rows.union(rows.filter(pk__gt=0)),
    "using": lambda rows: rows.using("default"),
    "values": lambda rows: rows.values("pk"),
    "values_list": lambda rows: rows.values_list("pk"),
}
ASKERS: dict[str, Callable[[Rows, Any], Any]] = {
    "aggregate": lambda rows, row: rows.aggregate(n=Count("pk"))["n"],
    "contains": lambda rows, row: rows.contains(row),
    "count": lambda rows, row: rows.count(),
    "delete": lambda rows, row: unless_protected(rows.delete),
    "earliest": lambda rows, row: rows.earliest("pk"),
    "exists": lambda rows, row: rows.exists(),
    "explain": lambda rows, row: "never executed" not in rows.explain(analyze=True) and rows.count(),
    "first": lambda rows, row: rows.first(),
    "get": lambda rows, row: rows.get(),
    "in_bulk": lambda rows, row: rows.in_bulk([row.pk]),
    "iterator": lambda rows, row: list(rows.iterator()),
    "last": lambda rows, row: rows.last(),
    "latest": lambda rows, row: rows.latest("pk"),
    "update": lambda rows, row: rows.update(organisation_id=F("organisation_id")),
    "bulk_update": lambda rows, row: rows.bulk_update([row], [writable(row)]),
    "aaggregate": lambda rows, row: async_to_sync(rows.aaggregate)(n=Count("pk"))["n"],
    "abulk_update": lambda rows, row: async_to_sync(rows.abulk_update)([row], [writable(row)]),
    "acontains": lambda rows, row: async_to_sync(rows.acontains)(row),
    "acount": awaited("acount"),
    "adelete": lambda rows, row: unless_protected(async_to_sync(rows.adelete)),
    "aearliest": awaited("aearliest", "pk"),
    "aexists": awaited("aexists"),
    "aexplain": lambda rows, row: async_to_sync(rows.aexplain)() and rows.count(),
    "afirst": awaited("afirst"),
    "aget": awaited("aget"),
    "ain_bulk": lambda rows, row: async_to_sync(rows.ain_bulk)([row.pk]),
    "aiterator": lambda rows, row: async_to_sync(_gather)(rows.aiterator()),
    "alast": awaited("alast"),
    "alatest": awaited("alatest", "pk"),
    "aupdate": awaited("aupdate", organisation_id=F("organisation_id")),
    "dates": lambda rows, row: [list(rows.dates(name, "day")) for name in of_type(row, models.DateField)],
    "datetimes": lambda rows, row: [list(rows.datetimes(name, "day")) for name in of_type(row, models.DateTimeField)],
}
# Methods that make a row; `belong` decides, below.
MAKERS = {
    "create": lambda rows, row: rows.create(**copy_of(row)),
    "get_or_create": lambda rows, row: rows.get_or_create(pk=0, defaults=copy_of(row)),
    "update_or_create": lambda rows, row: rows.update_or_create(pk=0, defaults=copy_of(row)),
    "bulk_create": lambda rows, row: rows.bulk_create([type(row)(**copy_of(row))]),
    "acreate": lambda rows, row: async_to_sync(rows.acreate)(**copy_of(row)),
    "aget_or_create": lambda rows, row: async_to_sync(rows.aget_or_create)(pk=0, defaults=copy_of(row)),
    "aupdate_or_create": lambda rows, row: async_to_sync(rows.aupdate_or_create)(pk=0, defaults=copy_of(row)),
    "abulk_create": lambda rows, row: async_to_sync(rows.abulk_create)([type(row)(**copy_of(row))]),
}
# Not questions: attributes, and `none`, which asks nothing. `raw` writes its own SQL: test_repository bans it.
OTHERS = {"as_manager", "db", "none", "ordered", "query", "raw", "resolve_expression"}
ALL = {name: listed(build) for name, build in BUILDERS.items()} | ASKERS


def unless_protected(delete: Callable[[], tuple[int, dict]]) -> int:
    """How many rows went; one that is protected was found, too."""
    try:
        return delete()[0]
    except ProtectedError:
        return 1


def writable(row: Any) -> str:
    """The name of some field that bulk_update accepts."""
    return next(field.name for field in row._meta.concrete_fields if not field.primary_key)


def of_type(row: Any, kind: type) -> list[str]:
    """Names of the fields of exactly that type. A model without any has nothing to ask."""
    return [field.name for field in row._meta.concrete_fields if type(field) is kind]


def copy_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def sample(model: type[models.Model], organisation: Organisation) -> Any:
    with within(organisation):
        return model.objects.order_by("pk").first()


@pytest.fixture
def without_row_security(cast: Cast) -> None:
    with as_owner(), connection.cursor() as cursor:
        for model in OWNED_MODELS:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
        cursor.execute(f"GRANT UPDATE, DELETE ON {', '.join(sorted(APPEND_ONLY))} TO embed90_app")


@pytest.fixture
def without_orm_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InOpenOrganisation, "as_sql", lambda self, compiler, connection, **context: ("TRUE", ()))


def test_no_method_of_a_queryset_is_forgotten() -> None:
    public = {name for name in dir(QuerySet) if not name.startswith("_")}

    assert public == BUILDERS.keys() | ASKERS.keys() | MAKERS.keys() | OTHERS


def test_no_manager_of_an_owned_model_goes_around_the_wall() -> None:
    for model in OWNED_MODELS:
        for manager in (*model._meta.managers, model._meta.base_manager, model._default_manager):
            with pytest.raises(NoOrganisation):
                str(manager.get_queryset().query)


def ways(model: type[models.Model]) -> tuple[object, ...]:
    """The functions behind the methods: the same for all tables whose querysets override none of them."""
    return tuple(getattr(model._default_manager._queryset_class, name) for name in ALL | MAKERS)


def dated(model: type[models.Model]) -> int:
    return bool(of_type(model, models.DateField)) + bool(of_type(model, models.DateTimeField))


# Every method is aimed at one table for each way of answering, one with dates; at the others the most usual ones.
IN_FULL = {ways(model): model for model in sorted(OWNED_MODELS, key=dated)}.values()
USUAL = {"filter", "get", "count", "exists", "update", "delete", "create", "bulk_create"}


def asked_of(model: type[models.Model], methods: dict[str, Any]) -> dict[str, Any]:
    return methods if model in IN_FULL else {name: ask for name, ask in methods.items() if name in USUAL}


def test_querysets_of_ours_override_little() -> None:
    """Otherwise most tables would be asked in full."""
    assert 1 <= len(IN_FULL) < 10
    assert any(dated(model) == 2 for model in IN_FULL)


@pytest.mark.usefixtures("without_row_security")
def test_outside_everything_refuses(cast: Cast) -> None:
    answered = []
    for model in OWNED_MODELS:
        with transaction.atomic():
            row = sample(model, cast.acme)
            for name, ask in asked_of(model, ALL | MAKERS).items():
                try:
                    answer = ask(model.objects.all(), row)
                except NoOrganisation:
                    continue
                if answer != []:  # dates of a model without dates
                    answered.append((model._meta.label, name))
            transaction.set_rollback(True)

    assert answered == []


@pytest.mark.usefixtures("without_row_security")
def test_inside_a_foreign_row_is_never_found(cast: Cast) -> None:
    """Each method is aimed at one row by its key, and PostgreSQL would show it. The control: own rows are found."""
    found_foreign, missed_own = [], []
    for model in OWNED_MODELS:
        own, foreign = sample(model, cast.acme), sample(model, cast.zenith)
        with within(cast.acme):
            for name, ask in asked_of(model, ALL).items():
                if seen(ask, model, foreign):
                    found_foreign.append((model._meta.label, name))
                if not seen(ask, model, own):
                    missed_own.append((model._meta.label, name))

    assert found_foreign == []
    assert {name for _label, name in missed_own} <= {"dates", "datetimes"}, missed_own


def seen(ask: Callable[[Rows, Any], Any], model: type[models.Model], row: Any) -> bool:
    """Whether this way of asking finds this row."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT asked")
        try:
            answer = ask(model.objects.filter(pk=row.pk), row)
            return any(answer) if isinstance(answer, list) and answer and isinstance(answer[0], list) else bool(answer)
        except ObjectDoesNotExist:
            return False
        finally:
            cursor.execute("ROLLBACK TO asked")


@pytest.mark.usefixtures("without_row_security")
def test_inside_a_row_of_another_organisation_cannot_be_saved(cast: Cast) -> None:
    saved = []
    for model in OWNED_MODELS:
        foreign = sample(model, cast.zenith)
        with within(cast.acme):
            for name, make in (asked_of(model, MAKERS) | {"save": lambda _rows, row: row.save()}).items():
                try:
                    make(model.objects.all(), foreign)
                except ForeignRow:
                    continue
                saved.append((model._meta.label, name))

    assert saved == []


@pytest.mark.usefixtures("without_row_security")
def test_the_control_postgresql_would_have_shown_both(cast: Cast) -> None:
    with connection.cursor() as cursor:
        for model in OWNED_MODELS:
            cursor.execute(f"SELECT count(DISTINCT organisation_id) FROM {model._meta.db_table}")
            assert cursor.fetchone() == (2,)


@pytest.mark.usefixtures("without_row_security")
def test_keys_joins_and_prefetches_stay_inside(cast: Cast) -> None:
    zoes = cast.enrolment(cast.zoe)
    with within(cast.zenith):
        focus = Focus.objects.first()
    with within(cast.acme):
        with pytest.raises(Enrolment.DoesNotExist):
            focus.enrolment  # noqa: B018 -- the question is the test
        assert list(zoes.nudges.all()) == []
        assert list(Focus.objects.filter(enrolment__in=Enrolment.objects.filter(pk=zoes.pk))) == []
        cohorts = Cohort.objects.prefetch_related("enrolments__focuses").order_by("pk")
        assert {row.organisation_id for cohort in cohorts for row in cohort.enrolments.all()} == {cast.acme.pk}
        assert {
            focus.organisation_id
            for cohort in cohorts
            for row in cohort.enrolments.all()
            for focus in row.focuses.all()
        } == {cast.acme.pk}
        assert {nudge.enrolment.organisation_id for nudge in Nudge.objects.select_related("enrolment")} == {
            cast.acme.pk
        }


@pytest.mark.usefixtures("without_row_security")
def test_a_query_uses_the_organisation_open_when_it_runs(cast: Cast) -> None:
    at_import = Membership.objects.order_by("name")
    with within(cast.acme):
        built_at_acme = Membership.objects.filter(roles__contains=["admin"])
    with within(cast.zenith):
        assert {row.organisation_id for row in at_import.all()} == {cast.zenith.pk}
        assert [row.pk for row in built_at_acme] == [cast.zara.pk]
    with pytest.raises(NoOrganisation):
        list(built_at_acme.all())


@pytest.mark.usefixtures("without_row_security")
def test_deleting_cascades_inside_the_wall(cast: Cast) -> None:
    """Django collects what hangs on a row through the same managers."""
    with within(cast.acme):
        with pytest.raises(Enrolment.DoesNotExist):
            Enrolment.objects.get(pk=cast.enrolment(cast.zoe).pk)
        cast.enrolment(cast.ada).focuses.all().delete()
    with within(cast.zenith):
        assert Focus.objects.filter(enrolment__leader=cast.zoe).count() == 2


@pytest.mark.usefixtures("without_orm_wall")
def test_with_the_orm_wall_off_postgresql_is_enough(cast: Cast) -> None:
    for model in OWNED_MODELS:
        with within(cast.acme):
            assert {row.organisation_id for row in model.objects.all()} == {cast.acme.pk}, model
        with within(cast.zenith):
            assert {row.organisation_id for row in model.objects.all()} == {cast.zenith.pk}, model
            assert model.objects.filter(organisation=cast.acme).count() == 0, model
        assert list(model.objects.all()) == [], model


def test_visible_to_cannot_be_talked_out_of_its_organisation(cast: Cast) -> None:
    """Zara is an admin, elsewhere. Inside Acme her role there means nothing."""
    with within(cast.acme):
        assert Enrolment.objects.visible_to(cast.zoe).count() == 0
        assert Reflection.objects.visible_to(cast.zac).count() == 0


def test_the_other_door_is_lifted_in_the_orm_and_guarded_by_postgresql(cast: Cast) -> None:
    with across_organisations(Across.PLANNER):
        assert {row.organisation_id for row in Nudge.objects.all()} == {cast.acme.pk, cast.zenith.pk}
        assert list(Reflection.objects.all()) == []
        with pytest.raises(NoOrganisation):
            Focus.objects.create(enrolment_id=1)
    with across_organisations(Across.PERSON, person_id=cast.pat.person_id):
        assert {row.pk for row in Membership.objects.all()} == {cast.pat_at_acme.pk, cast.pat_at_zenith.pk}
