"""One goal: what was agreed, where it is, and its story."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cohorts.enrolment.current import date_at
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.leader_goals.dial_card import dial_card
from goals.leader_goals.ladder import ladder, says_something
from goals.leader_goals.policies import may_agree, may_keep_goal
from goals.leader_goals.rules import aim_of, plan_of
from goals.leader_goals.sentences import agreed_words, facts_of, status_of
from goals.leader_goals.views.reach import visible_goal
from goals.models import Goal, GoalEventKind, GoalState
from goals.smart import check, missing
from goals.smart_words import letters, what_is_missing


@allow(Permission.READ_PROGRESS)
@require_GET
def goal(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one goal to its leader and, once it was proposed, to their sponsor."""
    found = visible_goal(request, pk)
    context = goal_context(request, found)
    if not context["is_own"]:
        request.entry = "sponsor_home"
    return render(request, "goals/leader_goals/goal.html", context)


def goal_context(request: MemberRequest, found: Goal) -> dict[str, Any]:
    """What the page of a goal and its parts read."""
    is_own = may_keep_goal(request.membership, found)
    today = date_at(found.enrolment, request.now)
    tone, status = status_of(found)
    newest = found.check_ins.last()
    plan = plan_of(found)
    steps = ladder(plan, value=newest.value if newest else None, step=newest.step if newest else None)
    context = {
        "goal": found,
        "is_own": is_own,
        "today": today,
        "dial": dial_card(found, today, is_own=is_own) if found.state == GoalState.AGREED else None,
        "facts": facts_of(found),
        "tone": tone,
        "status": status,
        "agreed": agreed_words(found),
        "ladder": steps if says_something(steps) else [],
        "focuses": plan.focuses,
        "may_answer": found.state == GoalState.PROPOSED and may_agree(request.membership, found),
    }
    return {**context, **_before_agreement(found, context)} if is_own else context


def _before_agreement(found: Goal, context: dict[str, Any]) -> dict[str, Any]:
    """For the leader, until it is agreed: how SMART it is, what is missing, and what the sponsor said."""
    if found.state not in {GoalState.DRAFT, GoalState.PROPOSED}:
        return {}
    aim = aim_of(plan_of(found))
    last = found.events.last()
    return {
        "letters": letters(check(aim, today=context["today"])),
        "gaps": what_is_missing(missing(aim)),
        "sent_back": last if last and last.kind == GoalEventKind.SENT_BACK else None,
        "may_delete": found.state == GoalState.DRAFT and last is None,
    }
