"""URLs inside an organisation, behind /o/<slug>/."""

from django.urls import include, path

from programme.front.views.home import home

handler403 = "programme.front.errors.not_open"
handler500 = "programme.front.errors.server_error"
urlpatterns = [
    path("", home, name="organisation_home"),
    path("", include("programme.cohort.urls")),
    path("", include("programme.feedback.urls")),
    path("", include("programme.developers.urls")),
    path("", include("programme.keys.urls")),
    path("", include("programme.leader.urls")),
    path("", include("programme.sponsor.urls")),
    path("", include("programme.search.urls")),
    path("", include("programme.membership.urls")),
    path("", include("programme.organisation.urls")),
    path("", include("programme.reading.urls")),
    path("", include("programme.reports.urls")),
    path("", include("programme.trail.urls")),
    path("", include("coaching.urls")),
    path("", include("feedback360.urls")),
    path("", include("goals.urls")),
    path("", include("cohorts.urls")),
]
