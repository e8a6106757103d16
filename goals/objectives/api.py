"""Objectives, for programs: what an admin reads of them. Parts and voices of a team's members have no endpoint."""

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.web.api.etags import tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from goals.models import Course, Objective, ObjectiveState, Place

ORDERS = {"id": "pk", "written_at": "written_at"}


class ObjectiveNumber(serializers.DecimalField):
    """A decimal number as text, so that nothing is rounded on the way."""

    def __init__(self, **more: object) -> None:
        super().__init__(max_digits=14, decimal_places=4, allow_null=True, **more)


class ObjectiveShape(serializers.Serializer):
    """A SMART goal of the organisation, a department or a team, and the one it serves."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    place = serializers.ChoiceField(choices=Place.values)
    department = serializers.CharField()
    team = serializers.IntegerField(source="team_id", allow_null=True)
    parent = serializers.IntegerField(source="parent_id", allow_null=True, help_text="The objective it serves.")
    state = serializers.ChoiceField(choices=ObjectiveState.values)
    outcome = serializers.CharField()
    why = serializers.CharField()
    kpi = serializers.IntegerField(source="kpi_id", allow_null=True, help_text="Where its figures are those of a KPI.")
    measure = serializers.CharField()
    unit = serializers.CharField()
    course = serializers.ChoiceField(choices=Course.values, help_text="Which way is better.")
    baseline = ObjectiveNumber()
    baseline_on = serializers.DateField(allow_null=True)
    target = ObjectiveNumber()
    tolerance = ObjectiveNumber()
    due_on = serializers.DateField(allow_null=True)
    weight = serializers.IntegerField(help_text="From 1 to 3.")
    agreed_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    written_at = serializers.DateTimeField()


class ObjectiveQuery(ListQuery):
    place = serializers.ChoiceField(choices=Place.values, required=False)
    department = serializers.CharField(required=False)
    state = serializers.ChoiceField(choices=ObjectiveState.values, required=False)
    team = serializers.IntegerField(required=False, min_value=1)


class Objectives(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "objectives"

    @extend_schema(operation_id="listObjectives", parameters=[ObjectiveQuery], responses=page_shape(ObjectiveShape))
    def get(self, request: ApiRequest) -> Response:
        """Objectives of the organisation, its departments and its teams, ended ones too."""
        said = asked(request, ObjectiveQuery, ObjectiveShape, orders=ORDERS)
        found = Objective.objects.visible_to(request.membership).filter(**said.filters)
        return page_of_query(request, found, said, ObjectiveShape, orders=ORDERS)


class ObjectiveDetail(ApiView):
    permission = Permission.READ_PROGRAMME
    noun = "objectives"

    @extend_schema(operation_id="readObjective", responses=ObjectiveShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One objective."""
        objective = get_object_or_404(Objective.objects.visible_to(request.membership), pk=pk)
        return tagged(request, objective, ObjectiveShape(objective).data)


urlpatterns = [
    path("objectives/", Objectives.as_view(), name="api_objectives"),
    path("objectives/<int:pk>/", ObjectiveDetail.as_view(), name="api_objective"),
]
