"""The sponsor's pages, behind /o/<slug>/."""

from django.urls import path

from programme.views import sponsor

urlpatterns = [
    path("leaders/", sponsor.home, name="sponsor_home"),
    path("leaders/<int:pk>/", sponsor.leader, name="leader"),
]
