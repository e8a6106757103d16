"""Names of members end thirty days after the leader's programme, unless the leader still works with them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from cohorts.models import AuditEntry, Clock
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals import engine
from goals.models import Charter, ObjectivePart, ObjectiveVoice, Team, TeamLink
from goals.teams.actions.names import keep_names
from tests.cast import Cast
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY


@pytest.fixture
def team(cast: Cast) -> Iterator[Team]:
    with within(cast.acme):
        yield Team.objects.get(leader=cast.ada)


def end_programme(cast: Cast, *, by_leaving: bool = False) -> None:
    enrolment = cast.enrolment(cast.ada)
    if by_leaving:
        enrolment.left_on = TODAY
        enrolment.save(update_fields=["left_on"])
    else:
        Clock.objects.filter(enrolment=enrolment).update(is_finished=True, next_at=None)


def turn(team: Team, cast: Cast, *, day: int) -> Team:
    at: datetime = NOW + timedelta(days=day)
    for _twice in range(2):  # idempotent
        engine.turn(cast.acme, now=at)
    team.refresh_from_db()
    return team


def test_names_stay_while_the_leader_is_on_the_path(team: Team, cast: Cast) -> None:
    turn(team, cast, day=400)

    assert team.names_until is None
    assert team.members.exists()


@pytest.mark.parametrize("by_leaving", [True, False])
def test_names_go_thirty_days_after_the_programme(by_leaving: bool, team: Team, cast: Cast) -> None:
    end_programme(cast, by_leaving=by_leaving)

    assert turn(team, cast, day=0).names_until == TODAY + timedelta(days=30)
    turn(team, cast, day=30)
    assert team.members.exists()  # the last day itself is still theirs
    turn(team, cast, day=31)

    assert not team.members.exists()
    assert not ObjectivePart.objects.filter(objective__team=team).exists()
    assert not ObjectiveVoice.objects.filter(objective__team=team).exists()
    assert not TeamLink.objects.filter(team=team, closed_at=None).exists()
    assert team.names_until is None
    assert Charter.objects.filter(team=team).exists()  # it names nobody
    entry = AuditEntry.objects.get(verb="erased team members")
    assert (entry.by_id, entry.details) == (None, {"members": 1})


def test_only_teams_whose_day_has_come_lose_their_names(team: Team, cast: Cast) -> None:
    end_programme(cast)
    turn(team, cast, day=0)
    turn(team, cast, day=40)

    assert Team.objects.get(leader=cast.bo).members.exists()


def test_a_leader_who_begins_again_keeps_the_names(team: Team, cast: Cast) -> None:
    end_programme(cast)
    turn(team, cast, day=0)
    Clock.objects.filter(enrolment=cast.enrolment(cast.ada)).update(is_finished=False)

    assert turn(team, cast, day=31).names_until is None
    assert team.members.exists()


def test_the_leader_keeps_them_for_another_ninety_days(team: Team, cast: Cast) -> None:
    end_programme(cast)
    turn(team, cast, day=0)

    keep_names(team=team, by=cast.ada, today=TODAY)

    assert team.names_until == TODAY + timedelta(days=120)
    turn(team, cast, day=120)
    assert team.members.exists()
    turn(team, cast, day=121)
    assert not team.members.exists()


def test_names_cannot_be_kept_for_ever_at_once(team: Team, cast: Cast) -> None:
    with pytest.raises(NotNow, match="not over yet"):
        keep_names(team=team, by=cast.ada, today=TODAY)
    end_programme(cast)
    turn(team, cast, day=0)
    keep_names(team=team, by=cast.ada, today=TODAY)

    with pytest.raises(NotNow, match="last thirty days"):
        keep_names(team=team, by=cast.ada, today=TODAY + timedelta(days=89))
    keep_names(team=team, by=cast.ada, today=TODAY + timedelta(days=90))


def test_only_the_leader_keeps_them(team: Team, cast: Cast) -> None:
    end_programme(cast)
    turn(team, cast, day=0)

    for other in (cast.sol, cast.hana, cast.bo):
        with pytest.raises(NotYours):
            keep_names(team=team, by=other, today=TODAY)


def test_the_page_says_the_date(team: Team, cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)
    assert "30 days after your ninety days" in with_plain_dates(client.get(client.url("team_members")))
    end_programme(cast)
    turn(team, cast, day=0)
    assert "kept until 10 April 2026" in with_plain_dates(client.get(client.url("team_members")))

    client.post(client.url("team_names_keeping"))

    page = with_plain_dates(client.get(client.url("team_members")))
    assert "kept until 9 July 2026" in page
    assert client.url("team_names_keeping") not in page


def test_a_team_that_fails_does_not_stop_the_others(
    team: Team, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    end_programme(cast)
    Clock.objects.filter(enrolment=cast.enrolment(cast.bo)).update(is_finished=True, next_at=None)
    other = Team.objects.get(leader=cast.bo)
    expire = engine.expire_names

    def expire_all_but_the_first(*, team: Team, now: datetime) -> None:
        if team.pk == min(each.pk for each in (first, other)):
            raise RuntimeError("a fault")
        expire(team=team, now=now)

    first = team
    monkeypatch.setattr(engine, "expire_names", expire_all_but_the_first)

    engine.turn(cast.acme, now=NOW)

    assert Team.objects.filter(names_until=TODAY + timedelta(days=30)).count() == 1
    assert "did not expire" in caplog.text
