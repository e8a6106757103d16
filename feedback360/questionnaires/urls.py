"""The admin's pages for questionnaires: read and previewed by `pk`, edited while a draft by `draft_pk`."""

from django.urls import path

from feedback360.questionnaires.views import drafts, parts, reading

DRAFT = "questionnaires/<int:draft_pk>"

urlpatterns = [
    path("questionnaires/", reading.questionnaire_list, name="questionnaire_list"),
    path("questionnaires/standard/", reading.questionnaire_standard, name="questionnaire_standard"),
    path("questionnaires/<int:pk>/", reading.questionnaire, name="questionnaire"),
    path("questionnaires/<int:pk>/preview/", reading.questionnaire_preview, name="questionnaire_preview"),
    path("questionnaires/<int:pk>/draft/", drafts.questionnaire_draft, name="questionnaire_draft"),
    path("questionnaires/<int:pk>/copy/", drafts.questionnaire_copy, name="questionnaire_copy"),
    path(f"{DRAFT}/discarding/", drafts.questionnaire_discard, name="questionnaire_discard"),
    path(f"{DRAFT}/publishing/", drafts.questionnaire_publishing, name="questionnaire_publishing"),
    path(f"{DRAFT}/frame/", parts.questionnaire_frame, name="questionnaire_frame"),
    path(f"{DRAFT}/new-item/", parts.questionnaire_item_new, name="questionnaire_item_new"),
    path(f"{DRAFT}/items/<slug:item>/", parts.questionnaire_item, name="questionnaire_item"),
    path(f"{DRAFT}/items/<slug:item>/removal/", parts.questionnaire_item_removal, name="questionnaire_item_removal"),
    path(
        f"{DRAFT}/items/<slug:item>/earlier/",
        parts.questionnaire_item_move,
        {"is_later": False},
        name="questionnaire_item_earlier",
    ),
    path(
        f"{DRAFT}/items/<slug:item>/later/",
        parts.questionnaire_item_move,
        {"is_later": True},
        name="questionnaire_item_later",
    ),
    path(f"{DRAFT}/new-question/", parts.questionnaire_question_new, name="questionnaire_question_new"),
    path(f"{DRAFT}/questions/<slug:question>/", parts.questionnaire_question, name="questionnaire_question"),
    path(
        f"{DRAFT}/questions/<slug:question>/removal/",
        parts.questionnaire_question_removal,
        name="questionnaire_question_removal",
    ),
]
