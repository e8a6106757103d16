"""The sponsor's part, and the leader's side of it, behind /o/<slug>/."""

from django.urls import path

from coaching.sponsoring.views import leaders, own

urlpatterns = [
    path("leaders/weeks/<int:week>/doing/", leaders.part_doing, name="part_doing"),
    path("leaders/weeks/<int:week>/blocking/", leaders.part_blocking, name="part_blocking"),
    path("leaders/weeks/<int:week>/undoing/", leaders.part_undoing, name="part_undoing"),
    path("leaders/asks/<int:ask_pk>/", leaders.ask_answer, name="ask_answer"),
    path("leaders/asks/<int:ask_pk>/undoing/", leaders.ask_answer_undoing, name="ask_answer_undoing"),
    path("leaders/<int:pk>/time/", leaders.time_new, name="time_new"),
    path("leaders/time/<int:time_pk>/undoing/", leaders.time_undoing, name="time_undoing"),
    path("leaders/support/", leaders.own_support, name="own_support"),
    path("my-sponsor/", own.own_sponsor, name="own_sponsor"),
    path("my-sponsor/asks/<int:ask_pk>/", own.own_ask, name="own_ask"),
    path("my-sponsor/asks/<int:ask_pk>/reading/", own.own_ask_reading, name="own_ask_reading"),
    path("my-sponsor/asks/<int:ask_pk>/undoing/", own.own_ask_undoing, name="own_ask_undoing"),
    path("my-sponsor/parts/<int:act_pk>/", own.part_answer, name="part_answer"),
    path("my-sponsor/parts/<int:act_pk>/undoing/", own.part_answer_undoing, name="part_answer_undoing"),
    path("my-sponsor/time/<int:time_pk>/", own.offer_answer, name="offer_answer"),
    path("my-sponsor/time/<int:time_pk>/undoing/", own.offer_answer_undoing, name="offer_answer_undoing"),
    path("my-sponsor/support/", own.felt_support, name="felt_support"),
]
