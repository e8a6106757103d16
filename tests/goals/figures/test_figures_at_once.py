"""Two who enter the figures of one day at the same moment, and a day long before any figure."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.revisions import lock
from goals.figures.actions.entering import Counted, enter_day
from goals.models import Figure, Followed, Team
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.goals.habits.test_two_taps import at_once
from tests.locks import wait_for_somebody
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]


@pytest.mark.django_db(transaction=True)
def test_figures_entered_elsewhere_at_the_same_moment_stay(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        Figure.objects.all().delete()
        Followed.objects.all().delete()
        team = Team.objects.select_related("leader").get(leader=cast.ada)
        first, second = (make.FollowedFactory(team=team, kpi=make.KpiFactory()).kpi for _kpi in range(2))
    ada = client_for(cast.ada)
    where = ada.url("figures_entry", team.pk)
    opened = re.search(r'name="opened" value="([^"]+)"', ada.get(where).content.decode())
    assert opened is not None

    def enter_second() -> int:
        typed = {f"above-{second.pk}": "30", f"below-{second.pk}": "40", "opened": opened[1]}
        return ada.post(where, typed).status_code

    def enter_first() -> None:
        held = Team.objects.get(pk=team.pk)
        lock(held)
        wait_for_somebody()
        counts = {first.pk: Counted(Decimal(9), Decimal(10))}
        enter_day(team=held, on=TODAY, counts=counts, by=cast.ada, today=TODAY, now=NOW)

    assert at_once(cast, enter_second, enter_first) == [302, None]
    with within(cast.acme):
        there = {figure.kpi_id: figure.numerator for figure in Figure.objects.filter(team=team, on=TODAY)}
    assert there == {first.pk: 9, second.pk: 30}


@pytest.mark.parametrize("on", ["0001-01-01", "1899-12-31"])
def test_a_day_before_the_calendar_of_the_app_is_today(cast: Cast, client_for: Clients, on: str) -> None:
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada)
    ada = client_for(cast.ada)
    pages = [ada.get(f"{ada.url('figures_entry', team.pk)}?on={on}"), ada.get(f"{ada.url('today')}?on={on}")]
    assert [page.status_code for page in pages] == [200, 200]
