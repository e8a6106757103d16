"""Rows written in sets are those that `bulk_create` writes, and no others."""

import pytest
from django.db import DataError, connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from cohorts.models import Enrolment, Membership
from cohorts.people.reporting_loops import loops_in
from cohorts.tenancy.sets import ROWS_A_STATEMENT, insert_rows, update_column
from cohorts.tenancy.wall import ForeignRow, within
from tests import factories as make

pytestmark = pytest.mark.django_db
WORDS = ["leader", 'a "q" \\ w', "NULL", "{,}", ""]


def member(name: str, **more) -> Membership:
    return make.MembershipFactory.build(organisation=None, person=make.PersonFactory(), name=name, **more)


def test_rows_are_those_that_bulk_create_writes(cast):
    with within(cast.acme):
        ours, theirs = ([member("Åse “B” \\ {x}", roles=WORDS), member("Ola", roles=[])] for _ in range(2))
        insert_rows(ours)
        Membership.objects.bulk_create(theirs)
        for our, their in zip(ours, theirs, strict=True):
            assert our.pk
            read, other = (Membership.objects.get(pk=each.pk) for each in (our, their))
            same = {"id", "person"}
            assert model_to_dict(read, exclude=same) == model_to_dict(other, exclude=same)
            assert (read.person_id, read.roles) == (our.person_id, our.roles)


def test_each_row_gets_its_own_key(cast):
    with within(cast.acme):
        cohort = make.CohortFactory()
        rows = [make.EnrolmentFactory.build(cohort=cohort, leader=make.MembershipFactory()) for _ in range(3)]
        for row in rows:
            row.organisation_id = None
        insert_rows(rows)
        assert [Enrolment.objects.get(pk=row.pk).leader_id for row in rows] == [row.leader_id for row in rows]
        assert rows[0].revision == Enrolment.objects.get(pk=rows[0].pk).revision


def test_a_text_that_is_too_long_is_refused_and_never_cut(cast):
    with within(cast.acme), pytest.raises(DataError):
        insert_rows([member("x" * 500)])


def test_rows_of_another_organisation_are_refused(cast):
    with within(cast.acme), pytest.raises(ForeignRow):
        insert_rows(
            [member("Ola"), make.MembershipFactory.build(organisation=cast.zenith, person=make.PersonFactory())]
        )


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
        rows = [make.InvitationFactory.build(membership=cast.ada) for _ in range(ROWS_A_STATEMENT + 1)]
        insert_rows(rows, ignore_conflicts=True)
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
