"""Mentors: found and asked by leaders, offered by mentors, paired by admins; behind /o/<slug>/."""

from django.urls import path

from coaching.mentors.views import finding, lists, offering, stopping, wishes

urlpatterns = [
    path("mentors/", finding.mentors, name="mentors"),
    path("mentors/search/", finding.mentor_search, name="mentor_search"),
    path("mentors/mine/", wishes.my_mentors, name="my_mentors"),
    path("mentors/<int:pk>/", finding.mentor, name="mentor"),
    path("mentors/<int:pk>/wish/", wishes.mentor_wish, name="mentor_wish"),
    path("mentors/<int:pk>/request/", wishes.mentor_request, name="mentor_request"),
    path("wishes/<int:pk>/sooner/", wishes.wish_sooner, name="wish_sooner"),
    path("wishes/<int:pk>/removal/", wishes.wish_removal, name="wish_removal"),
    path("requests/<int:pk>/taking-back/", wishes.request_taking_back, name="request_taking_back"),
    path("mentoring/", offering.mentoring, name="mentoring"),
    path("mentoring/profile/", offering.mentor_profile, name="mentor_profile"),
    path("mentoring/opening/", offering.mentor_opening, name="mentor_opening"),
    path("requests/<int:pk>/answer/", offering.request_answer, name="request_answer"),
    path("requests/<int:pk>/answering-again/", offering.request_answering_again, name="request_answering_again"),
    path("pairings/<int:pk>/stopping/", stopping.pairing_stopping, name="pairing_stopping"),
    path("pairings/<int:pk>/going-on/<str:token>/", stopping.pairing_going_on, name="pairing_going_on"),
    path("pairings/<int:pk>/handover/", stopping.pairing_handover, name="pairing_handover"),
    path("pairings/<int:pk>/handover/removal/", stopping.pairing_handover_removal, name="pairing_handover_removal"),
    path("coaches/", lists.coaches, name="coaches"),
    path("coaches/<slug:sort>/import/", lists.mentor_intake_new, name="mentor_intake_new"),
    path("coach-lists/<int:pk>/", lists.mentor_intake, name="mentor_intake"),
    path("coach-lists/<int:pk>/columns/", lists.mentor_intake_columns, name="mentor_intake_columns"),
    path("coach-lists/<int:pk>/confirmation/", lists.mentor_intake_confirmation, name="mentor_intake_confirmation"),
    path("coach-lists/<int:pk>/discard/", lists.mentor_intake_discard, name="mentor_intake_discard"),
    path("coach-lists/<int:pk>/undoing/", lists.mentor_intake_undoing, name="mentor_intake_undoing"),
    path("coach-lists/<int:pk>/problems.csv", lists.mentor_intake_problems, name="mentor_intake_problems"),
]
