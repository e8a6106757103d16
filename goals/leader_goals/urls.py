"""A leader's goals, behind /o/<slug>/."""

from django.urls import path

from goals.leader_goals.views import agreeing, goal, lists, writing

urlpatterns = [
    path("goals/", lists.goals, name="goals"),
    path("goals/new/", writing.goal_new, name="goal_new"),
    path("goals/checking/", writing.goal_checking, name="goal_checking"),
    path("goals/<int:pk>/", goal.goal, name="goal"),
    path("goals/<int:pk>/wording/", writing.goal_wording, name="goal_wording"),
    path("goals/<int:pk>/deleting/", writing.goal_deleting, name="goal_deleting"),
    path("goals/<int:pk>/proposal/", agreeing.goal_proposal, name="goal_proposal"),
    path("goals/<int:pk>/withdrawal/", agreeing.goal_withdrawal, name="goal_withdrawal"),
    path("goals/<int:pk>/answer/", agreeing.goal_answer, name="goal_answer"),
    path("goals/<int:pk>/agreement/", agreeing.goal_agreement, name="goal_agreement"),
]
