"""Cohorts, for programs."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Cohort, Enrolment
from cohorts.web.api.changes import own_row, part_since
from cohorts.web.api.etags import tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import Hour, Zone
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"day1_on": "day1_on", "name": "name", "id": "pk"}


class CohortShape(serializers.Serializer):
    """A group that left the classroom together."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    name = serializers.CharField()
    curriculum_version = serializers.IntegerField(source="version_id")
    classroom_ends_on = serializers.DateField()
    day1_on = serializers.DateField()
    zone = Zone()
    nudge_hour = Hour()
    working_days = serializers.ListField(child=serializers.IntegerField(), help_text="1 is Monday.")
    holidays = serializers.CharField(help_text="Whose public holidays are days off: a country code, or empty.")
    is_sending = serializers.BooleanField()
    leaders = serializers.IntegerField(help_text="How many are in it now.")


class Cohorts(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "cohorts"

    @extend_schema(operation_id="listCohorts", parameters=[ListQuery], responses=page_shape(CohortShape))
    def get(self, request: ApiRequest) -> Response:
        """Every cohort."""
        said = asked(request, ListQuery, CohortShape, orders=ORDERS)
        return page_of_query(request, _cohorts(), said, CohortShape, orders=ORDERS, changed=_changed)


class CohortDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "cohorts"

    @extend_schema(operation_id="readCohort", responses=CohortShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One cohort."""
        cohort = get_object_or_404(_cohorts(), pk=pk)
        return tagged(request, cohort, CohortShape(cohort).data)


def _changed(since: datetime) -> Q:
    """With its leaders, who are counted."""
    return own_row(since) | part_since(since, Enrolment.objects.all(), cohort="pk")


def _cohorts() -> Any:
    return Cohort.objects.annotate(leaders=Count("enrolments", filter=Q(enrolments__left_on=None)))
