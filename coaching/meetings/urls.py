"""1:1s: lists, pairings, talks and actions, behind /o/<slug>/."""

from django.urls import path

from coaching.meetings.views import agenda, agreed, boxes, lists, meeting, notes, pairings, planning

urlpatterns = [
    path("one-to-ones/", lists.one_to_ones, name="one_to_ones"),
    path("my-people/", lists.my_people, name="my_people"),
    path("enrolments/<int:pk>/pairing/", lists.sponsor_pairing_opening, name="sponsor_pairing_opening"),
    path("pairings/<int:pk>/", pairings.pairing, name="pairing"),
    path("pairings/<int:pk>/cadence/", pairings.pairing_cadence, name="pairing_cadence"),
    path("pairings/<int:pk>/sessions/new/", planning.session_new, name="session_new"),
    path("pairings/<int:pk>/drop-in/", planning.drop_in, name="drop_in"),
    path("sessions/<int:pk>/", meeting.session, name="session"),
    path("sessions/<int:pk>/moving/", planning.session_moving, name="session_moving"),
    path("sessions/<int:pk>/start/", planning.session_start, name="session_start"),
    path("sessions/<int:pk>/cancelling/", planning.session_cancelling, name="session_cancelling"),
    path("sessions/<int:pk>/missing/", planning.session_missing, name="session_missing"),
    path("sessions/<int:pk>/restoring/", planning.session_restoring, name="session_restoring"),
    path("sessions/<int:pk>/closing/", meeting.session_closing, name="session_closing"),
    path("sessions/<int:pk>/reopening/", meeting.session_reopening, name="session_reopening"),
    path("sessions/<int:pk>/agenda/", agenda.session_agenda, name="session_agenda"),
    path("sessions/<int:pk>/agenda/<int:item_pk>/", agenda.agenda_item, name="agenda_item"),
    path("sessions/<int:pk>/note/", notes.session_note, name="session_note"),
    path("sessions/<int:pk>/sharing/", notes.session_sharing, name="session_sharing"),
    path("sessions/<int:pk>/answer/", meeting.session_answer, name="session_answer"),
    path("sessions/<int:pk>/own-note/", notes.session_own_note, name="session_own_note"),
    path("sessions/<int:pk>/boxes/<slug:part>/", boxes.session_box, name="session_box"),
    path("sessions/<int:pk>/skipping/", boxes.session_skipping, name="session_skipping"),
    path("sessions/<int:pk>/line/", agreed.session_line, name="session_line"),
    path("sessions/<int:pk>/actions/", agreed.session_actions, name="session_actions"),
    path("actions/<int:pk>/closing/", agreed.action_closing, name="action_closing"),
    path("actions/<int:pk>/reopening/", agreed.action_reopening, name="action_reopening"),
    path("actions/<int:pk>/taking/", agreed.action_taking, name="action_taking"),
    path("actions/<int:pk>/letting-go/", agreed.action_letting_go, name="action_letting_go"),
    path("actions/<int:pk>/wording/", agreed.action_wording, name="action_wording"),
]
