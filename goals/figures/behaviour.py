"""How often the leader practised, beside a KPI of their team: counts a week, never what was written."""

from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncWeek

from goals.models import Practice, Team


def practices_by_week(team: Team, *, since: date) -> list[tuple[date, int]]:
    """The Mondays with practices of the team's leader, and how many were done. One query."""
    done = Practice.objects.filter(enrolment__leader=team.leader_id, did_it=True, on__gte=since)
    weekly = done.annotate(monday=TruncWeek("on")).values_list("monday").annotate(count=Count("pk"))
    return list(weekly.order_by("monday"))
