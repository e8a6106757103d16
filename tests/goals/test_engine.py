"""One turn of an organisation's goals, and the job that hands it out."""

from datetime import timedelta

import pytest
import structlog
from time_machine import Traveller

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from goals import engine
from goals.leader_goals.busy import waiting_to_begin
from goals.models import BusyAnswer, BusyPeriod
from programme.tasks import plan_goals, turn_goals
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY


@pytest.fixture
def accepted(cast: Cast) -> list[BusyAnswer]:
    """Ada and Bo accepted a period that began today."""
    with within(cast.acme):
        BusyPeriod.objects.all().delete()
        period = make.BusyPeriodFactory(cohort=cast.enrolment(cast.ada).cohort, offered_by=cast.hana, title="Outage")
        leaders = (cast.enrolment(cast.ada), cast.enrolment(cast.bo))
        return [make.BusyAnswerFactory(period=period, enrolment=enrolment) for enrolment in leaders]


def begun(organisation: Organisation) -> list[int]:
    with within(organisation):
        return sorted(BusyAnswer.objects.exclude(begun_on=None).values_list("pk", flat=True))


def test_one_leaders_trouble_stops_no_other_busy_period(
    accepted: list[BusyAnswer], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine.begin_if_due

    def begin(*, answer: BusyAnswer, now: object) -> None:
        if answer.pk == accepted[0].pk:
            raise RuntimeError("no luck")
        whole(answer=answer, now=NOW)

    monkeypatch.setattr(engine, "begin_if_due", begin)
    with structlog.testing.capture_logs() as logs:
        engine.turn(cast.acme, now=NOW)

    assert begun(cast.acme) == [accepted[1].pk]
    assert [entry["key"] for entry in logs] == [accepted[0].pk]


@pytest.mark.usefixtures("accepted")
def test_goals_are_turned_in_every_organisation(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    turned: list[int] = []
    monkeypatch.setattr("programme.tasks.turn_goals.delay", turned.append)
    plan_goals()
    plan_goals()

    assert sorted(turned) == sorted([cast.acme.pk, cast.zenith.pk] * 2)


def test_the_job_of_goals_run_twice_begins_a_period_once(
    accepted: list[BusyAnswer], cast: Cast, clock: Traveller
) -> None:
    turn_goals(cast.acme.pk)
    first = begun(cast.acme)
    clock.shift(timedelta(hours=1))
    turn_goals(cast.acme.pk)

    assert first == begun(cast.acme) == sorted(each.pk for each in accepted)


def test_the_engine_looks_only_at_days_that_may_be_today(accepted: list[BusyAnswer], cast: Cast) -> None:
    with within(cast.acme):
        for days, expected in [(-2, 0), (-1, 2), (7, 2), (8, 0)]:
            assert waiting_to_begin(NOW + timedelta(days=days)).count() == expected, TODAY + timedelta(days=days)
