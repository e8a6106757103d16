"""Printed reports, behind /o/<slug>/."""

from django.urls import path

from programme.reports import views

urlpatterns = [
    path("enrolments/<int:pk>/reports/", views.report_new, name="report_new"),
    path("results/<int:pk>/reports/", views.result_report, name="result_report"),
    path("charter/reports/", views.charter_report, name="charter_report"),
    path("reports/<int:pk>/", views.report, name="report"),
    path("reports/<int:pk>/attempts/", views.report_attempts, name="report_attempts"),
    path("reports/<int:pk>/<str:key>/", views.report_file, name="report_file"),
]
