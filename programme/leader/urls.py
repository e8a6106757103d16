"""The leader's own pages, behind /o/<slug>/."""

from django.urls import path as route

from programme.leader.views import path, schedule, today, welcome

urlpatterns = [
    route("today/", today.today, name="today"),
    route("path/", path.path, name="path"),
    route("steps/<int:day>/", path.step, name="step"),
    route("welcome/", welcome.welcome, name="welcome"),
    route("schedule/", schedule.schedule, name="schedule"),
    route("schedule/pauses/", schedule.own_pauses, name="own_pauses"),
    route("schedule/pauses/<int:pk>/ending/", schedule.own_pause_ending, name="own_pause_ending"),
    route("schedule/mail/", schedule.own_mail, name="own_mail"),
]
