"""Teams of leaders, for programs. No member's name."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.web.api.changes import columns_since, part_since
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from goals.models import Team, TeamMember

ORDERS = {"name": "name", "id": "pk"}


class TeamLeaderShape(serializers.Serializer):
    id = serializers.IntegerField(help_text="Of the member.")
    name = serializers.CharField()


class TeamShape(serializers.Serializer):
    """The people a leader leads: how many they are, and no names."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    leader = TeamLeaderShape()
    members = serializers.IntegerField(source="size")
    names_until = serializers.DateField(allow_null=True, help_text="The last day on which members’ names are kept.")


class TeamQuery(ListQuery):
    leader = serializers.IntegerField(required=False, min_value=1, help_text="Id of the member.")


class Teams(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "teams"

    @extend_schema(operation_id="listTeams", parameters=[TeamQuery], responses=page_shape(TeamShape))
    def get(self, request: ApiRequest) -> Response:
        """Every team that has a name."""
        said = asked(request, TeamQuery, TeamShape, orders=ORDERS)
        teams = Team.objects.filter(**said.filters).select_related("leader").annotate(size=Count("members"))
        return page_of_query(request, teams, said, TeamShape, orders=ORDERS, changed=_changed)


def _changed(since: datetime) -> Q:
    own = columns_since(since, "updated_at", "leader__updated_at")
    return own | part_since(since, TeamMember.objects.all(), team="pk")


urlpatterns = [path("teams/", Teams.as_view(), name="api_teams")]
