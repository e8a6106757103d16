"""A member's calendar, behind /o/<slug>/."""

from django.urls import path

from coaching.calendars.choices import Switch
from coaching.calendars.views import settings

urlpatterns = [
    path("calendar/", settings.my_calendar, name="my_calendar"),
    path("calendar/address/", settings.feed_opening, name="feed_opening"),
    path("calendar/address/closing/", settings.feed_closing, name="feed_closing"),
    path("calendar/address/restoring/", settings.feed_restoring, name="feed_restoring"),
    path("calendar/invitations/", settings.switch_mails, {"switch": Switch.INVITATIONS}, name="calendar_invitations"),
    path("calendar/reminders/", settings.switch_mails, {"switch": Switch.REMINDERS}, name="calendar_reminders"),
]
