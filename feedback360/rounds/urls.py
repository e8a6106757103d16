"""Rounds: run by admins; whom leaders ask, and who approves it."""

from django.urls import path

from feedback360.rounds.views import approving, choosing, questions, rater_intakes, rounds

urlpatterns = [
    path("questionnaires/<int:pk>/rounds/", questions.questionnaire_rounds, name="questionnaire_rounds"),
    path("questionnaires/<int:pk>/rounds/<int:round_pk>/", questions.questionnaire_choice, name="questionnaire_choice"),
    path("cohorts/<int:pk>/rounds/", rounds.cohort_rounds, name="cohort_rounds"),
    path("cohorts/<int:pk>/rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/settings/", rounds.feedback_settings, name="feedback_settings"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/dates/", rounds.round_dates, name="round_dates"),
    path("rounds/<int:pk>/threshold/", rounds.round_threshold, name="round_threshold"),
    path("rounds/<int:pk>/cancellation/", rounds.round_cancellation, name="round_cancellation"),
    path("rounds/<int:pk>/<slug:to>/now/", rounds.round_move, name="round_move"),
    path("feedback/", choosing.feedback, name="feedback"),
    path("approvals/", approving.approvals, name="approvals"),
    path("feedback/<int:subject_pk>/raters/", choosing.raters, name="raters"),
    path("feedback/<int:subject_pk>/raters/suggestion/", choosing.rater_suggestion, name="rater_suggestion"),
    path("approvals/<int:subject_pk>/new/", approving.rater_new, name="rater_new"),
    path("approvals/<int:subject_pk>/", approving.rater_approval, name="rater_approval"),
    path(
        "approvals/<int:subject_pk>/raters/<int:request_pk>/",
        approving.rater_approval_of_one,
        name="rater_approval_of_one",
    ),
    path("feedback/<int:subject_pk>/raters/<int:request_pk>/removal/", choosing.rater_removal, name="rater_removal"),
    path("feedback/<int:subject_pk>/raters/<int:request_pk>/return/", choosing.rater_return, name="rater_return"),
    path("rounds/<int:pk>/raters/", rater_intakes.round_raters, name="round_raters"),
    path("rounds/<int:pk>/raters/<int:request_pk>/erasure/", rater_intakes.rater_erasure, name="rater_erasure"),
    path("rounds/<int:pk>/raters/import/", rater_intakes.rater_intake_new, name="rater_intake_new"),
    path("rater-lists/<int:pk>/", rater_intakes.rater_intake, name="rater_intake"),
    path("rater-lists/<int:pk>/columns/", rater_intakes.rater_intake_columns, name="rater_intake_columns"),
    path(
        "rater-lists/<int:pk>/confirmation/",
        rater_intakes.rater_intake_confirmation,
        name="rater_intake_confirmation",
    ),
    path("rater-lists/<int:pk>/discard/", rater_intakes.rater_intake_discard, name="rater_intake_discard"),
    path("rater-lists/<int:pk>/problems.csv", rater_intakes.rater_intake_problems, name="rater_intake_problems"),
]
