"""Hosts, their dates and the questions to talks, behind /o/<slug>/."""

from django.urls import path

from coaching.hosting.views import access, dates, directory, hosts, offers, walls

urlpatterns = [
    path("hosts/", directory.hosts, name="hosts"),
    path("hosts/all/", directory.host_profiles, name="host_profiles"),
    path("hosts/answers/", directory.talk_answers, name="talk_answers"),
    path("hosts/offers/", directory.hosting_offer, name="hosting_offer"),
    path("hosts/offers/<int:offer_pk>/withdrawal/", directory.offer_withdrawal, name="offer_withdrawal"),
    path("hosts/<int:pk>/", directory.host_profile, name="host_profile"),
    path("talks/<int:pk>/questions/", walls.talk_wall, name="talk_wall"),
    path("questions/<int:pk>/answer/", walls.question_answer, name="question_answer"),
    path("questions/<int:pk>/vote/", walls.question_vote, name="question_vote"),
    path("questions/<int:pk>/vote/removal/", walls.question_vote_removal, name="question_vote_removal"),
    path("questions/<int:pk>/taking-back/", walls.question_taking_back, name="question_taking_back"),
    path("questions/<int:pk>/return/", walls.question_return, name="question_return"),
    path("questions/<int:pk>/report/", walls.question_report, name="question_report"),
    path("questions/<int:pk>/keeping/", walls.question_keeping, name="question_keeping"),
    path("questions/<int:pk>/removal/", walls.question_removal, name="question_removal"),
    path("hosting/", hosts.hosting, name="hosting"),
    path("hosting/begin/", hosts.hosting_begin, name="hosting_begin"),
    path("hosting/access/", access.hosting_access, name="hosting_access"),
    path("hosting/new/", hosts.host_new, name="host_new"),
    path("hosting/offers/<int:offer_pk>/taking-up/", offers.offer_taking_up, name="offer_taking_up"),
    path("hosting/offers/<int:offer_pk>/letting-go/", offers.offer_letting_go, name="offer_letting_go"),
    path("hosting/<int:pk>/", hosts.hosting_host, name="hosting_host"),
    path("hosting/<int:pk>/profile/", hosts.hosting_profile, name="hosting_profile"),
    path("hosting/<int:pk>/showing/", hosts.hosting_showing, name="hosting_showing"),
    path("hosting/<int:pk>/hiding/", hosts.hosting_hiding, name="hosting_hiding"),
    path("hosting/<int:pk>/closed-days/", hosts.hosting_closed_days, name="hosting_closed_days"),
    path(
        "hosting/<int:pk>/closed-days/<int:blackout_pk>/removal/",
        hosts.hosting_closed_removal,
        name="hosting_closed_removal",
    ),
    path("hosting/<int:pk>/dates/new/", dates.date_new, name="date_new"),
    path("hosting/<int:pk>/dates/<int:date_pk>/", dates.date_change, name="date_change"),
    path("hosting/<int:pk>/dates/<int:date_pk>/cancellation/", dates.date_cancellation, name="date_cancellation"),
]
