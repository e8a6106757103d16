"""Whether a team's link opens, and what it opens."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Prefetch

from goals.models import Objective, ObjectivePart, ObjectiveState, Team, TeamLink

SHOWN = (ObjectiveState.SHARED, ObjectiveState.AGREED)


class Openness(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


def openness(link: TeamLink, *, now: datetime) -> Openness:
    """Closed by the leader, or because they left; else open until its date. `link` comes with team and leader."""
    if link.closed_at is not None or not link.team.leader.is_active:
        return Openness.CLOSED
    return Openness.OPEN if now < link.expires_at else Openness.EXPIRED


def newest_link(team: Team) -> TeamLink | None:
    return TeamLink.objects.filter(team=team).select_related("team__leader").order_by("-made_at", "-pk").first()


def shown_objectives(team: Team) -> list[Objective]:
    """What the team can see and answer, with everybody's part. Two queries."""
    parts = Prefetch("parts", ObjectivePart.objects.select_related("member").order_by("member__name"))
    found = Objective.objects.filter(team=team, state__in=SHOWN).select_related("parent", "kpi")
    return list(found.prefetch_related(parts).order_by("state", "due_on", "pk"))
