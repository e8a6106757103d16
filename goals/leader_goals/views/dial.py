"""The dial of a goal."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from cohorts.enrolment.current import date_at
from cohorts.web.http import MemberRequest, allow, respond
from cohorts.web.permissions import Permission
from goals.habits.dial_words import turned_words
from goals.habits.focus_queries import focuses_with_turns
from goals.habits.forms.focus import DialForm
from goals.habits.rules import latest_dial_day
from goals.leader_goals.actions.dial import take_back_goal_dial, turn_goal_dial
from goals.leader_goals.dial_card import dial_card
from goals.leader_goals.views.reach import own_goal
from goals.models import Goal, GoalDial


@allow(Permission.WALK)
@require_POST
def goal_dial(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn the dial of a goal, and of its focuses."""
    goal = own_goal(request, pk)
    today = date_at(goal.enrolment, request.now)
    form = DialForm(request.POST, today=today, latest=latest_dial_day(goal.enrolment, today=today))
    turned = None
    if form.is_valid():
        turned = turn_goal_dial(goal=goal, today=today, by=request.membership, now=request.now, **form.cleaned_data)
        if not request.htmx:
            undo = reverse("goal_dial_undoing", args=[turned.pk])
            messages.success(request, turned_words(turned.level), extra_tags=undo)
    return _card(request, goal, today, turned=turned, problem=form.errors)


@allow(Permission.WALK)
@require_POST
def goal_dial_undoing(request: MemberRequest, goal_dial_pk: int) -> HttpResponse:
    """Set the dial of a goal, and of its focuses, back to where it stood."""
    mine = GoalDial.objects.filter(goal__enrolment__leader=request.membership)
    dial = get_object_or_404(mine.select_related("goal__enrolment"), pk=goal_dial_pk)
    goal = own_goal(request, dial.goal_id)
    today = date_at(goal.enrolment, request.now)
    take_back_goal_dial(dial=dial, today=today, by=request.membership, now=request.now)
    return _card(request, goal, today)


def _card(request: MemberRequest, goal: Goal, today: date, **more: Any) -> HttpResponse:
    moved_by = [each.focus for each in goal.by_focus.select_related("focus")]
    dial = dial_card(goal, today, plans=focuses_with_turns(goal.enrolment), moved_by=moved_by)
    context = {"goal": goal, "dial": dial, **more}
    return respond(request, "goals/leader_goals/_dial.html", context, back_to="goal", pk=goal.pk)
