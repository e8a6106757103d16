"""The API, behind /o/<slug>/api/v1/: each package brings its endpoints. CONTRIBUTING.md says how to add one."""

from django.urls import include, path, re_path

from cohorts.web.api.nowhere import Nowhere

handler500 = "programme.front.errors.server_error"
urlpatterns = [
    path("", include("cohorts.enrolment.api.urls")),
    path("", include("cohorts.people.api")),
    path("", include("programme.membership.api")),
    path("", include("cohorts.curriculum.api")),
    path("", include("programme.leader.api")),
    path("", include("goals.habits.api.urls")),
    path("", include("goals.leader_goals.api")),
    path("", include("goals.teams.api")),
    path("", include("goals.figures.api")),
    path("", include("goals.objectives.api")),
    path("", include("feedback360.rounds.api")),
    path("", include("programme.feedback.api")),
    path("", include("programme.reports.api")),
    path("", include("coaching.meetings.api")),
    path("", include("coaching.visiting.api")),
    re_path("", Nowhere.as_view(), name="api_nowhere"),
]
