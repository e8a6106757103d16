"""Rows written in sets are those that `bulk_create` writes, and no others."""

import pytest
from django.db import DataError, connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from cohorts.models import Enrolment, Invitation, Membership
from cohorts.people.reporting_loops import loops_in
from cohorts.tenancy.sets import ROWS_A_STATEMENT, insert_columns, update_column
from cohorts.tenancy.wall import NoOrganisation, within
from tests import factories as make
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db
WORDS = ["leader", 'a "q" \\ w', "NULL", "{,}", ""]


def members(*names: str, **same) -> dict:
    return {"person": [make.PersonFactory().pk for _name in names], "name": names, **same}


def test_rows_are_those_that_bulk_create_writes(cast):
    columns = members("Åse “B” \\ {x}", "Ola", roles=[WORDS, []], zone=["Europe/London", "Europe/Oslo"])
    with within(cast.acme):
        ours = insert_columns(Membership, columns, digest_weekday=3)
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        theirs = Membership.objects.bulk_create(
            Membership(**row | {"person": make.PersonFactory()}, digest_weekday=3) for row in rows
        )
        for our, their, row in zip(ours, theirs, rows, strict=True):
            read, other = Membership.objects.get(pk=our), Membership.objects.get(pk=their.pk)
            same = {"id", "person"}
            assert model_to_dict(read, exclude=same) == model_to_dict(other, exclude=same)
            assert (read.person_id, read.roles, read.revision) == (row["person"], row["roles"], other.revision)


def test_each_row_gets_its_own_key(cast):
    with within(cast.acme):
        leaders = [make.MembershipFactory().pk for _ in range(3)]
        same = {"cohort": make.CohortFactory(), "day1_on": TODAY}
        keys = insert_columns(Enrolment, {"leader": leaders}, **same)
        assert [Enrolment.objects.get(pk=key).leader_id for key in keys] == leaders


def test_a_text_that_is_too_long_is_refused_and_never_cut(cast):
    with within(cast.acme), pytest.raises(DataError):
        insert_columns(Membership, members("x" * 500))
    with within(cast.acme), pytest.raises(DataError):
        insert_columns(Membership, {"person": [make.PersonFactory().pk]}, name="x" * 500)


def test_rows_belong_to_the_open_organisation(cast):
    with within(cast.acme):
        (key,) = insert_columns(Membership, members("Ola"), organisation=cast.zenith)
        assert Membership.objects.get(pk=key).organisation_id == cast.acme.pk
    with pytest.raises(NoOrganisation):
        insert_columns(Membership, members("Ola"))


def test_a_column_changes_where_it_is_named_and_in_the_open_organisation_alone(cast):
    with within(cast.zenith):
        foreign = make.MembershipFactory(name="Stays")
    with within(cast.acme):
        one, two, boss = (make.MembershipFactory() for _ in range(3))
        update_column(Membership, "manager", {one.pk: boss.pk, two.pk: None})
        update_column(Membership, "name", {one.pk: "Åse", foreign.pk: "Taken"})
        one.refresh_from_db()
        assert (one.manager_id, one.name) == (boss.pk, "Åse")
    with within(cast.zenith):
        foreign.refresh_from_db()
        assert foreign.name == "Stays"


def test_thousands_of_rows_are_few_statements(cast):
    with within(cast.acme), CaptureQueriesContext(connection) as asked:
        same = {"created_at": NOW, "not_before": NOW, "expires_at": NOW, "accepted_at": NOW}
        keys = insert_columns(Invitation, {"membership": [cast.ada.pk] * (ROWS_A_STATEMENT + 1)}, **same)
        assert Invitation.objects.filter(pk__in=keys).count() == ROWS_A_STATEMENT + 1
    assert sum("INSERT INTO" in query["sql"] for query in asked) == 2


class Counted(str):
    looked = 0

    def __hash__(self):
        Counted.looked += 1
        return super().__hash__()


def looks(count: int) -> int:
    names = [Counted(f"{number:06}") for number in range(count)]
    lines = {each: [names[at // 10]] for at, each in enumerate(names) if at}
    Counted.looked = 0
    assert loops_in(lines) == []
    return Counted.looked


def test_finding_loops_takes_ten_times_as_long_for_ten_times_as_many():
    assert looks(5_000) < 12 * looks(500)


def test_no_columns_say_nothing_of_how_many_rows(acme):
    with within(acme), pytest.raises(ValueError, match="how many rows"):
        insert_columns(Membership, {})
