"""URLs outside every organisation: sign-in, invitations, mail links, health."""

from django.urls import include, path, re_path

from coaching.calendars.views.feed import calendar_feed
from programme.front.views import (
    factor_needed,
    health,
    home,
    invitation,
    logo,
    mail_links,
    not_me,
    preferences,
    recovery,
)
from programme.leader.views import one_tap
from programme.membership import stopping_view

handler403 = "programme.front.errors.not_open"
handler500 = "programme.front.errors.server_error"
urlpatterns = [
    path("", home.front, name="home"),
    path("accounts/", include("programme.front.account_urls")),
    path("account/", preferences.account, name="account"),
    path("account/factor/", factor_needed.factor_needed, name="factor_needed"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
    path("help/", preferences.help_page, name="help"),
    path("t/<str:token>/", one_tap.one_tap, name="one_tap"),
    path("r/", include("feedback360.answering.urls")),
    path("u/<str:token>/", mail_links.unsubscribe, name="unsubscribe"),
    path("d/<str:token>/", mail_links.unsubscribe_digest, name="unsubscribe_digest"),
    path("m/<str:token>/", mail_links.unsubscribe_rater, name="unsubscribe_rater"),
    path("k/<str:token>/", mail_links.unsubscribe_coaching, name="unsubscribe_coaching"),
    path("n/<str:token>/", not_me.not_me, name="not_me"),
    path("f/<str:token>/", recovery.recovery_stopping, name="recovery_stopping"),
    path("a/<str:token>/", stopping_view.correction_stopping, name="correction_stopping"),
    path("c/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("", include("goals.teams.link_urls")),
    path("logos/<slug:slug>/<str:sha>.png", logo.logo, name="logo"),
    path("invitation/<slug:slug>/<str:token>/", invitation.invitation, name="invitation"),
    re_path(r"^[tudmknfaTUDMKNFA]/(?:.*/)?$", mail_links.damaged_link, name="damaged_link"),
    re_path(r"^invitation/(?:.*/)?$", mail_links.damaged_link, name="damaged_invitation"),
    path("health/", health.health, name="health"),
    path("metrics/", health.metrics, name="metrics"),
]
