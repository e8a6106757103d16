"""All objectives of the organisation as a tree, with their roll-up, as one member may see it.

Everything is read in a few queries, whatever the size. What the member may not see counts in the roll-up and as people
of other teams, and never as words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from goals.figures.reading import Pair, latest_values
from goals.models import Course, Objective, ObjectiveMilestone, ObjectiveReading, ObjectiveState, Place, TeamMember
from goals.objectives.policies import Reader
from goals.objectives.rollup import Below, Progress, RollUp, by_milestones, progress, roll_up

BEGUN = frozenset({ObjectiveState.SHARED, ObjectiveState.AGREED, ObjectiveState.DONE})
COLUMNS = (
    *("pk", "parent_id", "place", "department", "team_id", "team__name", "team__leader_id", "outcome", "state"),
    *(
        "course",
        "kpi_id",
        "kpi__unit",
        "unit",
        "baseline",
        "target",
        "tolerance",
        "weight",
        "due_on",
        "agreed_on",
        "ended_on",
    ),
)


@dataclass(slots=True, eq=False)
class Node:
    """An objective in the tree."""

    key: int
    parent_key: int | None
    place: str
    department: str
    team_key: int | None
    team_name: str
    leader_key: int | None
    outcome: str
    state: str
    course: str
    kpi_key: int | None
    kpi_unit: str | None
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    tolerance: Decimal | None
    weight: int
    due_on: date | None
    agreed_on: date | None
    ended_on: date | None
    members: int
    done: int
    milestones: int
    now: Decimal | None = None
    is_visible: bool = False
    progress: Progress | None = None
    children: "list[Node]" = field(default_factory=list)
    parent: "Node | None" = None
    below: RollUp | None = None  # None where nothing stands below
    other_teams: frozenset[int] = frozenset()  # below here, of objectives that the member may not see

    @property
    def share(self) -> float | None:
        """What its parent counts: its own progress; without any, that of its children."""
        if self.progress is not None:
            return self.progress.share
        return self.below.share if self.below else None

    @property
    def shown(self) -> "list[Node]":
        return [child for child in self.children if child.is_visible]

    @property
    def is_let_go(self) -> bool:
        return self.state == ObjectiveState.LET_GO

    @property
    def is_ended(self) -> bool:
        return self.state in (ObjectiveState.LET_GO, ObjectiveState.DONE)

    @property
    def counts(self) -> bool:
        """In its parent; a draft never does, dropped or not."""
        return self.agreed_on is not None

    @property
    def is_connected(self) -> bool:
        return self.place == Place.ORGANISATION or self.parent is not None

    @property
    def hangs(self) -> bool:
        """Agreed above the teams, and nobody below has taken it up."""
        taken_up = any(child.state in BEGUN or (child.is_visible and not child.is_let_go) for child in self.children)
        return self.state == ObjectiveState.AGREED and self.place != Place.TEAM and not taken_up


@dataclass(frozen=True, slots=True)
class Tree:
    """`roots` stand for the organisation; `loose` is not yet connected to any. `sizes`: members by team."""

    nodes: dict[int, Node]
    roots: list[Node]
    loose: list[Node]
    sizes: dict[int, int]

    def people(self, teams: frozenset[int]) -> int:
        return sum(self.sizes.get(team, 0) for team in teams)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """Above a node, as far as the member may see."""
        while node.parent is not None:
            node = node.parent
            if node.is_visible:
                yield node


def tree_of(reader: Reader, today: date) -> Tree:
    """The whole tree, for one reader."""
    nodes = _nodes()
    _measure(nodes, today)
    for node in nodes.values():
        node.is_visible = reader.may_see(node.place, node.state, node.leader_key)
        node.parent = nodes.get(node.parent_key) if node.parent_key else None
        if node.parent is not None:
            node.parent.children.append(node)
    tops = [node for node in nodes.values() if node.parent is None]
    for node in tops:
        _roll_up(node)
    shown = [node for node in nodes.values() if node.is_visible and not (node.parent and node.parent.is_visible)]
    roots = [node for node in shown if node.place == Place.ORGANISATION]
    loose = [node for node in shown if node.place != Place.ORGANISATION]
    return Tree(nodes, roots, loose, {node.team_key: node.members for node in nodes.values() if node.team_key})


def _nodes() -> dict[int, Node]:
    of_this = ObjectiveMilestone.objects.filter(objective=OuterRef("pk")).order_by().values("objective")
    of_team = TeamMember.objects.filter(team=OuterRef("team")).order_by().values("team").annotate(count=Count("pk"))
    newest = ObjectiveReading.objects.filter(objective=OuterRef("pk")).order_by("-on")
    rows = Objective.objects.order_by("pk").annotate(
        members=Case(
            When(place=Place.TEAM, then=Coalesce(Subquery(of_team.values("count")), 0)),
            default=0,
            output_field=IntegerField(),
        ),
        now=Case(When(kpi=None, then=Subquery(newest.values("value")[:1]))),
        done=_milestones(of_this.annotate(count=Count("pk", filter=Q(done_on__isnull=False)))),
        of=_milestones(of_this.annotate(count=Count("pk"))),
    )
    return {row[0]: Node(*row) for row in rows.values_list(*COLUMNS, "members", "done", "of", "now")}


def _milestones(counts: Any) -> Case:
    """Only where they are the measure, so that no other row asks."""
    by_milestones = When(course=Course.MILESTONES, then=Coalesce(Subquery(counts.values("count")), 0))
    return Case(by_milestones, default=0, output_field=IntegerField())


def _measure(nodes: dict[int, Node], today: date) -> None:
    by_kpi: set[Pair] = {(node.kpi_key, node.team_key) for node in nodes.values() if node.kpi_key}
    found = latest_values(by_kpi, until=today) if by_kpi else {}
    for node in nodes.values():
        if node.kpi_key:
            week = found[node.kpi_key, node.team_key]
            node.now = week.value if week else None
    for node in nodes.values():
        if node.course == Course.MILESTONES:
            node.progress = by_milestones(node.done, node.milestones)
        else:
            node.progress = progress(
                node.course, start=node.baseline, target=node.target, now=node.now, tolerance=node.tolerance
            )


def _roll_up(node: Node) -> None:
    """From the leaves up. Levels are few, so this may call itself."""
    others: set[int] = set()
    for child in node.children:
        _roll_up(child)
        others |= child.other_teams
        if not child.is_visible and child.team_key and child.state in BEGUN:
            others.add(child.team_key)
    if node.children:
        node.other_teams = frozenset(others)
        counted = [child for child in node.children if child.counts]
        node.below = roll_up(Below(child.weight, child.share, child.is_let_go) for child in counted)
