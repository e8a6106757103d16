"""Naming a team, and the names of those in it."""

from collections.abc import Callable, Iterator

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from goals.models import ObjectivePart, ObjectiveVoice, Team, TeamMember
from goals.teams.actions.teams import add_members, name_team, remove_member, rename_member
from goals.teams.rules import MAX_MEMBERS, member_names
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

XSS = "<script>alert(1)</script>"


@pytest.fixture
def team(cast: Cast) -> Iterator[Team]:
    with within(cast.acme):
        yield Team.objects.select_related("leader").get(leader=cast.ada)


def names_of(team: Team) -> list[str]:
    return list(team.members.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("typed", "new", "again"),
    [
        ("Kari A\nJT\nML", ("Kari A", "JT", "ML"), ()),
        ("Kari A, JT; ML", ("Kari A", "JT", "ML"), ()),
        ("  Kari   A ,\r\n\r\n ,JT\n", ("Kari A", "JT"), ()),
        ("Kari, kari, KARI", ("Kari",), ("kari", "KARI")),
        ("Åse, Ola", ("Ola",), ("Åse",)),
        ("Desk 1204", ("Desk 1204",), ()),
    ],
)
def test_names_are_read_one_a_line_or_with_commas(typed: str, new: tuple[str, ...], again: tuple[str, ...]) -> None:
    found = member_names("names", typed, present=["åse"])

    assert (found.new, found.again) == (new, again)


def test_an_address_or_a_number_adds_nobody(team: Team, cast: Cast) -> None:
    before = names_of(team)
    for typed in ("Kari, jon@example.com", "Kari\n91 23 45 67", "Kari\n4711 12"):
        with pytest.raises(Invalid, match="name or initials, nothing else"):
            add_members(team=team, names=typed, by=cast.ada, now=NOW)

    assert names_of(team) == before


def test_a_team_has_at_most_forty_members(team: Team, cast: Cast) -> None:
    letters = [f"M{chr(65 + number % 26)}{number}" for number in range(MAX_MEMBERS)]
    add_members(team=team, names=", ".join(letters[:-1]), by=cast.ada, now=NOW)

    with pytest.raises(Invalid, match="at most 40"):
        add_members(team=team, names=letters[-1], by=cast.ada, now=NOW)


def test_only_the_leader_adds_renames_and_removes(team: Team, cast: Cast) -> None:
    member = team.members.get()
    for other in (cast.sol, cast.hana, cast.bo):
        with pytest.raises(NotYours):
            add_members(team=team, names="Kari", by=other, now=NOW)
        with pytest.raises(NotYours):
            rename_member(member=member, name="Kari", by=other)
        with pytest.raises(NotYours):
            remove_member(member=member, by=other, now=NOW)


def test_a_member_keeps_part_and_answers_under_a_new_name(team: Team, cast: Cast) -> None:
    member = team.members.get()

    rename_member(member=member, name="  Kari   A ", by=cast.ada)

    assert names_of(team) == ["Kari A"]
    assert member.parts.count() == member.voices.count() == 1


def test_no_two_members_have_one_name(team: Team, cast: Cast) -> None:
    make.TeamMemberFactory(team=team, name="Kari A")

    with pytest.raises(Invalid, match="already"):
        rename_member(member=team.members.exclude(name="Kari A").get(), name="kari a", by=cast.ada)


def test_removing_a_name_erases_their_part_and_answers(team: Team, cast: Cast) -> None:
    member = team.members.get()

    remove_member(member=member, by=cast.ada, now=NOW)

    assert not TeamMember.objects.filter(pk=member.pk).exists()
    assert not ObjectivePart.objects.filter(member_id=member.pk).exists()
    assert not ObjectiveVoice.objects.filter(member_id=member.pk).exists()


def test_the_trail_never_says_who_is_in_a_team(team: Team, cast: Cast) -> None:
    add_members(team=team, names="Kari Nordmann", by=cast.ada, now=NOW)
    remove_member(member=team.members.get(name="Kari Nordmann"), by=cast.ada, now=NOW)

    said = AuditEntry.objects.filter(thing="goals.team").order_by("number")
    assert [entry.verb for entry in said][-2:] == ["added team members", "removed team member"]
    assert "Nordmann" not in str([(entry.verb, entry.details) for entry in said])


def test_an_admin_names_a_leaders_team_and_nobody_else_does(cast: Cast) -> None:
    with within(cast.acme):
        team = name_team(leader=cast.pat, name=" Early   shift", by=cast.hana, now=NOW)
        assert (team.leader_id, team.name) == (cast.pat.pk, "Early shift")
        for other in (cast.sol, cast.bo):
            with pytest.raises(NotYours):
                name_team(leader=cast.pat, name="Mine", by=other, now=NOW)
        with pytest.raises(NotNow):
            name_team(leader=cast.sol, name="Of a sponsor", by=cast.hana, now=NOW)


def test_no_two_teams_have_one_name(team: Team, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Another team"):
        name_team(leader=cast.pat, name=team.name.upper(), by=cast.pat, now=NOW)


def test_an_older_page_does_not_rename_the_team(team: Team, cast: Cast) -> None:
    name_team(leader=cast.ada, name="Late shift", by=cast.hana, now=NOW, expected_revision=team.revision)

    with pytest.raises(Stale):
        name_team(leader=cast.ada, name="Early shift", by=cast.ada, now=NOW, expected_revision=team.revision)


def test_duplicates_are_answered_on_the_page(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)
    client.post(client.url("team_members"), {"names": "Kari\nJon"})

    page = client.post(client.url("team_members"), {"names": "kari, Mia"}, follow=True).content.decode()

    assert "1 name added. kari was there already." in page


def test_a_name_with_markup_is_shown_as_typed(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)
    client.post(client.url("team_members"), {"names": XSS})

    for name in ("team_members", "charter"):
        page = client.get(client.url(name)).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_member_lists_ask_as_much_for_thirty_as_for_one(
    cast: Cast, client_for: Callable, same_queries_at_1_and_30: Callable
) -> None:
    client = client_for(cast.ada)

    def add(number: int) -> None:
        with within(cast.acme):
            make.TeamMemberFactory(team=Team.objects.get(leader=cast.ada), name=f"M{number}")

    for name in ("team_members", "charter"):
        with within(cast.acme):
            TeamMember.objects.filter(name__startswith="M").delete()
        assert same_queries_at_1_and_30(lambda name=name: client.get(client.url(name)), add) <= 12
