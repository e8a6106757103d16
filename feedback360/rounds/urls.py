"""Rounds: whom leaders ask, and who approves it."""

from django.urls import path

from feedback360.rounds.views import approving, choosing, questions

urlpatterns = [
    path("questionnaires/<int:pk>/rounds/", questions.questionnaire_rounds, name="questionnaire_rounds"),
    path("questionnaires/<int:pk>/rounds/<int:round_pk>/", questions.questionnaire_choice, name="questionnaire_choice"),
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
]
