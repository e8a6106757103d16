"""Cohorts, their leaders, days away and mails."""

from django.urls import path

from cohorts.enrolment.views import bulk, closed_days, cohorts, enrolments, mails, pauses

urlpatterns = [
    path("cohorts/", cohorts.cohort_list, name="cohort_list"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/place/", cohorts.cohort_place, name="cohort_place"),
    path("cohorts/<int:pk>/leaders.csv", cohorts.cohort_export, name="cohort_export"),
    path("cohorts/<int:pk>/choices/", bulk.cohort_choices, name="cohort_choices"),
    path("cohorts/<int:pk>/choices/<slug:act>/", bulk.cohort_choice, name="cohort_choice"),
    path("cohorts/<int:pk>/undoing/", bulk.cohort_undo, name="cohort_undo"),
    path("cohorts/<int:pk>/changes/", cohorts.cohort_change, name="cohort_change"),
    path("cohorts/<int:pk>/hold/", cohorts.cohort_sending, {"is_on": False}, name="cohort_hold"),
    path("cohorts/<int:pk>/release/", cohorts.cohort_sending, {"is_on": True}, name="cohort_release"),
    path("cohorts/<int:pk>/pauses/", pauses.cohort_pauses, name="cohort_pauses"),
    path("cohorts/<int:pk>/closed-days/", closed_days.closed_day_list, name="closed_day_list"),
    path("cohorts/<int:pk>/closed-days/day/", closed_days.closed_day, name="closed_day"),
    path("cohorts/<int:pk>/mails/", mails.cohort_mails, name="cohort_mails"),
    path("cohorts/<int:pk>/mails/ahead/", mails.cohort_going_out, name="cohort_going_out"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/", mails.cohort_mail, name="cohort_mail"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/html/", mails.cohort_mail_html, name="cohort_mail_html"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/tests/", mails.cohort_mail_test, name="cohort_mail_test"),
    path("pauses/<int:pk>/ending/", pauses.pause_ending, name="pause_ending"),
    path("enrolments/<int:pk>/", enrolments.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/schedule/", enrolments.enrolment_schedule, name="enrolment_schedule"),
    path("enrolments/<int:pk>/pauses/", enrolments.enrolment_pauses, name="enrolment_pauses"),
    path("enrolments/<int:pk>/sponsor/", enrolments.enrolment_sponsor, name="enrolment_sponsor"),
    path("enrolments/<int:pk>/mail/on/", enrolments.enrolment_mail, {"is_on": True}, name="enrolment_mail_on"),
    path("enrolments/<int:pk>/mail/off/", enrolments.enrolment_mail, {"is_on": False}, name="enrolment_mail_off"),
    path("enrolments/<int:pk>/leaving/", enrolments.enrolment_leaving, name="enrolment_leaving"),
    path("enrolments/<int:pk>/return/", enrolments.enrolment_return, name="enrolment_return"),
]
