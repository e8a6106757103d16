"""What of the tree a page draws, and in which words.

A small tree is drawn whole. Of a large one the line of the reader's own team is drawn, then level by level what there
is room for; the rest stands folded behind a link, which htmx opens in place.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Membership, Role
from cohorts.web.inputs import figure_words
from goals.models import ObjectiveState, ObjectiveVoice, Place, TeamMember, Unit
from goals.objectives.involvement import Chip, Involvement, Stand, chips, involvement, newest, stand_of
from goals.objectives.rollup import Progress, RollUp
from goals.objectives.tree import Node, Tree

MAX_DRAWN = 40
MAX_CHILDREN = 30
OPEN_LEVELS = 2  # the rest is drawn folded


@dataclass(slots=True)
class Drawn:
    """One sheet of the tree. `is_folded`: what is below is not drawn; `more`: how many children are left out."""

    node: Node
    kind: str
    number: str
    aim: str
    lines: list[str]
    in_the_air: str  # why it hangs, in words; empty where it does not
    is_own: bool
    is_open: bool = False
    is_folded: bool = False
    more: int = 0
    children: "list[Drawn]" = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    involvement: Involvement | None = None

    @property
    def count_below(self) -> int:
        return len(self.node.shown)


@dataclass(frozen=True, slots=True)
class Team:
    """The reader's own team beside its objectives."""

    members: dict[int, TeamMember]
    parts: dict[int, dict[int, str]]  # texts by member, by objective
    voices: dict[int, list[ObjectiveVoice]]

    @property
    def asks(self) -> int:
        """Members who wait for a word about any objective."""
        return len(
            {
                key
                for said in self.voices.values()
                for key, voice in newest(said).items()
                if stand_of(voice) == Stand.ASKS
            }
        )

    def beside(self, objective_key: int) -> tuple[list[Chip], Involvement]:
        """Those who have a part or said something; everybody where no part is written yet."""
        voices = self.voices.get(objective_key, [])
        concerned = self.parts.get(objective_key, {}).keys() | {voice.member_id for voice in voices}
        shown = concerned if self.parts.get(objective_key) else self.members.keys()
        members = [member for key, member in self.members.items() if key in shown]
        return chips(members, voices), involvement(len(self.members), voices)


def own_team(membership: Membership) -> Team:
    """Members with their parts in one query, and what they said in another; none for those who lead no team."""
    members: dict[int, TeamMember] = {}
    parts: dict[int, dict[int, str]] = defaultdict(dict)
    voices: dict[int, list[ObjectiveVoice]] = defaultdict(list)
    if membership.has_role(Role.LEADER):
        theirs = TeamMember.objects.filter(team__leader=membership)
        for member in theirs.annotate(objective_key=F("parts__objective"), part=F("parts__text")):
            members[member.pk] = member
            if member.objective_key:
                parts[member.objective_key][member.pk] = member.part
        for voice in ObjectiveVoice.objects.filter(member__in=members) if members else ():
            voices[voice.objective_id].append(voice)
    return Team(members, dict(parts), dict(voices))


def draw(tops: Iterable[Node], tree: Tree, reader_key: int, team: Team) -> list[Drawn]:
    """The sheets of these nodes and of what is below them, as far as there is room. A small tree lies open."""
    tops = list(tops)
    size = sum(node.is_visible for node in tree.nodes.values())
    levels = OPEN_LEVELS if size <= MAX_DRAWN else 1
    own = {node.key for node in tree.nodes.values() if node.leader_key == reader_key and node.is_visible}
    line = {above.key for key in own for above in tree.ancestors(tree.nodes[key])}
    opened = line | _with_room(tops, [tree.nodes[key] for key in line])
    return [_draw(node, tree, reader_key, team, opened, line, levels) for node in tops]


def _with_room(tops: list[Node], line: list[Node]) -> set[int]:
    """The nodes whose children are drawn, besides the reader's line: level by level until the page is full."""
    room = MAX_DRAWN - len(tops) - sum(min(len(node.shown), MAX_CHILDREN) for node in line)
    opened = {node.key for node in line}
    queue = deque(tops)
    while queue:
        node = queue.popleft()
        if node.key not in opened:
            taken = min(len(node.shown), MAX_CHILDREN)
            if taken > room:
                continue
            room -= taken
            opened.add(node.key)
        queue.extend(node.shown[:MAX_CHILDREN])
    return opened


def _draw(node: Node, tree: Tree, reader_key: int, team: Team, opened: set[int], line: set[int], levels: int) -> Drawn:
    drawn = sheet_of(node, tree, reader_key, team)
    drawn.is_open = node.key in line or levels > 0
    if not node.shown:
        return drawn
    if node.key not in opened:
        drawn.is_folded, drawn.is_open = True, False
        return drawn
    chosen = _first(node.shown, line, reader_key)
    drawn.more = len(node.shown) - len(chosen)
    drawn.children = [_draw(child, tree, reader_key, team, opened, line, levels - 1) for child in chosen]
    return drawn


def _first(children: list[Node], line: set[int], reader_key: int) -> list[Node]:
    """Some of many, the reader's own line among them, in their order."""
    if len(children) <= MAX_CHILDREN:
        return children
    ours = [child for child in children if child.key in line or child.leader_key == reader_key][:MAX_CHILDREN]
    rest = [child for child in children if child not in ours][: MAX_CHILDREN - len(ours)]
    return sorted(ours + rest, key=children.index)


def sheet_of(node: Node, tree: Tree, reader_key: int, team: Team) -> Drawn:
    """One objective as the tree shows it, without what is below it."""
    is_own = node.leader_key == reader_key
    number, aim = standing(node)
    drawn = Drawn(
        node=node,
        kind=kind_of(node, is_own=is_own),
        number=number,
        aim=aim,
        lines=list(lines_of(node, tree)),
        in_the_air=in_the_air(node),
        is_own=is_own,
    )
    if is_own:
        drawn.chips, drawn.involvement = team.beside(node.key)
    return drawn


def kind_of(node: Node, *, is_own: bool) -> str:
    if node.place == Place.TEAM:
        return _("Your team") if is_own else node.team_name
    return node.department if node.place == Place.DEPARTMENT else _("The whole organisation")


def standing(node: Node) -> tuple[str, str]:
    """Where it is and where it should be; "–" while nothing is measured, never 0."""
    if node.milestones:
        return f"{node.done} / {node.milestones}", _("milestones")
    if node.target is None:
        if node.below and node.below.share is not None:
            return percent(node.below.share), _("of the way")
        return "–", _("not measured")
    unit = unit_of(node.kpi_unit) if node.kpi_key else node.unit
    aim = _("aim %(figure)s") % {"figure": figure(node.target)}
    return (f"{figure(node.now)} {unit}".strip() if node.now is not None else "–"), aim


def in_the_air(node: Node) -> str:
    if node.hangs:
        return _("Left hanging: no team has taken it up.")
    if not node.is_connected:
        return _("Not yet connected to an objective above it.")
    if node.parent is not None and node.parent.is_let_go and not node.is_let_go:
        return _("Left hanging: what it serves was let go.")
    return ""


def lines_of(node: Node, tree: Tree) -> Iterable[str]:
    if node.state != ObjectiveState.AGREED:
        yield str(ObjectiveState(node.state).label)
    if node.progress is not None and node.target is not None:
        yield progress_words(node.progress, is_held=node.course == "hold")
    if node.below and node.below.count:
        yield from roll_up_words(node.below)
    if node.other_teams:
        yield teams_words(len(node.other_teams), tree.people(node.other_teams))


def progress_words(progress: Progress, *, is_held: bool) -> str:
    if is_held:
        return _("where it should be") if progress.share else _("outside the band")
    if progress.is_away:
        return _("moved the other way")
    return _("%(percent)s of the way") % {"percent": percent(progress.share)}


def roll_up_words(below: RollUp) -> Iterable[str]:
    """The roll-up with its coverage, and what was let go."""
    if below.share is not None:
        values = {"percent": percent(below.share), "measured": below.measured, "weight": below.weight}
        if below.measured == below.weight:
            yield _("Below: %(percent)s of the way") % values
        else:
            yield _("Below: %(percent)s of the way (weight %(measured)s of %(weight)s measured)") % values
    elif below.weight:
        yield _("Below: nothing is measured yet")
    if below.gone:
        values = {"gone": below.gone, "count": below.count, "weight": below.gone_weight, "all": below.all_weight}
        yield _("%(gone)s of %(count)s let go (weight %(weight)s of %(all)s)") % values


def teams_words(teams: int, people: int) -> str:
    said = ngettext("%(count)s other team", "%(count)s other teams", teams) % {"count": teams}
    if not people:
        return said
    return f"{said}, " + ngettext("%(count)s person", "%(count)s people", people) % {"count": people}


def percent(share: float) -> str:
    return _("%(number)s %%") % {"number": round(share * 100)}


def figure(value: Decimal) -> str:
    """With at most two decimals, in the reader's own way."""
    return figure_words(round(value, 2))


def unit_of(kpi_unit: str | None) -> str:
    words: dict[str | None, str] = {Unit.SHARE: "%", Unit.SECONDS: _("s")}
    return words.get(kpi_unit, "")
