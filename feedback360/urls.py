"""The pages of 360 feedback inside an organisation, behind /o/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("feedback360.rounds.urls")),
    path("", include("feedback360.questionnaires.urls")),
]
