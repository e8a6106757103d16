"""Imports, and members with their roles."""

from django.urls import path

from cohorts.people.views import factor_policy, intakes, members, recovery, roles

urlpatterns = [
    path("cohorts/<int:pk>/intakes/", intakes.intake_new, name="intake_new"),
    path("cohorts/<int:pk>/leaders/new/", intakes.person_new, name="person_new"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("cohorts/<int:pk>/imports/", intakes.imports, name="imports"),
    path("intakes/<int:pk>/columns/", intakes.intake_columns, name="intake_columns"),
    path("intakes/<int:pk>/row/", intakes.intake_row, name="intake_row"),
    path("intakes/<int:pk>/undoing/", intakes.intake_undoing, name="intake_undoing"),
    path("intakes/<int:pk>/confirmation/", intakes.intake_confirmation, name="intake_confirmation"),
    path("intakes/<int:pk>/progress/", intakes.intake_progress, name="intake_progress"),
    path("intakes/<int:pk>/cancellation/", intakes.intake_cancellation, name="intake_cancellation"),
    path("intakes/<int:pk>/discard/", intakes.intake_discard, name="intake_discard"),
    path("intakes/<int:pk>/problems.csv", intakes.intake_problems, name="intake_problems"),
    path("members/", members.members, name="members"),
    path("members/export/", members.members_export, name="members_export"),
    path("members/new/", members.member_new, name="member_new"),
    path("members/<int:pk>/roles/", roles.member_roles, name="member_roles"),
    path(
        "members/<int:pk>/roles/undoing/<slug:give>/<slug:take>/",
        roles.member_roles_undoing,
        name="member_roles_undoing",
    ),
    path("members/second-factor/", factor_policy.factor_policy, name="factor_policy"),
    path("members/<int:pk>/recovery/", recovery.member_recovery, name="member_recovery"),
    path("members/<int:pk>/recovery/stopping/", recovery.member_recovery_stopping, name="member_recovery_stopping"),
    path("members/<int:pk>/manager/", members.member_manager, name="member_manager"),
    path("members/<int:pk>/manager/<int:manager>/", members.member_manager_again, name="member_manager_again"),
    path("members/<int:pk>/invitation/", members.member_invitation, name="member_invitation"),
    path(
        "members/<int:pk>/invitation/revoking/",
        members.member_invitation_revoking,
        name="member_invitation_revoking",
    ),
]
