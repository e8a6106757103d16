"""The admin's pages, behind /o/<slug>/. An event is a noun that is posted to; its Undo is another."""

from django.urls import include, path

urlpatterns = [
    path("", include("cohorts.enrolment.urls")),
    path("", include("cohorts.people.urls")),
    path("", include("cohorts.schedule.urls")),
    path("", include("cohorts.curriculum.urls")),
]
