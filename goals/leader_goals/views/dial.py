"""The dial of a goal."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cohorts.enrolment.current import date_at
from cohorts.web.http import MemberRequest, allow, respond
from cohorts.web.permissions import Permission
from goals.habits.focus_queries import focuses_with_turns
from goals.habits.forms.focus import DialForm
from goals.habits.rules import latest_dial_day
from goals.leader_goals.actions.dial import turn_goal_dial
from goals.leader_goals.dial_card import dial_card
from goals.leader_goals.views.reach import own_goal


@allow(Permission.WALK)
@require_POST
def goal_dial(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn the dial of a goal, and of its focuses."""
    goal = own_goal(request, pk)
    today = date_at(goal.enrolment, request.now)
    form = DialForm(request.POST, today=today, latest=latest_dial_day(goal.enrolment, today=today))
    if form.is_valid():
        turn_goal_dial(goal=goal, today=today, by=request.membership, now=request.now, **form.cleaned_data)
    moved_by = [each.focus for each in goal.by_focus.select_related("focus")]
    dial = dial_card(goal, today, plans=focuses_with_turns(goal.enrolment), moved_by=moved_by)
    context = {"goal": goal, "dial": dial, "problem": form.errors}
    return respond(request, "goals/leader_goals/_dial.html", context, back_to="goal", pk=pk)
