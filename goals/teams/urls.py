"""A leader's team, behind /o/<slug>/."""

from django.urls import path

from goals.teams.views import charters, teams

urlpatterns = [
    path("charter/", charters.charter, name="charter"),
    path("charter/wording/", charters.charter_wording, name="charter_wording"),
    path("team/naming/", teams.team_naming, name="team_naming"),
    path("team/members/", teams.team_members, name="team_members"),
    path("team/members/<int:pk>/", teams.team_member, name="team_member"),
    path("team/members/<int:pk>/removal/", teams.team_member_removal, name="team_member_removal"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/charter/", charters.team_charter, name="team_charter"),
    path("teams/of/<int:leader_pk>/", teams.leaders_team, name="leaders_team"),
]
