"""The objectives that a goal may serve."""

from django.db.models import Q, QuerySet

from cohorts.models import Membership
from goals.models import Objective, ObjectiveState, Place


def objectives_for(leader: Membership) -> QuerySet[Objective]:
    """Those of the leader's own team, the departments and the organisation that are shown or agreed."""
    open_ones = Objective.objects.filter(state__in=(ObjectiveState.SHARED, ObjectiveState.AGREED))
    return open_ones.filter(~Q(place=Place.TEAM) | Q(team__leader=leader)).order_by("-place", "pk")
