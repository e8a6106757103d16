"""The pages of coaching inside an organisation, behind /o/<slug>/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("coaching.calendars.urls")),
    path("", include("coaching.meetings.urls")),
    path("", include("coaching.branches.urls")),
    path("", include("coaching.agreements.urls")),
    path("", include("coaching.listening.urls")),
    path("", include("coaching.visiting.urls")),
    path("", include("coaching.hosting.urls")),
    path("", include("coaching.mentors.urls")),
    path("", include("coaching.sponsoring.urls")),
]
