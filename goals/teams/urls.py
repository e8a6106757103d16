"""A leader's team, behind /o/<slug>/."""

from django.urls import path

from goals.teams.views import charters, links, teams

urlpatterns = [
    path("charter/", charters.charter, name="charter"),
    path("charter/wording/", charters.charter_wording, name="charter_wording"),
    path("team/naming/", teams.team_naming, name="team_naming"),
    path("team/members/", teams.team_members, name="team_members"),
    path("team/members/keeping/", teams.team_names_keeping, name="team_names_keeping"),
    path("team/members/<int:pk>/", teams.team_member, name="team_member"),
    path("team/members/<int:pk>/removal/", teams.team_member_removal, name="team_member_removal"),
    path("team/link/", links.team_link, name="team_link"),
    path("team/link/closing/", links.team_link_closing, name="team_link_closing"),
    path("team/link/return/", links.team_link_return, name="team_link_return"),
    path("team/voices/", links.team_voices, name="team_voices"),
    path("team/voices/<int:voice_pk>/answering/", links.team_voice_answering, name="team_voice_answering"),
    path("team/voices/<int:voice_pk>/return/", links.team_voice_return, name="team_voice_return"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/charter/", charters.team_charter, name="team_charter"),
    path("teams/of/<int:leader_pk>/", teams.leaders_team, name="leaders_team"),
]
