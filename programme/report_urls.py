"""Printed reports, behind /o/<slug>/."""

from django.urls import path

from programme.views import report

urlpatterns = [
    path("enrolments/<int:pk>/reports/", report.report_new, name="report_new"),
    path("reports/<int:pk>/", report.report, name="report"),
    path("reports/<int:pk>/attempts/", report.report_attempts, name="report_attempts"),
    path("reports/<int:pk>/<str:key>/", report.report_file, name="report_file"),
]
