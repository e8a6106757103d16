"""One search for admins and sponsors, behind /o/<slug>/."""

from django.urls import path

from programme.search import views

urlpatterns = [path("search/", views.search, name="search")]
