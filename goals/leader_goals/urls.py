"""A leader's goals, behind /o/<slug>/."""

from django.urls import path

from goals.leader_goals.views import agreeing, busy, closing, dial, goal, lists, live, writing

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
    path("goals/<int:pk>/check-in/", live.goal_check_in, name="goal_check_in"),
    path("goals/check-ins/<int:check_in_pk>/undoing/", live.goal_check_in_undoing, name="goal_check_in_undoing"),
    path("goals/<int:pk>/review/", live.goal_review, name="goal_review"),
    path("goals/reviews/<int:review_pk>/undoing/", live.goal_review_undoing, name="goal_review_undoing"),
    path("goals/<int:pk>/change/", live.goal_change, name="goal_change"),
    path("goals/<int:pk>/letting-go/", live.goal_letting_go, name="goal_letting_go"),
    path("goals/<int:pk>/return/", live.goal_return, name="goal_return"),
    path("goals/<int:pk>/closing/", closing.goal_closing, name="goal_closing"),
    path("goals/<int:pk>/reopening/", closing.goal_reopening, name="goal_reopening"),
    path("goals/<int:pk>/score/", closing.goal_score, name="goal_score"),
    path("goals/<int:pk>/dials/", dial.goal_dial, name="goal_dial"),
    path("goals/dials/<int:goal_dial_pk>/undoing/", dial.goal_dial_undoing, name="goal_dial_undoing"),
    path("cohorts/<int:pk>/busy-periods/", busy.busy_periods, name="busy_periods"),
    path("busy-periods/<int:pk>/withdrawal/", busy.busy_withdrawal, name="busy_withdrawal"),
    path("busy-periods/<int:pk>/return/", busy.busy_return, name="busy_return"),
    path("busy-periods/<int:pk>/answers/", busy.busy_answer, name="busy_answer"),
    path("busy-periods/<int:pk>/answers/undoing/", busy.busy_answer_undoing, name="busy_answer_undoing"),
]
