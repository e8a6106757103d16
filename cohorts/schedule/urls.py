"""The live events of a cohort."""

from django.urls import path

from cohorts.schedule import views

urlpatterns = [
    path("cohorts/<int:pk>/milestones/", views.cohort_milestones, name="cohort_milestones"),
    path("cohorts/<int:pk>/milestones/<slug:milestone>/date/", views.milestone_date, name="milestone_date"),
    path(
        "cohorts/<int:pk>/milestones/<slug:milestone>/calling-off/",
        views.milestone_calling_off,
        name="milestone_calling_off",
    ),
    path("cohorts/<int:pk>/milestones/<slug:milestone>/return/", views.milestone_return, name="milestone_return"),
]
