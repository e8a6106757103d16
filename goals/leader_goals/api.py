"""A leader's own goals and check-ins, for the programs they give a personal token to."""

from uuid import uuid4

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from cohorts.enrolment.current import date_at
from cohorts.web.api.etags import tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from goals.habits.api.focuses import DialBody, TurnShape
from goals.leader_goals.actions.check_ins import check_in, take_back_check_in
from goals.leader_goals.actions.dial import turn_goal_dial
from goals.models import CheckIn, Direction, Goal, GoalState

GOAL_ORDERS = {"id": "pk", "written_at": "written_at"}
CHECK_IN_ORDERS = {"on": "on", "at": "at", "id": "pk"}


class Figure(serializers.DecimalField):
    """A decimal number as text, so that nothing is rounded on the way."""

    def __init__(self, **more: object) -> None:
        super().__init__(max_digits=12, decimal_places=3, **more)


class GoalStepShape(serializers.Serializer):
    """One of five steps of what a goal may come to."""

    score = serializers.IntegerField(help_text="From -2 to 2; 0 is what was agreed.")
    words = serializers.CharField()
    bound = serializers.CharField(allow_null=True, help_text="The worst number that still counts as this step.")


class GoalShape(serializers.Serializer):
    """An outcome with a measure, in the leader's words."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=GoalState.values)
    outcome = serializers.CharField()
    why = serializers.CharField()
    measure = serializers.CharField()
    unit = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.values)
    baseline = Figure(allow_null=True)
    baseline_on = serializers.DateField(allow_null=True)
    target = Figure(allow_null=True)
    tolerance = Figure(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    weight = serializers.IntegerField(help_text="From 1 to 3.")
    scale = GoalStepShape(many=True)
    objective = serializers.IntegerField(source="objective_id", allow_null=True)
    agreed_on = serializers.DateField(allow_null=True)
    next_review_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    score = serializers.IntegerField(allow_null=True, help_text="What the sponsor gave at the end, from -2 to 2.")


class CheckInShape(serializers.Serializer):
    """A number on a date, or a step where the goal has no number."""

    id = serializers.IntegerField()
    on = serializers.DateField()
    value = Figure(allow_null=True)
    step = serializers.IntegerField(allow_null=True, help_text="From -2 to 2.")
    line = serializers.CharField(help_text="Nobody else reads it.")
    at = serializers.DateTimeField(help_text="When it was saved.")


class CheckInBody(StrictSerializer):
    on = serializers.DateField()
    value = Figure(required=False, allow_null=True, default=None)
    step = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="From -2 to 2.")
    line = Text(required=False, allow_blank=True, default="")


class GoalQuery(ListQuery):
    state = serializers.ChoiceField(choices=GoalState.values, required=False)


class Goals(ApiView):
    permission = Permission.WALK
    noun = "goals"

    @extend_schema(operation_id="listGoals", parameters=[GoalQuery], responses=page_shape(GoalShape))
    def get(self, request: ApiRequest) -> Response:
        """Your goals, in every state."""
        said = asked(request, GoalQuery, GoalShape, orders=GOAL_ORDERS)
        mine = _mine(request)
        if state := said.filters.get("state"):
            mine = mine.filter(state=state)
        return page_of_query(request, mine, said, GoalShape, orders=GOAL_ORDERS)


class GoalDetail(ApiView):
    permission = Permission.WALK
    noun = "goals"

    @extend_schema(operation_id="readGoal", responses=GoalShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One of yours."""
        goal = get_object_or_404(_mine(request), pk=pk)
        return tagged(request, goal, GoalShape(goal).data)


class GoalCheckIns(ApiView):
    permission = Permission.WALK
    noun = "goals"

    @extend_schema(operation_id="listCheckIns", parameters=[ListQuery], responses=page_shape(CheckInShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """What you noted of one goal."""
        said = asked(request, ListQuery, CheckInShape, orders=CHECK_IN_ORDERS)
        found = get_object_or_404(_mine(request), pk=pk).check_ins.all()
        return page_of_query(request, found, said, CheckInShape, orders=CHECK_IN_ORDERS)

    @extend_schema(operation_id="checkIn", request=CheckInBody, responses={201: CheckInShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Note a figure, or a step, for a date. What was noted for it before is replaced."""
        goal = get_object_or_404(_mine(request), pk=pk)
        said = valid(CheckInBody, request.data)
        today = date_at(goal.enrolment, request.now)
        entry = check_in(goal=goal, key=uuid4(), today=today, by=request.membership, now=request.now, **said)
        return Response(CheckInShape(entry).data, status=status.HTTP_201_CREATED)


class CheckInUndoing(ApiView):
    permission = Permission.WALK
    noun = "goals"
    takes_body = False

    @extend_schema(operation_id="undoCheckIn", request=None, responses={204: None})
    def post(self, request: ApiRequest, check_in_pk: int) -> Response:
        """Undo a check-in on the day it was saved."""
        mine = CheckIn.objects.filter(goal__enrolment__leader=request.membership).select_related("goal__enrolment")
        entry = get_object_or_404(mine, pk=check_in_pk)
        today = date_at(entry.goal.enrolment, request.now)
        take_back_check_in(entry=entry, today=today, by=request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GoalDials(ApiView):
    permission = Permission.WALK
    noun = "goals"

    @extend_schema(operation_id="turnGoalDial", request=DialBody, responses={201: TurnShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Turn the dial of a goal, and of the focuses that move it."""
        goal = get_object_or_404(_mine(request), pk=pk)
        said = valid(DialBody, request.data)
        today = date_at(goal.enrolment, request.now)
        dial = turn_goal_dial(goal=goal, today=today, by=request.membership, now=request.now, **said)
        return Response(TurnShape(dial).data, status=status.HTTP_201_CREATED)


def _mine(request: ApiRequest) -> QuerySet[Goal]:
    return Goal.objects.filter(enrolment__leader=request.membership).select_related("enrolment")


urlpatterns = [
    path("goals/", Goals.as_view(), name="api_goals"),
    path("goals/<int:pk>/", GoalDetail.as_view(), name="api_goal"),
    path("goals/<int:pk>/check-ins/", GoalCheckIns.as_view(), name="api_check_ins"),
    path("goals/<int:pk>/dials/", GoalDials.as_view(), name="api_goal_dials"),
    path("goals/check-ins/<int:check_in_pk>/undoing/", CheckInUndoing.as_view(), name="api_check_in_undoing"),
]
