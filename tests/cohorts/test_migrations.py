"""Migrations that move rows, on the rows they find."""

from importlib import import_module

import pytest
from django.db import connection

from cohorts.models import Clock
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.database import as_owner

pytestmark = pytest.mark.django_db


def test_clocks_made_before_there_were_turns_are_numbered_per_organisation(cast: Cast) -> None:
    migration = import_module("cohorts.migrations.0006_clocks_in_turn")
    with within(cast.acme):
        for _ in range(200):
            make.ClockFactory(enrolment=make.EnrolmentFactory(cohort=cast.houses["acme"].cohort))
        Clock.objects.update(turn=0)

    with as_owner(), connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", migration.LIFT, migration.TAKE_TURNS, migration.FORCE):
            cursor.execute(statement)

    with within(cast.acme):
        turns = list(Clock.objects.order_by("pk").values_list("turn", flat=True))
    assert turns == [0] * 100 + [1] * 100 + [2] * 4
    with within(cast.zenith):
        assert Clock.objects.get().turn == 0
