"""The admin's pages about curricula: reading any version, and working on the next one."""

from django.urls import include, path

from cohorts.curriculum.views import curricula, versions, zips

urlpatterns = [
    path("curricula/", curricula.curriculum_list, name="curriculum_list"),
    path("curricula/import/", zips.curriculum_import, name="curriculum_import"),
    path("curricula/example.zip", zips.curriculum_example, name="curriculum_example"),
    path("", include("cohorts.curriculum.draft_urls")),
    path("cohorts/<int:pk>/version/", versions.cohort_version, name="cohort_version"),
    path("curricula/<int:pk>/", curricula.curriculum, name="curriculum"),
    path("curricula/<int:pk>/milestones/", curricula.curriculum_milestones, name="curriculum_milestones"),
    path("curricula/<int:pk>/brief/", curricula.curriculum_brief, name="curriculum_brief"),
    path("curricula/<int:pk>/starters/", curricula.curriculum_starters, name="curriculum_starters"),
    path("curricula/<int:pk>/sources/", curricula.curriculum_sources, name="curriculum_sources"),
    path("curricula/<int:pk>/themes/", curricula.curriculum_themes, name="curriculum_themes"),
    path("curricula/<int:pk>/steps/<int:step_pk>/", curricula.curriculum_step, name="curriculum_step"),
    path("curricula/<int:pk>/steps/<int:step_pk>/html/", curricula.curriculum_step_html, name="curriculum_step_html"),
    path("curricula/<int:pk>/files/", zips.curriculum_files, name="curriculum_files"),
]
