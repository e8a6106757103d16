"""Cohorts and the leaders in them, for programs: the lines of the cohort's page."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.roster import RosterLine, roster_of
from cohorts.enrolment.roster_filters import SORTS, STATUSES, RosterFilters
from cohorts.enrolment.status import Key
from cohorts.models import Cohort, Enrolment
from cohorts.web.api.etags import tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query, page_of_rows
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import Zone
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

COHORT_ORDERS = {"day1_on": "day1_on", "name": "name", "id": "pk"}
ENROLMENT_ORDERS = {"id": "enrolment_id", **{name: name for name in SORTS}}


class CohortShape(serializers.Serializer):
    """A group that left the classroom together."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    name = serializers.CharField()
    curriculum_version = serializers.IntegerField(source="version_id")
    classroom_ends_on = serializers.DateField()
    day1_on = serializers.DateField()
    zone = Zone()
    nudge_hour = serializers.TimeField(format="%H:%M")
    working_days = serializers.ListField(child=serializers.IntegerField(), help_text="1 is Monday.")
    holidays = serializers.CharField(help_text="Whose public holidays are days off: a country code, or empty.")
    is_sending = serializers.BooleanField()
    leaders = serializers.IntegerField(help_text="How many are in it now.")


class LeaderShape(serializers.Serializer):
    id = serializers.IntegerField(source="leader_id", help_text="Of the member.")
    name = serializers.CharField()
    email = serializers.EmailField()


class SponsorShape(serializers.Serializer):
    id = serializers.IntegerField(source="sponsor_id", help_text="Of the member.")
    name = serializers.CharField(source="sponsor_name")

    def to_representation(self, instance: RosterLine) -> Any:
        return None if instance.sponsor_id is None else super().to_representation(instance)


class StatusShape(serializers.Serializer):
    key = serializers.ChoiceField(choices=[key.value for key in Key])
    words = serializers.CharField(source="__str__", help_text="As on the page, in the language asked for.")


class EnrolmentShape(serializers.Serializer):
    """A leader's place in a cohort, and how they are doing today. Nothing they wrote."""

    id = serializers.IntegerField(source="enrolment_id")
    revision = serializers.IntegerField(source="columns.revision")
    cohort = serializers.IntegerField(source="columns.cohort_id")
    leader = LeaderShape(source="*")
    sponsor = SponsorShape(source="*", allow_null=True)
    day = serializers.IntegerField(help_text="Of the ninety; 0 and less: not begun.")
    day1_on = serializers.DateField(source="columns.day1_on")
    zone = Zone(source="columns.zone")
    nudge_hour = serializers.TimeField(source="columns.nudge_hour", format="%H:%M")
    working_days = serializers.ListField(
        source="columns.working_days", child=serializers.IntegerField(), help_text="1 is Monday."
    )
    last_practice_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(source="columns.left_on", allow_null=True)
    status = StatusShape()


class EnrolmentQuery(ListQuery):
    q = serializers.CharField(required=False, help_text="In the name, the e-mail, or the sponsor's name.")
    status = serializers.ChoiceField(choices=[key for key in STATUSES if key], required=False)
    sponsor = serializers.IntegerField(required=False, min_value=1, help_text="Id of the member.")


class Cohorts(ApiView):
    """Every cohort."""

    permission = Permission.RUN_COHORTS
    noun = "cohorts"

    @extend_schema(operation_id="listCohorts", parameters=[ListQuery], responses=page_shape(CohortShape))
    def get(self, request: ApiRequest) -> Response:
        said = asked(request, ListQuery, CohortShape, orders=COHORT_ORDERS)
        return page_of_query(request, _cohorts(), said, CohortShape, orders=COHORT_ORDERS)


class CohortDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "cohorts"

    @extend_schema(operation_id="readCohort", responses=CohortShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        cohort = get_object_or_404(_cohorts(), pk=pk)
        return tagged(request, cohort, CohortShape(cohort).data)


class CohortEnrolments(ApiView):
    """The leaders of a cohort, with the filters of its page."""

    permission = Permission.RUN_COHORTS
    noun = "enrolments"

    @extend_schema(operation_id="listEnrolments", parameters=[EnrolmentQuery], responses=page_shape(EnrolmentShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        said = asked(request, EnrolmentQuery, EnrolmentShape, orders=ENROLMENT_ORDERS)
        cohort = get_object_or_404(Cohort, pk=pk)
        filters = RosterFilters(**said.filters)
        lines = filters.apply(roster_of(cohort, request.organisation, request.now))
        order = SORTS.get(said.order)
        return page_of_rows(
            request,
            lines,
            said,
            EnrolmentShape,
            place=lambda line: (_plain(order(line)) if order else 0, line.enrolment_id),
        )


class EnrolmentDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "enrolments"

    @extend_schema(operation_id="readEnrolment", responses=EnrolmentShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        enrolment = _enrolment(request, pk)
        return tagged(request, enrolment, EnrolmentShape(_line(request, enrolment)).data)


def _cohorts() -> Any:
    return Cohort.objects.annotate(leaders=Count("enrolments", filter=Q(enrolments__left_on=None)))


def _enrolment(request: ApiRequest, pk: int) -> Enrolment:
    reachable = Enrolment.objects.visible_to(request.membership)
    return get_object_or_404(reachable.select_related("cohort", "leader__person", "sponsor"), pk=pk)


def _line(request: ApiRequest, enrolment: Enrolment) -> RosterLine:
    (line,) = roster_of(enrolment.cohort, request.organisation, request.now, only=enrolment.pk)
    return line


def _plain(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


urlpatterns = [
    path("cohorts/", Cohorts.as_view(), name="api_cohorts"),
    path("cohorts/<int:pk>/", CohortDetail.as_view(), name="api_cohort"),
    path("cohorts/<int:pk>/enrolments/", CohortEnrolments.as_view(), name="api_enrolments"),
    path("enrolments/<int:pk>/", EnrolmentDetail.as_view(), name="api_enrolment"),
]
