"""The line of sight and its objectives, behind /o/<slug>/."""

from django.urls import path

from goals.objectives.views import kept, objective, team, tree, writing

urlpatterns = [
    path("objectives/", tree.objectives, name="objectives"),
    path("objectives/kept/", kept.kept_objectives, name="kept_objectives"),
    path("objectives/new/", writing.objective_new, name="objective_new"),
    path("objectives/new/organisation/", writing.organisation_objective_new, name="organisation_objective_new"),
    path("objectives/new/department/", writing.department_objective_new, name="department_objective_new"),
    path("objectives/checking/<slug:place>/", writing.objective_smart, name="objective_smart"),
    path("objectives/<int:pk>/", objective.objective, name="objective"),
    path("objectives/<int:pk>/branch/", tree.objective_branch, name="objective_branch"),
    path("objectives/<int:pk>/wording/", writing.objective_change, name="objective_change"),
    path("objectives/<int:pk>/showing/", objective.objective_showing, name="objective_showing"),
    path("objectives/<int:pk>/hiding/", objective.objective_hiding, name="objective_hiding"),
    path("objectives/<int:pk>/agreeing/", objective.objective_agreeing, name="objective_agreeing"),
    path("objectives/<int:pk>/readings/", objective.objective_reading, name="objective_reading"),
    path(
        "objectives/<int:pk>/milestones/<int:milestone_pk>/",
        objective.objective_milestone,
        name="objective_milestone",
    ),
    path("objectives/<int:pk>/letting-go/", objective.objective_letting_go, name="objective_letting_go"),
    path("objectives/<int:pk>/closing/", objective.objective_closing, name="objective_closing"),
    path("objectives/<int:pk>/taking-up/", objective.objective_taking_up, name="objective_taking_up"),
    path("objectives/<int:pk>/parts/", team.objective_parts, name="objective_parts"),
    path("objectives/<int:pk>/voices/new/", team.objective_voice_new, name="objective_voice_new"),
]
