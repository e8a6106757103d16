"""What changed between reading an objective and holding it decides, and nobody reads a draft beside another one."""

from collections.abc import Callable
from contextlib import suppress

import pytest
import time_machine
from django.http import Http404
from django.test import Client
from django.urls import reverse

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from goals.models import Objective, ObjectivePart, Team, TeamLink, TeamMember
from goals.objectives.actions.agreeing import agree_objective, hide_from_team
from goals.objectives.actions.taking_part import note_voice, save_parts
from goals.objectives.connecting import take_tree_turns
from goals.teams.actions.teams import remove_member, rename_member
from goals.teams.link_tokens import team_token
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.goals.habits.test_two_taps import at_once
from tests.locks import wait_for_somebody
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]


def team_of(cast: Cast) -> Team:
    return Team.objects.select_related("leader").get(leader=cast.ada)


def a_draft(cast: Cast, **values: object) -> Objective:
    above = Objective.objects.filter(place="department").earliest("pk")
    said = {"place": "team", "team": team_of(cast), "parent": above, "state": "draft", **values}
    return make.ObjectiveFactory(written_by=cast.ada, **said)


def test_a_measure_taken_out_of_an_objective_meanwhile_is_missing(cast: Cast) -> None:
    with within(cast.acme):
        objective = a_draft(cast)
        Objective.objects.filter(pk=objective.pk).update(measure="")

        with pytest.raises(Invalid, match="how you will know"):
            agree_objective(objective=objective, by=cast.ada, today=TODAY, now=NOW)


def test_an_objective_answered_meanwhile_is_not_hidden(cast: Cast) -> None:
    with within(cast.acme):
        objective, team = a_draft(cast, state="shared"), team_of(cast)
        held = Objective.objects.select_for_update

        def answered(**options: object) -> object:
            make.ObjectiveVoiceFactory(objective=objective, member=team.members.get(), by_link=True)
            return held(**options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(Objective.objects), "select_for_update", lambda _manager, **options: answered(**options))
            with pytest.raises(NotNow, match="has answered"):
                hide_from_team(objective=objective, by=cast.ada, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_parts_wait_for_a_member_who_is_being_removed(cast: Cast) -> None:
    with within(cast.acme):
        team = team_of(cast)
        objective = a_draft(cast)
        members = [make.TeamMemberFactory(team=team) for _more in range(6)]

    for member in members:

        def write(member: TeamMember = member) -> None:
            found = Objective.objects.select_related("team").get(pk=objective.pk)
            with suppress(Invalid):
                save_parts(objective=found, parts={member.pk: "Answers mail"}, by=cast.ada, now=NOW)

        def note(member: TeamMember = member) -> None:
            found = Objective.objects.select_related("team").get(pk=objective.pk)
            with suppress(Invalid):
                note_voice(objective=found, member=member, kind="seen", words="", by=cast.ada, now=NOW)

        def remove(member: TeamMember = member) -> None:
            found = TeamMember.objects.select_related("team__leader").get(pk=member.pk)
            remove_member(member=found, by=cast.ada, now=NOW)

        at_once(cast, write, note, remove)
        with within(cast.acme):
            assert not ObjectivePart.objects.filter(member=member.pk).exists()


def test_a_member_removed_meanwhile_is_said_to_be_gone(cast: Cast) -> None:
    with within(cast.acme):
        team, objective = team_of(cast), a_draft(cast)
        member = make.TeamMemberFactory(team=team)
        remove_member(member=TeamMember.objects.select_related("team").get(pk=member.pk), by=cast.ada, now=NOW)

        with pytest.raises(Http404):
            rename_member(member=member, name="Bea", by=cast.ada)
        with pytest.raises(Invalid, match="from this team"):
            note_voice(objective=objective, member=member, kind="seen", words="", by=cast.ada, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_changing_waits_for_the_tree_before_it_holds_the_objective(cast: Cast, client_for: Clients) -> None:
    """Every act locks the tree, then its row: the other way round, two saves at once would deadlock."""
    with within(cast.acme):
        objective = a_draft(cast)
    ada = client_for(cast.ada)
    typed = {"outcome": "Another outcome", "course": "up", "weight": "2", "parent": objective.parent_id}

    def change() -> int:
        return ada.post(ada.url("objective_change", objective.pk), typed).status_code

    def hold() -> None:
        take_tree_turns()
        wait_for_somebody()
        Objective.objects.select_for_update(nowait=True, no_key=True).get(pk=objective.pk)

    assert at_once(cast, change, hold) == [302, None]


@pytest.mark.parametrize(("place", "reader"), [("organisation", "max"), ("department", "sol"), ("team", "sol")])
def test_a_draft_that_watches_is_not_read_beside_it(cast: Cast, client_for: Clients, place: str, reader: str) -> None:
    with within(cast.acme):
        whose = {"team": team_of(cast)} if place == "team" else {"team": None}
        secret = a_draft(cast, place=place, outcome="Nobody knows this yet", parent=None, **whose)
        shown = a_draft(cast, place=place, parent=None, state="shared", guardrail=secret, **whose)
    reading = client_for(getattr(cast, reader))
    page = reading.get(reading.url("objective", shown.pk))
    assert page.status_code == 200
    assert "Nobody knows this yet" not in page.content.decode()


def test_a_sponsor_does_not_read_a_hidden_objective_beside_a_goal(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        secret = a_draft(cast, outcome="Nobody knows this yet")
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), objective=secret)
    pages = {}
    for who in ("sol", "ada"):
        reading = client_for(getattr(cast, who))
        pages[who] = reading.get(reading.url("goal", goal.pk)).content.decode()
    assert "Nobody knows this yet" not in pages["sol"]
    assert "Nobody knows this yet" in pages["ada"]


def test_a_hidden_objective_is_not_read_above_another_one(
    cast: Cast, client_for: Clients, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        secret = a_draft(cast, outcome="Nobody knows this yet")
        below = a_draft(cast, outcome="Everybody knows this", parent=secret, state="shared")
        link = TeamLink.objects.select_related("team__leader").get(team=secret.team_id)
    sol = client_for(cast.sol)
    pages = [sol.get(sol.url(name, below.pk)).content.decode() for name in ("objective", "objective_branch")]
    pages.append(sol.get(sol.url("objectives")).content.decode())
    by_link = reverse("shown_team", args=[team_token(link)], urlconf="programme.urls")
    pages.append(Client(HTTP_HOST="127.0.0.1").get(by_link).content.decode())

    for page in pages:
        assert "Everybody knows this" in page
        assert "Nobody knows this yet" not in page
