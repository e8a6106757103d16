"""One goal: what was agreed, where it is, and its story."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cohorts.enrolment.current import date_at
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.habits.focus_queries import focuses_with_turns
from goals.leader_goals.dial_card import dial_card
from goals.leader_goals.history import newest_check_in
from goals.leader_goals.ladder import ladder_of, says_something
from goals.leader_goals.policies import may_agree, may_keep_goal
from goals.leader_goals.rules import GoalPlan, aim_of, plan_of
from goals.leader_goals.sentences import agreed_words, facts_of, status_of
from goals.leader_goals.views.parts import life_of
from goals.leader_goals.views.reach import told_goal
from goals.models import Focus, Goal, GoalEventKind, GoalState, Objective, ObjectiveState
from goals.smart import check, missing
from goals.smart_words import letters, what_is_missing


@allow(Permission.READ_PROGRESS)
@require_GET
def goal(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one goal to its leader and, once it was proposed, to their sponsor."""
    found = told_goal(request, pk)
    is_own = may_keep_goal(request.membership, found)
    plans = focuses_with_turns(found.enrolment) if is_own else None
    context = goal_context(request, found, plans)
    context |= life_of(found, request.membership, context["today"], plans)
    if found.state == GoalState.AGREED:
        context["dial"] = dial_card(found, context["today"], plans=plans, moved_by=context["focuses"])
    if not is_own:
        request.entry = "sponsor_home"
    return render(request, "goals/leader_goals/goal.html", context)


def goal_context(request: MemberRequest, found: Goal, plans: Sequence[Focus] | None = None) -> dict[str, Any]:
    """What the page of a goal and its parts read. `plans` are the leader's own, when they were read already."""
    is_own = may_keep_goal(request.membership, found)
    today = date_at(found.enrolment, request.now)
    tone, status = status_of(found)
    newest = newest_check_in(found)
    plan = plan_of(found, plans and [each for each in plans if each.pk in found.focus_keys])
    steps = ladder_of(plan, newest)
    context = {
        "goal": found,
        "is_own": is_own,
        "today": today,
        "facts": facts_of(found),
        "tone": tone,
        "status": status,
        "agreed": agreed_words(found),
        "ladder": steps if says_something(steps) else [],
        "focuses": plan.focuses,
        "serves": _serves(found, is_own=is_own),
        "may_answer": found.state == GoalState.PROPOSED and may_agree(request.membership, found),
    }
    return {**context, **_before_agreement(found, plan, today)} if is_own else context


def _serves(found: Goal, *, is_own: bool) -> Objective | None:
    """The objective it serves; a sponsor reads no draft, not even of an objective that was shown before."""
    objective = found.objective
    return None if objective is not None and objective.state == ObjectiveState.DRAFT and not is_own else objective


def _before_agreement(found: Goal, plan: GoalPlan, today: date) -> dict[str, Any]:
    """For the leader, until it is agreed: how SMART it is, what is missing, and what the sponsor said."""
    if found.state not in {GoalState.DRAFT, GoalState.PROPOSED}:
        return {}
    aim = aim_of(plan)
    last = next(reversed(found.events.all()), None)
    return {
        "letters": letters(check(aim, today=today)),
        "gaps": what_is_missing(missing(aim)),
        "sent_back": last if last and last.kind == GoalEventKind.SENT_BACK else None,
        "may_delete": found.state == GoalState.DRAFT and last is None,
    }
