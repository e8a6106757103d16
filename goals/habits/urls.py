"""A leader's practices, reflections, focuses and dials, behind /o/<slug>/."""

from django.urls import path

from goals.habits.views import focuses, practices, reflections, sharing

urlpatterns = [
    path("practices/", practices.practices, name="practices"),
    path("practices/new/", practices.practice_new, name="practice_new"),
    path("practices/<int:pk>/undoing/", practices.practice_undoing, name="practice_undoing"),
    path("reflections/", reflections.reflections, name="reflections"),
    path("reflections/new/", reflections.reflection_new, name="reflection_new"),
    path("reflections/<int:pk>/", reflections.reflection, name="reflection"),
    path("reflections/<int:pk>/wording/", reflections.reflection_wording, name="reflection_wording"),
    path("reflections/<int:pk>/audience/", reflections.reflection_audience, name="reflection_audience"),
    path("focuses/", focuses.focuses, name="focuses"),
    path("focuses/new/", focuses.focus_new, name="focus_new"),
    path("focuses/<int:pk>/wording/", focuses.focus_wording, name="focus_wording"),
    path("focuses/<int:pk>/sharing/", focuses.focus_sharing, name="focus_sharing"),
    path("focuses/<int:pk>/archiving/", focuses.focus_archiving, name="focus_archiving"),
    path("focuses/<int:pk>/return/", focuses.focus_return, name="focus_return"),
    path("focuses/<int:pk>/dials/", focuses.dial, name="dial"),
    path("focuses/dials/<int:dial_pk>/undoing/", focuses.dial_undoing, name="dial_undoing"),
    path("sharing/", sharing.sharing, name="sharing"),
]
