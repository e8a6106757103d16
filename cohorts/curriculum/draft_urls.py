"""The admin's pages for editing a draft of a curriculum."""

from django.urls import path

from cohorts.curriculum.views import (
    draft_names,
    draft_pages,
    draft_parts,
    draft_sources,
    draft_steps,
    drafts,
    publishing,
)

urlpatterns = [
    path("curricula/<int:pk>/draft/", drafts.draft_new, name="draft_new"),
    path("curricula/<int:pk>/copy/", drafts.curriculum_copy, name="curriculum_copy"),
    path("drafts/<int:pk>/discarding/", drafts.draft_discard, name="draft_discard"),
    path("drafts/<int:pk>/findings/", publishing.draft_findings, name="draft_findings"),
    path("drafts/<int:pk>/publishing/", publishing.draft_publishing, name="draft_publishing"),
    path("drafts/<int:pk>/steps/new/", draft_steps.draft_step_new, name="draft_step_new"),
    path("drafts/<int:pk>/steps/new/preview/", draft_steps.draft_step_preview, name="draft_new_preview"),
    path("drafts/<int:pk>/steps/new/preview/mail/", draft_steps.draft_step_mail, name="draft_new_mail"),
    path("drafts/<int:pk>/steps/<int:step_pk>/", draft_steps.draft_step, name="draft_step"),
    path("drafts/<int:pk>/steps/<int:step_pk>/preview/", draft_steps.draft_step_preview, name="draft_step_preview"),
    path("drafts/<int:pk>/steps/<int:step_pk>/preview/mail/", draft_steps.draft_step_mail, name="draft_step_mail"),
    path(
        "drafts/<int:pk>/steps/<int:step_pk>/earlier/",
        draft_steps.draft_step_move,
        {"is_later": False},
        name="draft_step_earlier",
    ),
    path(
        "drafts/<int:pk>/steps/<int:step_pk>/later/",
        draft_steps.draft_step_move,
        {"is_later": True},
        name="draft_step_later",
    ),
    path("drafts/<int:pk>/steps/<int:step_pk>/removal/", draft_steps.draft_step_removal, name="draft_step_removal"),
    path("drafts/<int:pk>/milestones/", draft_parts.draft_milestones, name="draft_milestones"),
    path("drafts/<int:pk>/milestones/new/", draft_parts.draft_milestone_new, name="draft_milestone_new"),
    path("drafts/<int:pk>/milestones/<int:milestone_pk>/", draft_parts.draft_milestone, name="draft_milestone"),
    path(
        "drafts/<int:pk>/milestones/<int:milestone_pk>/removal/",
        draft_parts.draft_milestone_removal,
        name="draft_milestone_removal",
    ),
    path("drafts/<int:pk>/title/", draft_names.draft_title, name="draft_title"),
    path("drafts/<int:pk>/brief/", draft_pages.draft_brief, name="draft_brief"),
    path("drafts/<int:pk>/agendas/<slug:event>/", draft_pages.draft_agenda, name="draft_agenda"),
    path("drafts/<int:pk>/agendas/<slug:event>/new/", draft_pages.draft_agenda_new, name="draft_agenda_new"),
    path(
        "drafts/<int:pk>/agendas/<slug:event>/removal/", draft_pages.draft_agenda_removal, name="draft_agenda_removal"
    ),
    path("drafts/<int:pk>/plans/<slug:behaviour>/<slug:situation>/", draft_names.draft_starter, name="draft_starter"),
    path(
        "drafts/<int:pk>/plans/<slug:behaviour>/<slug:situation>/removal/",
        draft_names.draft_starter_removal,
        name="draft_starter_removal",
    ),
    path("drafts/<int:pk>/new-theme/", draft_names.draft_theme_new, name="draft_theme_new"),
    path("drafts/<int:pk>/themes/<slug:theme>/", draft_names.draft_theme, name="draft_theme"),
    path("drafts/<int:pk>/themes/<slug:theme>/removal/", draft_names.draft_theme_removal, name="draft_theme_removal"),
    path("drafts/<int:pk>/new-source/", draft_sources.draft_source_new, name="draft_source_new"),
    path("drafts/<int:pk>/sources/<slug:source>/", draft_sources.draft_source, name="draft_source"),
    path(
        "drafts/<int:pk>/sources/<slug:source>/removal/",
        draft_sources.draft_source_removal,
        name="draft_source_removal",
    ),
    path("drafts/<int:pk>/weeks/<int:week>/", draft_parts.draft_week, name="draft_week"),
]
