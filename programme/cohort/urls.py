"""One cohort's first page, behind /o/<slug>/."""

from django.urls import path

from programme.cohort import views

urlpatterns = [path("cohorts/<int:pk>/", views.cohort, name="cohort")]
