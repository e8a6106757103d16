"""What became of nudges, for programs: when and where, never what they say."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Cohort, Nudge
from cohorts.models.mail import MailState
from cohorts.models.nudge import Channel
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"id": "pk", "on": "on"}


class NudgeShape(serializers.Serializer):
    id = serializers.IntegerField()
    enrolment = serializers.IntegerField(source="enrolment_id")
    on = serializers.DateField(help_text="On the leader's own calendar.")
    day = serializers.IntegerField(help_text="Of the ninety.")
    channel = serializers.ChoiceField(choices=Channel.values)
    state = serializers.ChoiceField(choices=MailState.values)
    reason = serializers.CharField(help_text="Why it was not sent, as a key; empty when there is none.")
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class NudgeQuery(ListQuery):
    on = serializers.DateField(required=False)
    state = serializers.ChoiceField(choices=MailState.values, required=False)
    channel = serializers.ChoiceField(choices=Channel.values, required=False)
    enrolment = serializers.IntegerField(required=False, min_value=1)


class CohortNudges(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "nudges"

    @extend_schema(operation_id="listNudges", parameters=[NudgeQuery], responses=page_shape(NudgeShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The nudges of a cohort's leaders."""
        said = asked(request, NudgeQuery, NudgeShape, orders=ORDERS)
        cohort = get_object_or_404(Cohort, pk=pk)
        found = Nudge.objects.filter(enrolment__cohort=cohort, **said.filters)
        return page_of_query(request, found, said, NudgeShape, orders=ORDERS)
