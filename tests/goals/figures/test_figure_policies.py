"""Who sees and keeps figures: the policy, the list that follows it, and actions that ask it."""

from decimal import Decimal

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotYours
from goals.figures.actions.annotating import note_week, take_back_rebase
from goals.figures.actions.entering import Counted, enter_day
from goals.figures.actions.following import stop_following
from goals.figures.actions.kpis import archive_kpi
from goals.figures.policies import may_keep_figures, may_see_figures
from goals.figures.views.reach import visible_teams
from goals.models import Followed, Rebase, Team
from tests.goals.figures.floor import monday
from tests.times import NOW, TODAY

PEOPLE = ("ada", "bo", "sol", "max", "hana", "olav", "cleo")


def test_lists_of_figures_follow_the_policy(cast):
    with within(cast.acme):
        teams = list(Team.objects.select_related("leader"))
        for person in (getattr(cast, name) for name in PEOPLE):
            allowed = {team.pk for team in teams if may_see_figures(person, team)}
            assert {team.pk for team in visible_teams(person)} == allowed
            assert set(Followed.objects.visible_to(person).values_list("team", flat=True)) == allowed
        team = Team.objects.get(leader=cast.ada)
        assert [name for name in PEOPLE if may_see_figures(getattr(cast, name), team)] == ["ada", "sol", "hana", "olav"]
        assert [name for name in PEOPLE if may_keep_figures(getattr(cast, name), team)] == ["ada", "hana", "olav"]


@pytest.mark.parametrize("name", ["bo", "sol", "max"])
def test_only_the_leader_and_admins_change_figures(cast, name):
    by = getattr(cast, name)
    with within(cast.acme):
        followed = Followed.objects.select_related("kpi", "team").get(team__leader=cast.ada)
        rebase = Rebase.objects.select_related("followed__team").get(followed=followed)
        counts = {followed.kpi_id: Counted(Decimal(1), Decimal(2))}
        for act in (
            lambda: enter_day(team=followed.team, on=TODAY, counts=counts, by=by, today=TODAY, now=NOW),
            lambda: note_week(followed=followed, monday_on=monday(1), text="x", by=by, today=TODAY, now=NOW),
            lambda: take_back_rebase(rebase=rebase, by=by, now=NOW),
            lambda: stop_following(followed=followed, today=TODAY, by=by, now=NOW),
            lambda: archive_kpi(kpi=followed.kpi, today=TODAY, by=by, now=NOW),
        ):
            with pytest.raises(NotYours):
                act()


def test_a_leader_defines_no_kpi(cast):
    with within(cast.acme), pytest.raises(NotYours):
        archive_kpi(kpi=Followed.objects.first().kpi, today=TODAY, by=cast.ada, now=NOW)
