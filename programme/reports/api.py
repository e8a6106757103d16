"""Printed reports, for programs, asked for, polled and fetched: the copy for admins; by a leader’s token, their own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Enrolment
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow
from programme.models import Report
from programme.reports.actions import ask_report, is_lost
from programme.reports.jobs import download, hand_out, has_file


class ReportShape(serializers.Serializer):
    """A report on paper. Ask again until it is `ready`, then fetch its file; a week later it is gone."""

    id = serializers.IntegerField()
    enrolment = serializers.IntegerField(source="enrolment_id")
    language = serializers.CharField()
    on = serializers.DateField(help_text="The day it is about.")
    state = serializers.ChoiceField(choices=Report.State.values)
    progress = serializers.IntegerField(help_text="In per cent.")
    pages = serializers.IntegerField(allow_null=True)
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ReportBody(StrictSerializer):
    language = serializers.CharField(required=False, max_length=5, help_text="Left out: that of the request.")


class Pdf(JSONRenderer):
    """Lets a program ask for a PDF. What is refused is a problem all the same."""

    media_type = "application/pdf"
    format = "pdf"


class EnrolmentReports(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "reports"

    @extend_schema(operation_id="askForReport", request=ReportBody, responses={201: ReportShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Ask for the admin’s copy about a leader. One that is being printed already is the answer."""
        visible = Enrolment.objects.visible_to(request.membership).select_related("leader")
        return _ask(request, get_object_or_404(visible, pk=pk), Report.Copy.ADMIN)


class ReportDetail(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "reports"

    @extend_schema(operation_id="readReport", responses=ReportShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """How far it is."""
        return _how_far(_asked_for(request, pk), request)


class ReportFile(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "reports"
    renderer_classes = [Pdf, JSONRenderer]

    @extend_schema(operation_id="fetchReport", responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: None})
    def get(self, request: ApiRequest, pk: int) -> HttpResponse:
        """The PDF, once it is ready."""
        return _file(_asked_for(request, pk), request)


class OwnReports(ApiView):
    permission = Permission.WALK
    noun = "own_reports"

    @extend_schema(operation_id="askForOwnReport", request=ReportBody, responses={201: ReportShape})
    def post(self, request: ApiRequest) -> Response:
        """Ask for the report of your ninety days. If one is being printed already, you get that one."""
        return _ask(request, ensure_enrolment(request.membership), Report.Copy.OWN)


class OwnReportDetail(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "own_reports"

    @extend_schema(operation_id="readOwnReport", responses=ReportShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """How far it is."""
        return _how_far(_own(request, pk), request)


class OwnReportFile(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "own_reports"
    renderer_classes = [Pdf, JSONRenderer]

    @extend_schema(operation_id="fetchOwnReport", responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: None})
    def get(self, request: ApiRequest, pk: int) -> HttpResponse:
        """The PDF, once it is ready."""
        return _file(_own(request, pk), request)


def _ask(request: ApiRequest, enrolment: Enrolment, copy: Report.Copy) -> Response:
    said = valid(ReportBody, request.data)
    report = ask_report(
        enrolment=enrolment,
        by=request.membership,
        copy=copy,
        language=said.get("language") or page_language(),
        today=date_at(enrolment, request.now),
        now=request.now,
    )
    hand_out(report)
    return Response(ReportShape(report).data, status=201)


def _how_far(report: Report, request: ApiRequest) -> Response:
    if is_lost(report, request.now):
        hand_out(report)
    return Response(ReportShape(report).data)


def _file(report: Report, request: ApiRequest) -> HttpResponse:
    if report.state != Report.State.READY or not has_file(report):
        raise NotNow(_("This report is not ready yet."))
    return download(report, by=request.membership, now=request.now)


def _asked_for(request: ApiRequest, pk: int) -> Any:
    return get_object_or_404(_copies(request, Report.Copy.ADMIN), pk=pk)


def _own(request: ApiRequest, pk: int) -> Any:
    """Of a leader who is a sponsor, too, never the copy about somebody else."""
    return get_object_or_404(_copies(request, Report.Copy.OWN).filter(enrolment__leader=request.membership), pk=pk)


def _copies(request: ApiRequest, copy: Report.Copy) -> QuerySet[Report]:
    """The member may have asked for others on the pages: those are not this program's."""
    mine: QuerySet[Report] = Report.objects.filter(asked_by=request.membership, copy=copy, subject=None, team=None)
    return mine.filter(expires_at__gt=request.now).select_related("enrolment__leader", "subject", "team")


urlpatterns = [
    path("enrolments/<int:pk>/reports/", EnrolmentReports.as_view(), name="api_reports"),
    path("reports/own/", OwnReports.as_view(), name="api_own_reports"),
    path("reports/own/<int:pk>/", OwnReportDetail.as_view(), name="api_own_report"),
    path("reports/own/<int:pk>/file/", OwnReportFile.as_view(), name="api_own_report_file"),
    path("reports/<int:pk>/", ReportDetail.as_view(), name="api_report"),
    path("reports/<int:pk>/file/", ReportFile.as_view(), name="api_report_file"),
]
