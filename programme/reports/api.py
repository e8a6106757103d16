"""Printed reports, for programs: the copy for admins, asked for, polled and fetched. A leader prints their own."""

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

from cohorts.enrolment.current import date_at
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
        said = valid(ReportBody, request.data)
        visible = Enrolment.objects.visible_to(request.membership).select_related("leader")
        enrolment = get_object_or_404(visible, pk=pk)
        report = ask_report(
            enrolment=enrolment,
            by=request.membership,
            copy=Report.Copy.ADMIN,
            language=said.get("language") or page_language(),
            today=date_at(enrolment, request.now),
            now=request.now,
        )
        hand_out(report)
        return Response(ReportShape(report).data, status=201)


class ReportDetail(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "reports"

    @extend_schema(operation_id="readReport", responses=ReportShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """How far it is."""
        report = _asked_for(request, pk)
        if is_lost(report, request.now):
            hand_out(report)
        return Response(ReportShape(report).data)


class ReportFile(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "reports"
    renderer_classes = [Pdf, JSONRenderer]

    @extend_schema(operation_id="fetchReport", responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: None})
    def get(self, request: ApiRequest, pk: int) -> HttpResponse:
        """The PDF, once it is ready."""
        report = _asked_for(request, pk)
        if report.state != Report.State.READY or not has_file(report):
            raise NotNow(_("This report is not ready yet."))
        return download(report, by=request.membership, now=request.now)


def _asked_for(request: ApiRequest, pk: int) -> Any:
    """The member may have asked for other copies on the pages: those are not a program's."""
    copies: QuerySet[Report] = Report.objects.filter(asked_by=request.membership, copy=Report.Copy.ADMIN)
    there = copies.filter(expires_at__gt=request.now, subject=None, team=None)
    return get_object_or_404(there.select_related("enrolment__leader", "subject", "team"), pk=pk)


urlpatterns = [
    path("enrolments/<int:pk>/reports/", EnrolmentReports.as_view(), name="api_reports"),
    path("reports/<int:pk>/", ReportDetail.as_view(), name="api_report"),
    path("reports/<int:pk>/file/", ReportFile.as_view(), name="api_report_file"),
]
