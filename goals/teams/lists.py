"""Lists of teams."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, QuerySet

from cohorts.models import Membership, Role
from goals.models import Objective, ObjectiveVoice, Team
from goals.teams.openness import SHOWN


@dataclass(frozen=True, slots=True)
class LeadersTeam:
    """A leader and their team, as an admin sees it: no member's name."""

    leader: Membership
    name: str
    members: int
    names_until: date | None


def teams_of_leaders() -> list[LeadersTeam]:
    """Every leader of the organisation by name, with or without a team. Two queries."""
    teams = {team.leader_id: team for team in Team.objects.annotate(size=Count("members"))}
    rows = []
    for leader in Membership.objects.active().with_role(Role.LEADER).order_by("name", "pk"):
        team = teams.get(leader.pk)
        rows.append(
            LeadersTeam(leader, team.name, team.size, team.names_until) if team else LeadersTeam(leader, "", 0, None)
        )
    return rows


def voices_with_words(team: Team, *, only_open: bool) -> QuerySet[ObjectiveVoice]:
    """Questions and doubts of a team's members: what waits for an answer first, then the newest."""
    said = ObjectiveVoice.objects.filter(member__team=team).exclude(words="").select_related("member", "objective")
    if only_open:
        said = said.filter(answered_at=None)
    return said.order_by(F("answered_at").desc(nulls_first=True), "-at", "-pk")


def open_voices(team: Team) -> int:
    return voices_with_words(team, only_open=True).count()


def seen_by_objective(team: Team) -> list[Objective]:
    """What the team can see, each with `took_part`, how many members answered in any way."""
    found = Objective.objects.filter(team=team, state__in=SHOWN)
    return list(found.annotate(took_part=Count("voices__member", distinct=True)).order_by("state", "pk"))
