"""The pages of managers of managers, behind /o/<slug>/."""

from django.urls import path

from coaching.branches import views

urlpatterns = [
    path("branch/", views.branch, name="branch"),
    path("mirror/", views.mirror, name="mirror"),
]
