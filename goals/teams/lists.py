"""Lists of teams."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cohorts.models import Membership, Role
from goals.models import Team


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
