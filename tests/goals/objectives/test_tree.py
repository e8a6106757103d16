"""The tree as each member sees it: who reads what, what hangs, what counts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from goals.models import Objective, Team
from goals.objectives.drawing import (
    MAX_DRAWN,
    Drawn,
    draw,
    in_the_air,
    own_team,
    roll_up_words,
    sheet_of,
    standing,
    teams_words,
)
from goals.objectives.policies import Reader, may_keep_objective, may_see_objective
from goals.objectives.rollup import Below, roll_up
from goals.objectives.tree import Tree, tree_of
from tests import factories as make
from tests.cast import Cast
from tests.times import TODAY


@pytest.fixture(autouse=True)
def _open(cast: Cast) -> Iterator[None]:
    with within(cast.acme):
        Objective.objects.all().delete()
        yield


@pytest.fixture
def team(cast: Cast) -> Team:
    return Team.objects.get(leader=cast.ada)


def seen_by(membership: Membership) -> set[int]:
    return {key for key, node in tree_of(Reader.of(membership), TODAY).nodes.items() if node.is_visible}


def test_who_sees_an_objective_page_list_and_tree_agree(cast: Cast, team: Team) -> None:
    other = Team.objects.get(leader=cast.bo)
    for state in ("draft", "shared", "agreed", "done", "let_go"):
        more = {"state": state, "ended_on": TODAY, "let_go_reason": "busy"}
        make.ObjectiveFactory(place="organisation", **more)
        make.ObjectiveFactory(**more)
        make.ObjectiveFactory(place="team", team=team, **more)
        make.ObjectiveFactory(place="team", team=other, **more)
    rows = list(Objective.objects.select_related("team"))
    people = (cast.ada, cast.bo, cast.sol, cast.max, cast.hana, cast.olav, cast.cleo)
    for person in people:
        listed = set(Objective.objects.visible_to(person).values_list("pk", flat=True))
        assert listed == {row.pk for row in rows if may_see_objective(person, row)} == seen_by(person), person

    def states(person: Membership, place: str, team: Team | None = None) -> list[str]:
        found = Objective.objects.visible_to(person).filter(place=place, team=team)
        return list(found.order_by("pk").values_list("state", flat=True))

    begun = ["shared", "agreed", "done", "let_go"]
    for person in (cast.ada, cast.bo, cast.sol, cast.cleo):
        assert states(person, "organisation") == states(person, "department") == begun
    assert states(cast.hana, "department") == states(cast.hana, "team", team) == ["draft", *begun]
    assert states(cast.ada, "team", team) == ["draft", *begun]
    assert states(cast.sol, "team", team) == begun
    assert states(cast.bo, "team", team) == states(cast.max, "team", team) == states(cast.cleo, "team", team) == []


def test_admins_keep_the_upper_levels_and_leaders_their_team(cast: Cast, team: Team) -> None:
    upper, lower = make.ObjectiveFactory(), make.ObjectiveFactory(place="team", team=team)
    assert [may_keep_objective(who, upper) for who in (cast.ada, cast.sol, cast.hana, cast.olav)] == [
        *(False, False),
        *(True, True),
    ]
    assert [may_keep_objective(who, lower) for who in (cast.ada, cast.bo, cast.sol, cast.hana)] == [
        True,
        *(False, False, False),
    ]


def test_a_former_sponsor_sees_no_more_of_a_team(cast: Cast, team: Team) -> None:
    objective = make.ObjectiveFactory(place="team", team=team)
    assert may_see_objective(cast.sol, objective)
    cast.enrolment(cast.ada).__class__.objects.filter(leader=cast.ada).update(sponsor=cast.max)
    assert not may_see_objective(cast.sol, objective)
    assert may_see_objective(cast.max, objective)
    assert not Objective.objects.visible_to(cast.sol).filter(pk=objective.pk).exists()


def test_a_parent_rolls_up_its_children_with_coverage(cast: Cast) -> None:
    top = make.ObjectiveFactory(place="organisation", measure="", target=None, baseline=None)
    for weight, value in ((3, 16), (2, "17.5"), (1, None)):  # 20 → 15: 0.8, 0.5 and nothing measured
        child = make.ObjectiveFactory(parent=top, weight=weight)
        if value is not None:
            make.ObjectiveReadingFactory(objective=child, value=value)
    draft = make.ObjectiveFactory(parent=top, weight=3, state="shared")
    make.ObjectiveReadingFactory(objective=draft, value=15)
    gone = make.ObjectiveFactory(parent=top, weight=1, state="agreed")
    Objective.objects.filter(pk=gone.pk).update(state="let_go", let_go_reason="busy", ended_on=TODAY)

    node = tree_of(Reader.of(cast.hana), TODAY).nodes[top.pk]

    assert node.below is not None
    assert node.below.share == pytest.approx(0.68)
    assert list(roll_up_words(node.below)) == [
        "Below: 68 % of the way (weight 5 of 6 measured)",
        "1 of 4 let go (weight 1 of 7)",
    ]
    assert standing(node) == ("68 %", "of the way")


def test_a_level_without_figures_passes_on_what_is_below(cast: Cast) -> None:
    top = make.ObjectiveFactory(place="organisation", measure="", target=None, baseline=None)
    middle = make.ObjectiveFactory(parent=top, measure="", target=None, baseline=None)
    leaf = make.ObjectiveFactory(parent=middle)
    make.ObjectiveReadingFactory(objective=leaf, value="17.5")

    tree = tree_of(Reader.of(cast.hana), TODAY)

    assert tree.nodes[top.pk].share == pytest.approx(0.5)
    assert [node.key for node in tree.ancestors(tree.nodes[leaf.pk])] == [middle.pk, top.pk]


def test_the_newest_figure_counts(cast: Cast) -> None:
    objective = make.ObjectiveFactory(baseline=420, target=390, unit="s")
    make.ObjectiveReadingFactory(objective=objective, value=405, on=TODAY - timedelta(days=1))
    make.ObjectiveReadingFactory(objective=objective, value=430, on=TODAY)

    node = tree_of(Reader.of(cast.hana), TODAY).nodes[objective.pk]

    assert standing(node) == ("430 s", "aim 390")
    assert node.progress is not None
    assert (node.progress.share, node.progress.is_away) == (0.0, True)


def test_a_kpi_gives_the_newest_whole_week_from_sums(cast: Cast, team: Team) -> None:
    """100 calls at 300 s and 20 at 600 s are 350 s, not 450; above the teams, all of them together."""
    kpi = make.KpiFactory(unit="seconds", family="aht")
    make.KpiMethodFactory(kpi=kpi)
    make.FollowedFactory(kpi=kpi, team=team, expected_days=2)
    monday = TODAY - timedelta(days=9)
    for on, calls, seconds in ((monday, 100, 300), (monday + timedelta(days=1), 20, 600), (TODAY, 10, 900)):
        make.FigureFactory(kpi=kpi, team=team, on=on, numerator=calls * seconds, denominator=calls)
    measured = {"kpi": kpi, "course": "down", "baseline": 420, "target": 300, "measure": "", "unit": ""}
    own = make.ObjectiveFactory(place="team", team=team, **measured)
    all_teams = make.ObjectiveFactory(**measured)
    other = make.ObjectiveFactory(place="team", team=Team.objects.get(leader=cast.bo), **measured)

    nodes = tree_of(Reader.of(cast.hana), TODAY).nodes

    assert standing(nodes[own.pk]) == standing(nodes[all_teams.pk]) == ("350 s", "aim 300")
    assert standing(nodes[other.pk]) == ("–", "aim 300")
    assert nodes[own.pk].share == pytest.approx(70 / 120)


def test_nothing_measured_is_a_dash(cast: Cast) -> None:
    measured, open_ = make.ObjectiveFactory(), make.ObjectiveFactory(target=None)
    tree = tree_of(Reader.of(cast.hana), TODAY)
    assert standing(tree.nodes[measured.pk]) == ("–", "aim 15")
    assert standing(tree.nodes[open_.pk]) == ("–", "not measured")


def test_milestones_are_counted_in_the_tree(cast: Cast) -> None:
    objective = make.ObjectiveFactory(course="milestones", target=None, baseline=None)
    for done_on in (TODAY, None, None):
        make.ObjectiveMilestoneFactory(objective=objective, done_on=done_on)
    node = tree_of(Reader.of(cast.hana), TODAY).nodes[objective.pk]
    assert standing(node)[0] == "1 / 3"
    assert node.share == pytest.approx(1 / 3)


def test_what_hangs_in_the_air_says_why(cast: Cast, team: Team) -> None:
    top = make.ObjectiveFactory(place="organisation")
    hanging = make.ObjectiveFactory(parent=top)
    taken = make.ObjectiveFactory(parent=top)
    own = make.ObjectiveFactory(place="team", team=team, parent=taken)
    loose = make.ObjectiveFactory(place="team", team=team)
    dropped = make.ObjectiveFactory(parent=top, state="let_go", let_go_reason="busy", ended_on=TODAY)
    orphan = make.ObjectiveFactory(place="team", team=team, parent=dropped)

    tree = tree_of(Reader.of(cast.ada), TODAY)
    said = {key: in_the_air(node) for key, node in tree.nodes.items()}

    assert said[hanging.pk] == "Left hanging: no team has taken it up."
    assert said[loose.pk] == "Not yet connected to an objective above it."
    assert said[orphan.pk] == "Left hanging: what it serves was let go."
    assert said[top.pk] == said[taken.pk] == said[own.pk] == said[dropped.pk] == ""
    assert [node.key for node in tree.roots] == [top.pk]
    assert [node.key for node in tree.loose] == [loose.pk]


def test_other_teams_are_counts_of_people_and_no_words(cast: Cast, team: Team) -> None:
    top = make.ObjectiveFactory(place="organisation")
    for size in (1, 2):
        other = make.TeamFactory(leader=make.MembershipFactory(roles=["leader"]))
        make.TeamMemberFactory.create_batch(size, team=other)
        make.ObjectiveFactory(place="team", team=other, parent=top, outcome="A secret of others")
        make.ObjectiveFactory(place="team", team=other, parent=top, outcome="Another secret", state="draft")
    make.ObjectiveFactory(place="team", team=team, parent=top)

    tree = tree_of(Reader.of(cast.ada), TODAY)
    sheets = drawn(tree, cast.ada)

    assert "2 other teams, 3 people" in sheets[0].lines
    assert len(sheets[0].children) == 1
    assert teams_words(1, 1) == "1 other team, 1 person"
    assert drawn(tree_of(Reader.of(cast.hana), TODAY), cast.hana)[0].node.other_teams == frozenset()


def test_members_stand_beside_their_leaders_objectives_only(cast: Cast, team: Team) -> None:
    own = make.ObjectiveFactory(place="team", team=team)
    member = team.members.get()
    make.TeamMemberFactory(team=team, name="RB")
    make.ObjectiveVoiceFactory(objective=own, member=member, kind="question", words="Why?")

    for person, names in ((cast.ada, 2), (cast.sol, 0), (cast.hana, 0)):
        tree = tree_of(Reader.of(person), TODAY)
        sheet = sheet_of(tree.nodes[own.pk], tree, person.pk, own_team(person))
        assert len(sheet.chips) == names
    assert own_team(cast.ada).asks == 1


def test_with_parts_only_those_concerned_are_shown(cast: Cast, team: Team) -> None:
    own = make.ObjectiveFactory(place="team", team=team)
    make.ObjectivePartFactory(objective=own, member=team.members.get())
    make.TeamMemberFactory(team=team, name="RB")
    beside, involved = own_team(cast.ada).beside(own.pk)
    assert len(beside) == 1
    assert involved.of == 2


def drawn(tree: Tree, membership: Membership) -> list[Drawn]:
    return draw(tree.roots, tree, membership.pk, own_team(membership))


def count(sheets: list[Drawn]) -> int:
    return sum(1 + count(each.children) for each in sheets)


def test_a_large_tree_is_folded_except_for_ones_own_line(cast: Cast, team: Team) -> None:
    top = make.ObjectiveFactory(place="organisation")
    middles = [make.ObjectiveFactory(parent=top) for _ in range(9)]
    for middle in middles:
        make.ObjectiveFactory.create_batch(8, parent=middle)
    own = make.ObjectiveFactory(place="team", team=team, parent=middles[-1])

    sheets = drawn(tree_of(Reader.of(cast.ada), TODAY), cast.ada)

    assert count(sheets) <= MAX_DRAWN
    last = sheets[0].children[-1]
    assert last.is_open
    assert own.pk in {child.node.key for child in last.children}
    assert any(middle.is_folded and not middle.is_open for middle in sheets[0].children)


def test_a_tree_is_read_in_six_queries_whatever_its_size(cast: Cast, count_queries) -> None:
    def read() -> None:
        tree = tree_of(Reader.of(cast.sol), TODAY)
        draw(tree.roots, tree, cast.sol.pk, own_team(cast.sol))

    make.ObjectiveFactory(place="organisation")
    few = len(count_queries(read))
    top = make.ObjectiveFactory(place="organisation")
    make.ObjectiveFactory.create_batch(40, parent=top)
    assert len(count_queries(read)) == few <= 6


def test_coverage_counts_weight_and_not_objectives() -> None:
    words = roll_up_words(roll_up([Below(3, 1.0), Below(2, 0.0), Below(1, 0.5, is_let_go=True)]))
    assert list(words) == ["Below: 60 % of the way", "1 of 3 let go (weight 1 of 6)"]
