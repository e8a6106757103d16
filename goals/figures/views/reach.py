"""The team or KPI a page is about, or 404."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from cohorts.models import Membership
from cohorts.web.http import MemberRequest
from goals.figures.charting import with_history
from goals.figures.policies import may_keep_figures
from goals.models import Followed, Team
from goals.models.sponsor import sponsored_by


def visible_teams(membership: Membership) -> QuerySet[Team]:
    """Teams whose figures the member sees: the rule of `may_see_figures`."""
    teams = Team.objects.select_related("leader")
    if membership.is_admin:
        return teams
    return teams.filter(Q(leader=membership) | sponsored_by(membership))


def visible_team(request: MemberRequest, pk: int) -> Team:
    return get_object_or_404(visible_teams(request.membership), pk=pk)


def kept_team(request: MemberRequest, pk: int) -> Team:
    """A team whose figures the member may change."""
    team = visible_team(request, pk)
    if not may_keep_figures(request.membership, team):
        raise Http404
    return team


def visible_followed(request: MemberRequest, pk: int) -> Followed:
    return get_object_or_404(with_history(Followed.objects.visible_to(request.membership)), pk=pk)


def kept_followed(request: MemberRequest, pk: int) -> Followed:
    followed = visible_followed(request, pk)
    if not may_keep_figures(request.membership, followed.team):
        raise Http404
    return followed
