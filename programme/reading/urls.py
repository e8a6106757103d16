"""Pages of the curriculum that everybody in a cohort may read, behind /o/<slug>/."""

from django.urls import path

from programme.reading.views import circle_agenda, ninety_days, your_part

urlpatterns = [
    path("ninety-days/", ninety_days.ninety_days, name="ninety_days"),
    path("cohorts/<int:pk>/ninety-days/", ninety_days.cohort_ninety_days, name="cohort_ninety_days"),
    path("cohorts/<int:pk>/ninety-days/weeks/<int:week>/", ninety_days.cohort_week, name="cohort_week"),
    path("cohorts/<int:pk>/circle/<int:month>/", circle_agenda.circle_agenda, name="circle_agenda"),
    path("cohorts/<int:pk>/your-part/", your_part.your_part, name="your_part"),
]
