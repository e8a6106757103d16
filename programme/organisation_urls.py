"""Everything behind /o/<slug>/."""

from django.urls import include, path

from programme.views.home import home

urlpatterns = [
    path("", home, name="organisation_home"),
    path("", include("programme.leader_urls")),
    path("", include("programme.sponsor_urls")),
    path("", include("programme.ninety_days_urls")),
    path("", include("programme.report_urls")),
    path("", include("goals.urls")),
    path("", include("cohorts.urls")),
]
