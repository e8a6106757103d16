"""What a team sees by its link, at the front door: the link is all they have."""

from django.urls import path, re_path

from goals.teams.views import by_link

urlpatterns = [
    path("l/<str:token>/", by_link.shown_team, name="shown_team"),
    path("l/<str:token>/language/", by_link.shown_language, name="shown_language"),
    path("l/<str:token>/<int:pk>/", by_link.shown_member, name="shown_member"),
    re_path(r"^[lL]/(?:.*/)?$", by_link.damaged, name="shown_damaged"),
]
