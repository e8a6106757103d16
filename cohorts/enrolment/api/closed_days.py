"""Closed days of a cohort, for programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.actions.closed_days import MAX_DAY_NAME_CHARACTERS, Act, change_day
from cohorts.enrolment.closed_days_page import rows_of
from cohorts.models import Cohort
from cohorts.web.api.etags import expected_revision, tagged
from cohorts.web.api.schema import IF_MATCH
from cohorts.web.api.serializers import StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission


class ClosedDayShape(serializers.Serializer):
    """A date without nudges: a public holiday, or a day of the cohort's own. `is_closed` is false for one kept open."""

    on = serializers.DateField()
    name = serializers.CharField()
    is_own = serializers.BooleanField()
    is_closed = serializers.BooleanField()


class ClosedDaysShape(serializers.Serializer):
    """The closed days within a cohort's ninety, and days of its own outside them. A few dozen, so in one answer."""

    revision = serializers.IntegerField(help_text="Of the cohort, for `If-Match`.")
    days = ClosedDayShape(many=True)


class ClosedDayBody(StrictSerializer):
    act = serializers.ChoiceField(choices=[act.value for act in Act], help_text="What to do with the day.")
    on = serializers.DateField()
    name = Text(required=False, max_length=MAX_DAY_NAME_CHARACTERS, help_text="Of a day that is closed.")


class ClosedDays(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "cohorts"
    has_revision = True

    @extend_schema(operation_id="readClosedDays", responses=ClosedDaysShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The days on which nothing goes out."""
        return _answer(request, get_object_or_404(Cohort.objects.select_related("version"), pk=pk))

    @extend_schema(
        operation_id="changeClosedDay", parameters=[IF_MATCH], request=ClosedDayBody, responses=ClosedDaysShape
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Close a day, keep a public holiday open, or take either back. After the first nudge only days ahead."""
        said = valid(ClosedDayBody, request.data)
        cohort = get_object_or_404(Cohort, pk=pk)
        change_day(
            cohort=cohort,
            act=Act(said["act"]),
            on=said["on"],
            name=said.get("name", ""),
            by=request.membership,
            now=request.now,
            expected_revision=expected_revision(request, cohort),
        )
        return _answer(request, get_object_or_404(Cohort.objects.select_related("version"), pk=pk))


def _answer(request: ApiRequest, cohort: Cohort) -> Response:
    rows = rows_of(cohort, request.organisation, language=page_language(), now=request.now)
    return tagged(request, cohort, ClosedDaysShape({"revision": cohort.revision, "days": rows}).data)
