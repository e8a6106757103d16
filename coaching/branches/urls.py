"""Branch, mirror and the support around a cohort, behind /o/<slug>/."""

from django.urls import path

from coaching.branches import views

urlpatterns = [
    path("branch/", views.branch, name="branch"),
    path("mirror/", views.mirror, name="mirror"),
    path("cohorts/<int:pk>/support/", views.cohort_support, name="cohort_support"),
]
