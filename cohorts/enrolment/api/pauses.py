"""Days away, for programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.actions.enrolments import end_pause, pause
from cohorts.enrolment.api.reach import enrolment_for
from cohorts.enrolment.current import date_at
from cohorts.models import Pause
from cohorts.schedule.time_zones import local_date
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"starts_on": "starts_on", "id": "pk"}


class PauseShape(serializers.Serializer):
    """Days away, both ends included; they move the end of the ninety days."""

    id = serializers.IntegerField()
    enrolment = serializers.IntegerField(
        source="enrolment_id", allow_null=True, help_text="The enrolment they belong to; null for the whole cohort."
    )
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class PauseBody(StrictSerializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class EnrolmentPauses(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "enrolments"

    @extend_schema(operation_id="listPauses", parameters=[ListQuery], responses=page_shape(PauseShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The leader's own days away and their cohort's."""
        said = asked(request, ListQuery, PauseShape, orders=ORDERS)
        pauses = Pause.objects.for_enrolment(enrolment_for(request, pk))
        return page_of_query(request, pauses, said, PauseShape, orders=ORDERS)

    @extend_schema(operation_id="addPause", request=PauseBody, responses={201: PauseShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add days away of this leader. Days before today are dropped."""
        said = valid(PauseBody, request.data)
        enrolment = enrolment_for(request, pk)
        added = pause(
            cohort=enrolment.cohort,
            enrolment=enrolment,
            today=date_at(enrolment, request.now),
            by=request.membership,
            now=request.now,
            **said,
        )
        return Response(PauseShape(added).data, status=201)


class PauseDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "enrolments"

    @extend_schema(operation_id="endPause", responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """End days away: those ahead never come, those under way ended yesterday."""
        found = get_object_or_404(Pause.objects.select_related("cohort", "enrolment"), pk=pk)
        today = local_date(request.now, (found.enrolment or found.cohort).zone)
        end_pause(pause=found, today=today, by=request.membership, now=request.now)
        return Response(status=204)
