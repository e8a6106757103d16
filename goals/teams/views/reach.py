"""The member's own team, and the people in it."""

from django.shortcuts import get_object_or_404

from cohorts.models import Membership
from goals.models import Charter, Team, TeamMember


def own_team(membership: Membership) -> Team | None:
    """The team this leader leads; None until it has a name."""
    return Team.objects.visible_to(membership).select_related("leader").first()


def own_team_or_404(membership: Membership) -> Team:
    return get_object_or_404(Team.objects.visible_to(membership).select_related("leader"))


def own_member_or_404(membership: Membership, pk: int) -> TeamMember:
    return get_object_or_404(TeamMember.objects.filter(team__leader=membership).select_related("team__leader"), pk=pk)


def charter_of(team: Team | None) -> Charter | None:
    return Charter.objects.filter(team=team).first() if team is not None else None
