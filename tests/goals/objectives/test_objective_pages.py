"""The pages of objectives, as their readers meet them."""

from collections.abc import Callable

import pytest

from cohorts.tenancy.wall import within
from goals.models import Objective, Team
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient

Clients = Callable[..., OrganisationClient]
TYPED = {"outcome": "Nobody waits longer than a minute", "course": "down", "weight": "2"}


@pytest.fixture
def objective(cast: Cast) -> Objective:
    with within(cast.acme):
        return Objective.objects.select_related("team").get(team__leader=cast.ada)


def test_a_leader_writes_shows_and_agrees_an_objective(cast: Cast, client_for: Clients) -> None:
    ada = client_for(cast.ada)
    with within(cast.acme):
        parent = Objective.objects.get(place="department")
    written = ada.post(ada.url("objective_new"), TYPED)
    with within(cast.acme):
        row = Objective.objects.get(outcome=TYPED["outcome"])
    assert written.headers["Location"] == ada.url("objective", row.pk)

    assert ada.post(ada.url("objective_showing", row.pk)).status_code == 302
    page = ada.get(ada.url("objective_agreeing", row.pk)).content.decode()
    assert "Still missing" in page
    assert ada.post(ada.url("objective_agreeing", row.pk)).status_code == 422

    more = {"parent": parent.pk, "measure": "Waiting", "baseline": "90", "target": "60,5", "due_on": "2026-05-01"}
    assert ada.post(ada.url("objective_change", row.pk), {**TYPED, **more}).status_code == 302
    assert ada.post(ada.url("objective_agreeing", row.pk)).status_code == 302
    with within(cast.acme):
        row.refresh_from_db()
    assert row.state == "agreed"


def test_improve_customer_service_gets_suggestions_and_no_refusal(cast: Cast, client_for: Clients) -> None:
    ada = client_for(cast.ada)
    said = ada.post(ada.url("objective_smart", "team"), {"outcome": "Improve customer service", "course": "up"})
    page = said.content.decode()
    assert page.count("· missing") >= 4
    assert "This is a wish" in page
    checked = ada.post(ada.url("objective_new"), {**TYPED, "outcome": "Improve customer service", "check": "1"})
    assert checked.status_code == 200
    assert "This is a wish" in checked.content.decode()
    with within(cast.acme):
        assert not Objective.objects.filter(outcome="Improve customer service").exists()


def test_a_figure_is_entered_with_a_comma(cast: Cast, client_for: Clients, objective: Objective) -> None:
    ada = client_for(cast.ada)
    typed = {"value": "17,25", "on": "2026-03-11"}
    assert ada.post(ada.url("objective_reading", objective.pk), typed).status_code == 302
    refused = ada.post(ada.url("objective_reading", objective.pk), {"value": "", "on": "2026-04-11"})
    assert refused.status_code == 422
    with within(cast.acme):
        assert [float(reading.value) for reading in objective.readings.order_by("on")][-1] == 17.25


def test_names_and_words_of_a_team_are_its_leaders_alone(cast: Cast, client_for: Clients, objective: Objective) -> None:
    own = client_for(cast.ada).get(client_for(cast.ada).url("objective", objective.pk)).content.decode()
    for private in ("bait of ada member", "bait of ada part", "bait of ada words"):
        assert private in own
    for reader in (cast.sol, cast.hana):
        client = client_for(reader)
        page = client.get(client.url("objective", objective.pk)).content.decode()
        assert "1 of 1 took part." in page
        assert "bait of ada" not in page


def test_fewer_than_half_of_a_team_is_said_in_words(cast: Cast, client_for: Clients, objective: Objective) -> None:
    with within(cast.acme):
        make.TeamMemberFactory.create_batch(11, team=objective.team)
    ada = client_for(cast.ada)
    assert "1 of 12 took part. It counts as made with the team once 6 have taken part." in " ".join(
        ada.get(ada.url("objective", objective.pk)).content.decode().split()
    )


def test_another_teams_objective_does_not_exist_for_a_leader(
    cast: Cast, client_for: Clients, objective: Objective
) -> None:
    bo = client_for(cast.bo)
    for name in ("objective", "objective_branch", "objective_change", "objective_agreeing", "objective_parts"):
        assert bo.get(bo.url(name, objective.pk)).status_code == 404


def test_a_leader_without_a_team_is_asked_to_name_one(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        leader = make.MembershipFactory(roles=["leader"])
    page = client_for(leader).get(client_for(leader).url("objective_new"))
    assert "Name your team first" in page.content.decode()


def test_a_branch_comes_alone_for_htmx_and_as_a_page(cast: Cast, client_for: Clients) -> None:
    ada = client_for(cast.ada)
    with within(cast.acme):
        top = Objective.objects.get(place="organisation")
    url = ada.url("objective_branch", top.pk)
    assert "<html" in ada.get(url).content.decode()
    alone = ada.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in alone
    assert "acme department objective" in alone


def test_an_admin_filters_objectives_by_department_and_what_hangs(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        make.ObjectiveFactory(department="Sales", outcome="Nobody has taken this up")
    hana = client_for(cast.hana)

    def shown(**asked: str) -> str:
        return hana.get(hana.url("kept_objectives"), asked).content.decode()

    assert "Nobody has taken this up" in shown()
    assert "Nobody has taken this up" in shown(place="hanging")
    assert "acme top objective" not in shown(place="hanging")
    assert "acme department objective" not in shown(department="Sales")
    assert "acme objective of ada" in shown(place="team")
    assert "acme top objective" in shown(place="nonsense", department="nonsense")


def test_an_objective_page_asks_the_same_with_many_below(
    cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    ada = client_for(cast.ada)
    with within(cast.acme):
        top = Objective.objects.get(place="organisation")
        team = Team.objects.get(leader=cast.ada)

    def grow(_number: int) -> None:
        with within(cast.acme):
            make.ObjectiveFactory(parent=top)
            own = make.ObjectiveFactory(place="team", team=team, parent=top)
            make.ObjectiveVoiceFactory(objective=own, member=team.members.first())

    for name in ("objectives", "objective", "objective_branch"):
        args = [] if name == "objectives" else [top.pk]
        assert same_queries_at_1_and_30(lambda name=name, args=args: ada.get(ada.url(name, *args)), grow) <= 12


def test_an_objective_measured_by_a_kpi_stays_within_twelve_queries(
    cast: Cast, client_for: Clients, count_queries: Callable[..., list[str]]
) -> None:
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada)
        kpi = make.KpiFactory(unit="seconds")
        make.KpiMethodFactory(kpi=kpi)
        own = make.ObjectiveFactory(place="team", team=team, kpi=kpi, measure="", unit="")
    for reader in (cast.ada, cast.sol, cast.hana):
        client = client_for(reader)
        for url in (client.url("objective", own.pk), client.url("objectives")):
            client.get(url)
            asked = count_queries(lambda client=client, url=url: client.get(url))
            assert len(asked) <= 12, "\n".join(asked)
