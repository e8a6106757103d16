"""What the page of one objective shows, for one reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cohorts.models import Membership
from goals.models import (
    Course,
    Objective,
    ObjectiveMilestone,
    ObjectiveState,
    ObjectiveVoice,
    Place,
    TeamMember,
)
from goals.objectives.drawing import Drawn, figure, own_team, sheet_of
from goals.objectives.guardrail import needs_guardrail
from goals.objectives.involvement import Involvement, Stand, involvement, newest, stand_of
from goals.objectives.policies import Reader, may_keep_objective, may_know_members
from goals.objectives.rules import aim_of, takes_readings
from goals.objectives.smart_help import letters_of_objective
from goals.objectives.tree import Tree, tree_of
from goals.smart import Missing, missing
from goals.smart_words import Letter

SOME_READINGS = 8


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the team beside their part and the newest thing they said."""

    member: TeamMember
    part: str
    stand: Stand
    voice: ObjectiveVoice | None


@dataclass(frozen=True, slots=True)
class ObjectivePage:
    objective: Objective
    drawn: Drawn
    line: list[Drawn]  # from the organisation down to its parent
    below: list[Drawn]
    milestones: list[ObjectiveMilestone]
    readings: list[tuple[date, str]]  # the newest first, with their unit
    letters: list[Letter]
    missing: tuple[Missing, ...]
    may_keep: bool
    may_know_members: bool
    takes_reading: bool
    needs_guardrail: bool
    has_due_passed: bool
    guardrail: Objective | None  # as far as the reader may see it
    involvement: Involvement | None = None
    members: list[Member] = field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        return self.objective.state in (ObjectiveState.DRAFT, ObjectiveState.SHARED)

    @property
    def is_open(self) -> bool:
        return self.is_begun or self.objective.state == ObjectiveState.AGREED


def page_of(objective: Objective, membership: Membership, today: date) -> ObjectivePage:
    tree = tree_of(Reader.of(membership), today)
    node = tree.nodes[objective.pk]
    team = own_team(membership)
    key = membership.pk
    milestones = list(objective.milestones.all()) if objective.course == Course.MILESTONES else []
    knows = may_know_members(membership, objective)
    said = team.voices.get(objective.pk, []) if knows else voices_of(objective)
    parts = team.parts.get(objective.pk, {}) if knows else {}
    size = tree.sizes.get(objective.team_id, 0) if objective.team_id else 0
    aim = aim_of(objective, milestones=len(milestones), parts=len(parts))
    return ObjectivePage(
        objective=objective,
        drawn=sheet_of(node, tree, key, team),
        line=[sheet_of(above, tree, key, team) for above in [*tree.ancestors(node)][::-1]],
        below=[sheet_of(child, tree, key, team) for child in node.shown],
        milestones=milestones,
        readings=_readings(objective) if takes_readings(objective) else [],
        letters=letters_of_objective(objective, milestones=len(milestones), parts=len(parts), today=today),
        missing=missing(aim),
        may_keep=may_keep_objective(membership, objective),
        may_know_members=knows,
        takes_reading=takes_readings(objective),
        needs_guardrail=needs_guardrail(objective),
        has_due_passed=objective.due_on is not None and objective.due_on < today,
        guardrail=objective.guardrail if _is_visible(tree, objective.guardrail_id) else None,
        involvement=involvement(size, said) if objective.place == Place.TEAM else None,
        members=_members(team.members.values(), parts, said) if knows else [],
    )


def _is_visible(tree: Tree, key: int | None) -> bool:
    return key is not None and tree.nodes[key].is_visible


def voices_of(objective: Objective) -> list[ObjectiveVoice]:
    """In the order they came; only a team's objective has any."""
    return list(objective.voices.all()) if objective.place == Place.TEAM else []


def _readings(objective: Objective) -> list[tuple[date, str]]:
    newest_first = objective.readings.order_by("-on")[:SOME_READINGS]
    return [(reading.on, f"{figure(reading.value)} {objective.unit}".strip()) for reading in newest_first]


def _members(members: Iterable[TeamMember], parts: Mapping[int, str], said: list[ObjectiveVoice]) -> list[Member]:
    last = newest(said)
    return [
        Member(member, parts.get(member.pk, ""), stand_of(last.get(member.pk)), last.get(member.pk))
        for member in members
    ]
