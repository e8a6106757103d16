"""The figures of a team as small charts, and one KPI in full."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.figures.behaviour import practices_by_week
from goals.figures.charting import chart_of, charts_of_team
from goals.figures.findings import expected_false_alarms
from goals.figures.policies import may_keep_figures
from goals.figures.reading import series_of_kpi
from goals.figures.views.reach import visible_followed, visible_team, visible_teams


@allow(Permission.READ_PROGRESS)
@require_GET
def figures(request: MemberRequest) -> HttpResponse:
    """The figures of one's own team; for others, which teams there are."""
    teams = list(visible_teams(request.membership))
    own = next((team for team in teams if team.leader_id == request.membership.pk), None)
    if own is not None and len(teams) == 1:
        return redirect("team_figures", pk=own.pk)
    return render(request, "goals/figures/teams.html", {"teams": teams})


@allow(Permission.READ_PROGRESS)
@require_GET
def team_figures(request: MemberRequest, pk: int) -> HttpResponse:
    """Every KPI the team follows as a small chart with its finding."""
    team = visible_team(request, pk)
    charts = charts_of_team(team, today=request.today)
    newest = [chart.newest for chart in charts if chart.newest]
    context = {
        "team": team,
        "charts": charts,
        "by_chance": expected_false_alarms(newest),
        "may_keep": may_keep_figures(request.membership, team),
    }
    return render(request, "goals/figures/team_figures.html", context)


@allow(Permission.READ_PROGRESS)
@require_GET
def kpi_chart(request: MemberRequest, pk: int) -> HttpResponse:
    """One KPI: chart, target against limits, how it is measured, and what the leader practised beside it."""
    followed = visible_followed(request, pk)
    days = series_of_kpi(followed.team_id, followed.kpi_id, until=request.today)
    practices = practices_by_week(followed.team, since=days[0].on) if days else []
    chart = chart_of(followed, days, today=request.today, practices=practices)
    context = {
        "followed": followed,
        "chart": chart,
        "drawings": chart.full,
        "may_keep": may_keep_figures(request.membership, followed.team),
    }
    return render(request, "goals/figures/kpi_chart.html", context)
