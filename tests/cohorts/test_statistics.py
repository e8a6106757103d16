"""PostgreSQL is told of the rows of a long list before it checks their keys, whatever it knew of the tables."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection

from cohorts.models import Intake, Membership
from cohorts.people.actions.intakes import ImportContext, confirm_intake, upload_intake
from cohorts.people.actions.plans import plan_upload
from cohorts.tenancy import statistics
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.database import as_owner
from tests.performance.people_import import list_of
from tests.times import NOW, TODAY

COUNT = statistics.FEW_ROWS + 200


@pytest.fixture
def others(db):
    """So many organisations with one member each that PostgreSQL takes it for the rule."""
    for number in range(60):
        with within(make.OrganisationFactory(slug=f"small-{number}")):
            make.MembershipFactory()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Membership._meta.db_table}")


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = %s::regclass",
            [Membership._meta.db_table],
        )
        return cursor.fetchone()[0]


def test_checking_the_keys_of_a_long_list_does_not_read_all_members_for_each(cast, others):
    with within(cast.acme):
        cohort = make.CohortFactory(version=cast.house_of(cast.acme).version, day1_on=TODAY + timedelta(days=12))
        at = ImportContext(organisation=cast.acme, cohort=cohort, by=cast.hana, today=TODAY, now=NOW)
        file = BytesIO(list_of(COUNT))
        key = upload_intake(cohort=cohort, file=file, file_name="a.csv", by=at.by, now=NOW).pk
        intake = Intake.objects.select_related("cohort").get(pk=key)
        plan = plan_upload(intake, organisation=at.organisation)
        confirm_intake(intake=intake, fingerprint=plan.fingerprint, at=at)
        before = rows_read()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert rows_read() - before < 10 * COUNT


@pytest.mark.parametrize(("added", "queries"), [(0, 0), (1, 1), (10_000, 2)])
def test_only_a_table_with_fewer_rows_than_were_added_is_analyzed(
    others, cast, monkeypatch, django_assert_num_queries, added, queries
):
    monkeypatch.setattr(statistics, "FEW_ROWS", 0)
    with within(cast.acme), django_assert_num_queries(queries):
        statistics.refresh_statistics([Membership], added=added)
