"""The charter: written by the leader, saved as it is typed, read by sponsor and team."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from cohorts.people.actions.members import change_sponsor
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotYours
from cohorts.web.revisions import Stale
from goals.models import Charter, Team
from goals.teams.actions.charters import save_charter
from goals.teams.policies import may_read_charter
from goals.teams.rules import MAX_LINES
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

SAID = {"review_on": None, "made_with": None, "today": TODAY, "now": NOW}


@pytest.fixture
def team(cast: Cast) -> Iterator[Team]:
    with within(cast.acme):
        yield Team.objects.select_related("leader").get(leader=cast.ada)


def test_a_charter_stands_in_one_spelling(team: Team, cast: Cast) -> None:
    texts = {"purpose": " Solved \n the first time ", "working": "One\n\n  two  words\n"}

    charter = save_charter(team=team, texts=texts, by=cast.ada, **SAID)

    assert (charter.purpose, charter.working) == ("Solved the first time", "One\ntwo words")


def test_more_lines_than_fit_on_its_page_are_refused(team: Team, cast: Cast) -> None:
    with pytest.raises(Invalid, match="fit on the page"):
        save_charter(team=team, texts={"working": "a\n" * (MAX_LINES + 1)}, by=cast.ada, **SAID)


def test_only_the_leader_writes_the_charter(team: Team, cast: Cast) -> None:
    for other in (cast.sol, cast.hana, cast.bo):
        with pytest.raises(NotYours):
            save_charter(team=team, texts={}, by=other, **SAID)


def test_two_pages_cannot_both_begin_a_charter(cast: Cast) -> None:
    with within(cast.acme):
        team = make.TeamFactory(leader=cast.pat)
        save_charter(team=team, texts={"purpose": "One"}, by=cast.pat, expected_revision=0, **SAID)

        with pytest.raises(Stale):
            save_charter(team=team, texts={"purpose": "Two"}, by=cast.pat, expected_revision=0, **SAID)


def test_the_second_page_that_begins_a_charter_shows_both(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        make.TeamFactory(leader=cast.pat)
    client = client_for(cast.pat_at_acme)
    opened = client.get(client.url("charter_wording")).context["form"]["opened"].value()
    client.post(client.url("charter_wording"), {"purpose": "One", "opened": opened})

    answer = client.post(client.url("charter_wording"), {"purpose": "Two", "opened": opened})

    assert answer.status_code == 422
    assert "One" in answer.content.decode()
    assert "Two" in answer.content.decode()


def test_a_form_that_is_typed_in_goes_on_from_what_it_sent(cast: Cast, client_for: Callable) -> None:
    """The background answer says what was sent; the next save with that does not quarrel with itself."""
    client, htmx = client_for(cast.ada), {"HX-Request": "true"}
    url = client.url("charter_wording")
    opened = client.get(url).context["form"]["opened"].value()
    answer = client.post(url, {"purpose": "Solved  once", "opened": opened}, headers=htmx)
    sent = answer.context["form"].sent
    assert f'data-autosave="{sent}"' in answer.content.decode()

    again = client.post(url, {"purpose": "Solved  once and", "opened": sent}, headers=htmx)

    assert again.status_code == 200
    with within(cast.acme):
        assert Charter.objects.get(team__leader=cast.ada).purpose == "Solved once and"


def test_the_sponsor_of_now_reads_it_and_nobody_else(team: Team, cast: Cast) -> None:
    charter = Charter.objects.select_related("team").get(team=team)
    readers = {name for name in cast.houses["acme"].members if may_read_charter(getattr(cast, name), charter)}
    listed = {
        name
        for name in cast.houses["acme"].members
        if Charter.objects.visible_to(getattr(cast, name)).filter(pk=charter.pk).exists()
    }
    assert readers == listed == {"ada", "sol"}

    change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.max, by=cast.hana, now=NOW)

    assert may_read_charter(cast.max, charter)
    assert not may_read_charter(cast.sol, charter)


def test_a_sponsor_reads_no_members_name(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.sol)
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada)

    page = client.get(client.url("team_charter", team.pk)).content.decode()

    assert "acme bait of ada purpose" in page
    assert "acme bait of ada member" not in page


def test_a_date_far_away_is_refused_beside_its_field(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)

    answer = client.post(client.url("charter_wording"), {"review_on": str(TODAY + timedelta(days=800))})

    assert answer.status_code == 422
    assert "within the next two years" in answer.content.decode()
