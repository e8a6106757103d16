"""Reports of 360 rounds, behind /o/<slug>/."""

from django.urls import path

from programme.feedback.views import cohorts, focuses, method, report

urlpatterns = [
    path("results/", cohorts.organisation_results, name="organisation_results"),
    path("results/csv/", cohorts.organisation_results_download, name="organisation_results_download"),
    path("results/method/", method.result_method, name="result_method"),
    path("results/<int:pk>/", report.result, name="result"),
    path("results/<int:pk>/focuses/", focuses.result_focuses, name="result_focuses"),
    path("cohorts/<int:pk>/results/", cohorts.cohort_results, name="cohort_results"),
    path("cohorts/<int:pk>/results/csv/", cohorts.cohort_results_download, name="cohort_results_download"),
]
