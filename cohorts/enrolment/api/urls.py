"""Endpoints about cohorts and the leaders in them."""

from django.urls import path

from cohorts.enrolment.api.closed_days import ClosedDays
from cohorts.enrolment.api.cohorts import CohortDetail, Cohorts
from cohorts.enrolment.api.enrolments import CohortEnrolments, EnrolmentDetail
from cohorts.enrolment.api.nudges import CohortNudges
from cohorts.enrolment.api.pauses import EnrolmentPauses, PauseDetail

urlpatterns = [
    path("cohorts/", Cohorts.as_view(), name="api_cohorts"),
    path("cohorts/<int:pk>/", CohortDetail.as_view(), name="api_cohort"),
    path("cohorts/<int:pk>/closed-days/", ClosedDays.as_view(), name="api_closed_days"),
    path("cohorts/<int:pk>/enrolments/", CohortEnrolments.as_view(), name="api_enrolments"),
    path("cohorts/<int:pk>/nudges/", CohortNudges.as_view(), name="api_nudges"),
    path("enrolments/<int:pk>/", EnrolmentDetail.as_view(), name="api_enrolment"),
    path("enrolments/<int:pk>/pauses/", EnrolmentPauses.as_view(), name="api_pauses"),
    path("pauses/<int:pk>/", PauseDetail.as_view(), name="api_pause"),
]
