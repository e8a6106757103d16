"""The sponsor's pages, behind /o/<slug>/."""

from django.urls import path

from programme.sponsor import views

urlpatterns = [
    path("leaders/", views.home, name="sponsor_home"),
    path("leaders/<int:pk>/", views.leader, name="leader"),
]
