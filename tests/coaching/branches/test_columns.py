"""A15: figures come from queries that cannot reach a text: the database lets these columns alone be read meanwhile.

A column of text in the list, or in a statement, makes this red.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, models, transaction
from psycopg import sql

from coaching.branches.health import health_of
from coaching.branches.obstacles import obstacles_in
from coaching.branches.periods import branch_period, own_period
from coaching.branches.policies import has_branch
from coaching.branches.tallies import branch_tallies, own_tally
from coaching.models.sponsoring import SponsorAct
from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.coaching.branches.teams import sponsor_below, team
from tests.database import as_owner
from tests.times import NOW, TODAY

KEY = ("id", "organisation_id")
COLUMNS = {
    "cohorts_membership": (*KEY, "manager_id", "left_at", "suspended_at"),
    "cohorts_enrolment": (
        *KEY,
        *("cohort_id", "leader_id", "sponsor_id", "day1_on", "last_practice_on", "left_on"),
    ),
    "cohorts_clock": (*KEY, "enrolment_id", "is_finished"),
    "cohorts_pause": (*KEY, "cohort_id", "enrolment_id", "starts_on", "ends_on"),
    "coaching_pairing": (*KEY, "kind", "leader_id", "partner_id", "state", "due_on"),
    "coaching_session": (*KEY, "pairing_id", "state", "starts_at", "held_at"),
    "coaching_acknowledgement": (*KEY, "session_id", "at"),
    "coaching_mentorrequest": (*KEY, "pairing_id", "asked_at", "answered_at"),
    "coaching_action": (*KEY, "pairing_id", "state", "due_on", "closed_at"),
    "coaching_ask": (*KEY, "enrolment_id", "sponsor_id", "asked_at", "answered_at"),
    "coaching_sponsoract": (*KEY, "enrolment_id", "sponsor_id", "kind", "confirmed_at", "blocked_at", "obstacle"),
}

pytestmark = pytest.mark.django_db


def field_of(table: str, column: str) -> models.Field:
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return next(field for field in model._meta.concrete_fields if field.column == column)


def test_the_list_holds_no_column_that_somebody_writes_into() -> None:
    texts = [
        f"{table}.{column}"
        for table, columns in COLUMNS.items()
        for column in columns
        if isinstance(field := field_of(table, column), models.CharField | models.TextField | models.JSONField)
        and not field.choices
    ]

    assert texts == []


@contextmanager
def reading_only(columns: dict[str, tuple[str, ...]]) -> Iterator[None]:
    """In this block the database lets the app read nothing but these columns."""
    role = sql.Identifier(settings.APP_ROLE)
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
            for table, names in columns.items():
                listed = sql.SQL(", ").join(map(sql.Identifier, names))
                cursor.execute(sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(listed, sql.Identifier(table), role))
        yield
        transaction.set_rollback(True)


QUERIES: dict[str, Callable[[Cast, Organisation], object]] = {
    "a branch": lambda cast, acme: branch_tallies(
        cast.mia, period=branch_period(TODAY), organisation=acme, today=TODAY, now=NOW
    ),
    "a sponsor alone": lambda cast, acme: own_tally(
        cast.sol, period=own_period(TODAY), organisation=acme, today=TODAY, now=NOW
    ),
    "the health of a cohort": lambda cast, acme: health_of(cast.house_of(acme).cohort, NOW),
    "what stands in the way": lambda cast, acme: obstacles_in(SponsorAct.objects.all()),
    "whether there is a branch": lambda cast, acme: has_branch(cast.mia),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_figures_are_counted_without_reading_a_text(query: Callable, cast: Cast, acme: Organisation) -> None:
    with within(acme):
        team(sponsor_below(cast.sol), 5, held=1)
        expected = query(cast, acme)

        with reading_only(COLUMNS):
            assert query(cast, acme) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT text FROM coaching_action",
        "SELECT text FROM coaching_sessiontext",
        "SELECT text FROM coaching_ask",
        "SELECT handover FROM coaching_pairing",
        "SELECT * FROM coaching_session",
        "SELECT name FROM cohorts_membership",
    ],
)
def test_the_fence_holds(statement: str, acme: Organisation) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied for table")
    with within(acme), refused, reading_only(COLUMNS), connection.cursor() as cursor:
        cursor.execute(statement)
