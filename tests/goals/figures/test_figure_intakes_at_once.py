"""Confirming an import and entering a day by hand at the same moment."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from cohorts.imports.uploads import discard
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from goals.figures.actions.intakes import confirm_figures, plan_figures, upload_figures
from goals.models import Figure, FigureIntake, Team
from tests import factories as make
from tests.locks import wait_for_somebody
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_enters_a_day_waits_for_an_import_into_that_team(cast, acme):
    with within(acme):
        FigureIntake.objects.all().discard()
        kpi = make.KpiFactory(name="Sold", unit="count")
        file = io.BytesIO(f"Date,KPI,Count\n{TODAY - timedelta(days=1)},Sold,12\n".encode())
        intake = upload_figures(file=file, file_name="a.csv", kpi=None, order="", by=cast.ada, today=TODAY, now=NOW)
        team = Team.objects.get(leader=cast.ada)

    def takes_the_team() -> bool:
        try:
            with within(acme):
                Team.objects.select_for_update(no_key=True, nowait=True).get(pk=team.pk)
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor() as pool:
        with within(acme):
            shown = plan_figures(intake, by=cast.ada).fingerprint
            confirm_figures(intake=intake, fingerprint=shown, by=cast.ada, now=NOW)
            assert not pool.submit(takes_the_team).result()
        assert pool.submit(takes_the_team).result()

    with within(acme):
        assert Figure.objects.filter(team=team, kpi=kpi, entry="file").count() == 1


def test_an_import_stays_one_that_somebody_discards_meanwhile(cast, acme):
    with within(acme):
        FigureIntake.objects.all().discard()
        make.KpiFactory(name="Sold", unit="count")
        file = io.BytesIO(f"Date,KPI,Count\n{TODAY - timedelta(days=1)},Sold,12\n".encode())
        intake = upload_figures(file=file, file_name="a.csv", kpi=None, order="", by=cast.ada, today=TODAY, now=NOW)

    def refusal_of_discarding() -> NotNow | None:
        try:
            with within(acme):
                discard(FigureIntake.objects.get(pk=intake.pk))
        except NotNow as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(1) as pool:
        with within(acme):
            confirm_figures(
                intake=intake, fingerprint=plan_figures(intake, by=cast.ada).fingerprint, by=cast.ada, now=NOW
            )
            other = pool.submit(refusal_of_discarding)
            wait_for_somebody()
        refusal = other.result()

    assert refusal is not None
    with within(acme):
        intake.refresh_from_db()
        assert (intake.state, intake.staged.count()) == (FigureIntake.State.CONFIRMED, 1)
