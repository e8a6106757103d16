"""Cohorts, for programs."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.actions.cohorts import change_cohort, plan_of_cohort
from cohorts.models import Cohort, Enrolment
from cohorts.schedule.regions import KINDS
from cohorts.schedule.zone_serializer import Zone
from cohorts.web.api.changes import own_row, part_since
from cohorts.web.api.etags import expected_revision, tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import IF_MATCH, page_shape
from cohorts.web.api.serializers import Hour, Rows, StrictSerializer, Text, valid
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
    region = serializers.CharField(help_text="A region of that country with holidays of its own, or empty.")
    holiday_kinds = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of holidays that are off in addition to the public ones."
    )
    is_sending = serializers.BooleanField()
    leaders = serializers.IntegerField(help_text="How many are in it now.")


class CohortBody(StrictSerializer):
    """The place whose holidays are days off. Fields left out stay; a new country starts without region and kinds."""

    holidays = Text(required=False, allow_blank=True, help_text="A country code, or empty for none.")
    region = Text(required=False, allow_blank=True, help_text="Code of a region of the country, or empty.")
    holiday_kinds = Rows(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=len(KINDS),
        help_text=f"Of: {', '.join(KINDS)}.",
    )


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
    has_revision = True

    @extend_schema(operation_id="readCohort", responses=CohortShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One cohort."""
        cohort = get_object_or_404(_cohorts(), pk=pk)
        return tagged(request, cohort, CohortShape(cohort).data)

    @extend_schema(operation_id="changeCohort", parameters=[IF_MATCH], request=CohortBody, responses=CohortShape)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change the place whose public holidays are days off. Once a nudge was sent, only days ahead may change."""
        said = valid(CohortBody, request.data)
        cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
        plan = plan_of_cohort(cohort)
        if said.get("holidays", plan.holidays) != plan.holidays:
            plan = replace(plan, region="", holiday_kinds=[])
        change_cohort(
            cohort=cohort,
            plan=replace(plan, **said),
            by=request.membership,
            now=request.now,
            expected_revision=expected_revision(request, cohort),
        )
        changed = get_object_or_404(_cohorts(), pk=pk)
        return tagged(request, changed, CohortShape(changed).data)


def _changed(since: datetime) -> Q:
    """With its leaders, who are counted."""
    return own_row(since) | part_since(since, Enrolment.objects.all(), cohort="pk")


def _cohorts() -> Any:
    return Cohort.objects.annotate(leaders=Count("enrolments", filter=Q(enrolments__left_on=None)))
