"""The newest value of many KPIs and teams."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cohorts.tenancy.wall import within
from goals.figures.reading import latest_values
from goals.models import Figure, Team
from tests import factories as make
from tests.times import TODAY

MONDAY = TODAY - timedelta(days=TODAY.weekday())


@pytest.fixture
def team(cast):
    with within(cast.acme):
        Figure.objects.all().delete()
        return Team.objects.get(leader=cast.ada)


def enter(kpi, team, monday, *values, days=5):
    for index, (above, below) in enumerate(values * days if len(values) == 1 else values):
        on = monday + timedelta(days=index)
        make.FigureFactory(kpi=kpi, team=team, on=on, numerator=above, denominator=below)


def test_the_newest_settled_week_comes_before_one_that_is_not(cast, team):
    with within(cast.acme):
        kpi = make.KpiFactory()
        make.FollowedFactory(kpi=kpi, team=team, expected_days=5)
        enter(kpi, team, MONDAY - timedelta(weeks=2), (30, 40))
        enter(kpi, team, MONDAY - timedelta(weeks=1), (10, 40), (10, 40))
        latest = latest_values([(kpi.pk, team.pk)], until=TODAY)[kpi.pk, team.pk]

    assert latest.week_on == MONDAY - timedelta(weeks=2)
    assert (latest.value, latest.is_settled) == (Decimal(75), True)


def test_a_week_that_is_not_settled_is_better_than_none(cast, team):
    with within(cast.acme):
        kpi = make.KpiFactory(unit="seconds")
        enter(kpi, team, MONDAY - timedelta(weeks=1), (4000, 10), (9000, 20))
        latest = latest_values([(kpi.pk, team.pk)], until=TODAY)[kpi.pk, team.pk]

    assert (round(latest.value, 2), latest.is_settled) == (Decimal("433.33"), False)


def test_without_a_team_all_teams_are_added_up(cast, team):
    with within(cast.acme):
        kpi, other = make.KpiFactory(), make.TeamFactory()
        for one in (team, other):
            make.FollowedFactory(kpi=kpi, team=one, expected_days=5)
        enter(kpi, team, MONDAY - timedelta(weeks=1), (90, 100))
        enter(kpi, other, MONDAY - timedelta(weeks=1), (1, 10))
        values = latest_values([(kpi.pk, None), (kpi.pk, other.pk)], until=TODAY)

    assert round(values[kpi.pk, None].value, 1) == Decimal("82.7")
    assert values[kpi.pk, other.pk].value == 10


def test_a_kpi_without_figures_has_no_value(cast, team):
    with within(cast.acme):
        kpi = make.KpiFactory()
        far = make.KpiFactory()
        enter(far, team, MONDAY - timedelta(weeks=40), (1, 2))
        values = latest_values([(kpi.pk, team.pk), (kpi.pk, None), (far.pk, team.pk), (0, None)], until=TODAY)

    assert set(values.values()) == {None}


def test_figures_after_the_date_asked_for_do_not_count(cast, team):
    with within(cast.acme):
        kpi = make.KpiFactory()
        enter(kpi, team, MONDAY - timedelta(weeks=3), (30, 40))
        enter(kpi, team, MONDAY - timedelta(weeks=1), (10, 40))
        latest = latest_values([(kpi.pk, None)], until=MONDAY - timedelta(weeks=2))[kpi.pk, None]

    assert latest.value == 75


def test_many_pairs_cost_as_many_queries_as_one(cast, team, count_queries):
    with within(cast.acme):
        kpis = [make.KpiFactory() for _ in range(12)]
        for kpi in kpis:
            enter(kpi, team, MONDAY - timedelta(weeks=1), (30, 40))
        pairs = [(kpi.pk, whose) for kpi in kpis for whose in (team.pk, None)]

        assert len(count_queries(lambda: latest_values(pairs, until=TODAY))) == 3
