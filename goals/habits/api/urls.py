"""What a leader keeps, behind /o/<slug>/api/v1/."""

from django.urls import path

from goals.habits.api import export, focuses, practices, reflections

urlpatterns = [
    path("practices/", practices.Practices.as_view(), name="api_practices"),
    path("practices/export/", export.PracticesExport.as_view(), name="api_practices_export"),
    path("practices/<int:pk>/undoing/", practices.PracticeUndoing.as_view(), name="api_practice_undoing"),
    path("reflections/", reflections.Reflections.as_view(), name="api_reflections"),
    path("reflections/<int:pk>/", reflections.ReflectionDetail.as_view(), name="api_reflection"),
    path("reflections/<int:pk>/audience/", reflections.ReflectionAudience.as_view(), name="api_reflection_audience"),
    path("focuses/", focuses.Focuses.as_view(), name="api_focuses"),
    path("focuses/<int:pk>/", focuses.FocusDetail.as_view(), name="api_focus"),
    path("focuses/<int:pk>/archiving/", focuses.FocusArchiving.as_view(), name="api_focus_archiving"),
    path("focuses/<int:pk>/return/", focuses.FocusReturn.as_view(), name="api_focus_return"),
    path("focuses/<int:pk>/dials/", focuses.FocusDials.as_view(), name="api_focus_dials"),
    path("focuses/dials/<int:dial_pk>/undoing/", focuses.DialUndoing.as_view(), name="api_dial_undoing"),
]
