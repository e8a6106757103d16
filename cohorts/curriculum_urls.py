"""The admin's pages about curricula: reading any version, and working on the next one."""

from django.urls import path

from cohorts.views import curricula

urlpatterns = [
    path("curricula/", curricula.curriculum_list, name="curriculum_list"),
]
