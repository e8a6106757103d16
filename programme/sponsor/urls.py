"""The sponsor's pages, behind /o/<slug>/."""

from django.urls import path

from programme.sponsor import views

urlpatterns = [
    path("leaders/", views.home, name="sponsor_home"),
    path("leaders/all/", views.all_leaders, name="all_leaders"),
    path("leaders/<int:pk>/", views.leader, name="leader"),
    path("leaders/shared/<int:reflection_pk>/thanks/", views.thanks, name="thanks"),
    path("leaders/shared/<int:reflection_pk>/thanks/undoing/", views.thanks_undoing, name="thanks_undoing"),
]
