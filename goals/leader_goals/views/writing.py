"""Write a goal, with help while typing; change a draft; delete it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Enrolment
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import lock
from goals.leader_goals.actions.writing import delete_draft, ensure_draft, rewrite_goal, write_goal
from goals.leader_goals.forms.goal import GoalForm, NewGoalForm
from goals.leader_goals.ladder import ladder, says_something
from goals.leader_goals.readers import readers_of_draft
from goals.leader_goals.rules import GoalPlan, aim_of, plan_of, suggested_bounds, with_scale
from goals.leader_goals.starts import START_BY_KEY, STARTS
from goals.leader_goals.views.reach import own_goal
from goals.models import Direction
from goals.smart import check
from goals.smart_words import letters


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: MemberRequest) -> HttpResponse:
    """Write a goal. It is kept as a draft."""
    enrolment = ensure_enrolment(request.membership)
    today = date_at(enrolment, request.now)
    start = START_BY_KEY.get(request.GET.get("start", ""))
    initial: dict[str, Any] = start.fields() if start else {}
    form = NewGoalForm(posted(request), enrolment=enrolment, today=today, initial=initial)
    shown = GoalPlan(**initial) if start else GoalPlan("")
    context = {**_context(enrolment, form, shown), "starts": STARTS, "draft": f"goal:new:{enrolment.pk}"}
    if _only_checks(request):
        return render(request, "goals/leader_goals/goal_new.html", {**context, "form": form})

    def save() -> HttpResponse:
        keys = {name: form.cleaned_data[name] for name in ("key", "edition")}
        goal = write_goal(
            enrolment=enrolment, plan=form.plan(), today=today, by=request.membership, now=request.now, **keys
        )
        return go(request, reverse("goal", args=[goal.pk]))

    return form_page(request, form, save, "goals/leader_goals/goal_new.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_wording(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    goal = own_goal(request, pk)
    ensure_draft(goal)
    enrolment = goal.enrolment
    if request.method == "POST":
        lock(goal)
    today = date_at(enrolment, request.now)
    form = GoalForm(posted(request), enrolment=enrolment, today=today, goal=goal)
    context = {**_context(enrolment, form, plan_of(goal)), "goal": goal, "draft": f"goal:{goal.pk}"}
    if _only_checks(request):
        return render(request, "goals/leader_goals/goal_wording.html", {**context, "form": form})

    def save() -> HttpResponse:
        rewrite_goal(goal=goal, plan=form.plan(), today=today, by=request.membership, expected_revision=form.revision)
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return go(request, reverse("goal", args=[pk]))

    return form_page(request, form, save, "goals/leader_goals/goal_wording.html", context)


@allow(Permission.WALK)
@require_POST
def goal_checking(request: MemberRequest) -> HttpResponse:
    """Say how SMART it is so far, while it is typed. Saves nothing."""
    enrolment = ensure_enrolment(request.membership)
    form = GoalForm(request.POST, enrolment=enrolment, today=date_at(enrolment, request.now))
    return render(request, "goals/leader_goals/_checked.html", _checked(_typed(form), form.today))


@allow(Permission.WALK)
@require_POST
def goal_deleting(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a draft that nobody else has seen."""
    delete_draft(goal=own_goal(request, pk), by=request.membership)
    messages.success(request, _("The draft is deleted."))
    return redirect("goals")


def _only_checks(request: MemberRequest) -> bool:
    """The button of a browser without JavaScript: help first, save later."""
    return request.method == "POST" and "check" in request.POST


def _context(enrolment: Enrolment, form: GoalForm, shown: GoalPlan) -> dict[str, Any]:
    """`shown` is what an untouched form says."""
    plan = _typed(form) if form.is_bound else shown
    return {"readers": readers_of_draft(enrolment), **_checked(plan, form.today)}


def _typed(form: GoalForm) -> GoalPlan:
    """What the form says, whatever is wrong with the rest of it."""
    form.full_clean()
    return form.plan()


def _checked(plan: GoalPlan, today: date) -> dict[str, Any]:
    """The letters and the steps of a plan."""
    return {"letters": letters(check(aim_of(plan), today=today)), **_steps(plan)}


def _steps(plan: GoalPlan) -> dict[str, Any]:
    """The steps once there is something to show; `steps_open` when some of them are the leader's own."""
    ideas = suggested_bounds(plan)
    is_own = any(rung.words or rung.bound not in {None, ideas.get(rung.score)} for rung in plan.rungs)
    in_words = plan.direction == Direction.STEPS
    shown = {"steps_open": is_own or in_words, "in_words": in_words}
    try:
        steps = ladder(with_scale(plan))
        return {**shown, "ladder": steps if says_something(steps) else []}
    except Invalid as refusal:
        return {**shown, "ladder": [], "out_of_order": refusal.sentence}
