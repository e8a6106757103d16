"""A leader's own released report of a 360 round, for their programs: the frozen release and nothing else.

Nothing here reads an answer: `visibility` decided once, at the release, what anybody may see.
"""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.web.api.changes import columns_since
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from feedback360.models import Result, State, Subject
from feedback360.results.policies import ensure_may_choose
from feedback360.visibility import Release

ORDERS = {"id": "pk"}


class OwnRoundShape(serializers.Serializer):
    """A round about you."""

    id = serializers.IntegerField()
    cohort = serializers.IntegerField(source="round.cohort_id")
    state = serializers.ChoiceField(source="round.state", choices=State.values)
    opens_at = serializers.DateTimeField(source="round.opens_at")
    releases_at = serializers.DateTimeField(source="round.releases_at")


class ResultGroupShape(serializers.Serializer):
    """A group of raters. Numbers are null where the group is not shown."""

    group = serializers.CharField()
    asked = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField(allow_null=True)
    shown = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why it is not shown: too_few, not_asked, nobody.")
    joined = serializers.BooleanField(help_text="Whether team and peers were joined before anybody was asked.")


class ResultCellShape(serializers.Serializer):
    """The mean of a group, where it may be shown, with its range in 9 of 10 cases like this."""

    group = serializers.CharField()
    kind = serializers.CharField(help_text="item, behaviour, area, all or primary.")
    key = serializers.CharField()
    n = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    bound = serializers.CharField(help_text="at_least or at_most, where the value is a bound.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(help_text="Why there is no value: too_few, not_seen, not_asked.")


class ResultChangeShape(serializers.Serializer):
    """Since the round before."""

    group = serializers.CharField()
    kind = serializers.CharField()
    key = serializers.CharField()
    outcome = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ResultCommentsShape(serializers.Serializer):
    question = serializers.CharField()
    group = serializers.CharField(help_text="Empty where groups are not told apart.")
    texts = serializers.ListField(child=serializers.CharField())


class ResultShape(serializers.Serializer):
    """Your report as it was released. It never changes."""

    threshold = serializers.IntegerField(help_text="The smallest group that is shown.")
    groups = ResultGroupShape(many=True)
    cells = ResultCellShape(many=True)
    changes = ResultChangeShape(many=True)
    comments = ResultCommentsShape(many=True)


class OwnRounds(ApiView):
    permission = Permission.WALK
    noun = "results"

    @extend_schema(operation_id="listOwnRounds", parameters=[ListQuery], responses=page_shape(OwnRoundShape))
    def get(self, request: ApiRequest) -> Response:
        """Your rounds, with the state of each."""
        said = asked(request, ListQuery, OwnRoundShape, orders=ORDERS)
        return page_of_query(
            request,
            _mine(request),
            said,
            OwnRoundShape,
            orders=ORDERS,
            changed=lambda since: columns_since(since, "updated_at", "round__updated_at"),
        )


class OwnResult(ApiView):
    permission = Permission.WALK
    noun = "results"

    @extend_schema(operation_id="readResult", responses={200: ResultShape, 409: None})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Your report, once reports are released to everybody."""
        subject = get_object_or_404(_mine(request), pk=pk)
        ensure_may_choose(request.membership, subject)
        content = Result.objects.values_list("content", flat=True).get(subject=subject)
        return Response(ResultShape(Release.from_bytes(bytes(content))).data)


def _mine(request: ApiRequest) -> QuerySet[Subject]:
    mine = Subject.objects.filter(enrolment__leader=request.membership, withdrawn_at=None)
    return mine.exclude(round__state=State.CANCELLED).select_related("round", "enrolment")


urlpatterns = [
    path("results/", OwnRounds.as_view(), name="api_own_rounds"),
    path("results/<int:pk>/", OwnResult.as_view(), name="api_result"),
]
