"""Everything of goals, behind /o/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("goals.habits.urls")),
    path("", include("goals.teams.urls")),
    path("", include("goals.leader_goals.urls")),
    path("", include("goals.objectives.urls")),
    path("", include("goals.figures.urls")),
]
