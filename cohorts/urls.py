"""The admin's pages, behind /o/<slug>/. An event is a noun that is posted to; its Undo is another."""

from django.urls import include, path

from cohorts.views import cohorts, enrolments, intakes, mails, members, milestones, pauses

urlpatterns = [
    path("cohorts/", cohorts.cohort_list, name="cohort_list"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("cohorts/<int:pk>/leaders.csv", cohorts.cohort_export, name="cohort_export"),
    path("cohorts/<int:pk>/changes/", cohorts.cohort_change, name="cohort_change"),
    path("cohorts/<int:pk>/hold/", cohorts.cohort_sending, {"is_on": False}, name="cohort_hold"),
    path("cohorts/<int:pk>/release/", cohorts.cohort_sending, {"is_on": True}, name="cohort_release"),
    path("cohorts/<int:pk>/pauses/", pauses.cohort_pauses, name="cohort_pauses"),
    path("cohorts/<int:pk>/intakes/", intakes.intake_new, name="intake_new"),
    path("cohorts/<int:pk>/leaders/new/", intakes.person_new, name="person_new"),
    path("cohorts/<int:pk>/mails/", mails.cohort_mails, name="cohort_mails"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/", mails.cohort_mail, name="cohort_mail"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/html/", mails.cohort_mail_html, name="cohort_mail_html"),
    path("cohorts/<int:pk>/mails/<int:step_pk>/tests/", mails.cohort_mail_test, name="cohort_mail_test"),
    path("", include("cohorts.curriculum_urls")),
    path("cohorts/<int:pk>/milestones/", milestones.cohort_milestones, name="cohort_milestones"),
    path("cohorts/<int:pk>/milestones/<slug:milestone>/date/", milestones.milestone_date, name="milestone_date"),
    path(
        "cohorts/<int:pk>/milestones/<slug:milestone>/calling-off/",
        milestones.milestone_calling_off,
        name="milestone_calling_off",
    ),
    path("cohorts/<int:pk>/milestones/<slug:milestone>/return/", milestones.milestone_return, name="milestone_return"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/confirmation/", intakes.intake_confirmation, name="intake_confirmation"),
    path("intakes/<int:pk>/discard/", intakes.intake_discard, name="intake_discard"),
    path("intakes/<int:pk>/problems.csv", intakes.intake_problems, name="intake_problems"),
    path("pauses/<int:pk>/ending/", pauses.pause_ending, name="pause_ending"),
    path("enrolments/<int:pk>/", enrolments.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/schedule/", enrolments.enrolment_schedule, name="enrolment_schedule"),
    path("enrolments/<int:pk>/pauses/", enrolments.enrolment_pauses, name="enrolment_pauses"),
    path("enrolments/<int:pk>/sponsor/", enrolments.enrolment_sponsor, name="enrolment_sponsor"),
    path("enrolments/<int:pk>/mail/on/", enrolments.enrolment_mail, {"is_on": True}, name="enrolment_mail_on"),
    path("enrolments/<int:pk>/mail/off/", enrolments.enrolment_mail, {"is_on": False}, name="enrolment_mail_off"),
    path("enrolments/<int:pk>/leaving/", enrolments.enrolment_leaving, name="enrolment_leaving"),
    path("enrolments/<int:pk>/return/", enrolments.enrolment_return, name="enrolment_return"),
    path("members/", members.members, name="members"),
    path("members/new/", members.member_new, name="member_new"),
    path("members/<int:pk>/roles/<slug:role>/", members.member_roles, name="member_roles"),
    path("members/<int:pk>/roles/<slug:role>/removal/", members.member_role_removal, name="member_role_removal"),
    path("members/<int:pk>/invitation/", members.member_invitation, name="member_invitation"),
    path(
        "members/<int:pk>/invitation/revoking/",
        members.member_invitation_revoking,
        name="member_invitation_revoking",
    ),
]
