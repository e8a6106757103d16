"""A goal under way: check in, hold the review, change it, let it go and take it up again."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.current import date_at, take_turns
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.leader_goals.actions.changing import change_goal, let_goal_go, take_goal_up
from goals.leader_goals.actions.check_ins import check_in, take_back_check_in
from goals.leader_goals.actions.reviews import keep_goal, open_review, take_back_review
from goals.leader_goals.forms.change import ChangeForm
from goals.leader_goals.forms.live import KeepForm, LetGoForm, check_in_form
from goals.leader_goals.goal_chart import reading
from goals.leader_goals.policies import ensure_may_keep_goal
from goals.leader_goals.readers import readers_of_change, readers_of_line, readers_of_reason
from goals.leader_goals.review_figures import review_figures
from goals.leader_goals.views.reach import own_goal, told_goal
from goals.models import CheckIn, Goal, GoalReview


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_check_in(request: MemberRequest, pk: int) -> HttpResponse:
    """Check in: a figure or a step, and a line."""
    goal = own_goal(request, pk)
    today = date_at(goal.enrolment, request.now)
    said = goal.check_ins.filter(on=today).first()
    form = check_in_form(goal, today, posted(request), said=said)

    def save() -> HttpResponse:
        before = goal.check_ins.filter(on=form.cleaned_data["on"]).first()
        entry = check_in(goal=goal, today=today, by=request.membership, now=request.now, **form.words())
        if before is None:
            undo = reverse("goal_check_in_undoing", args=[entry.pk])
            messages.success(request, _("%(figure)s is noted.") % {"figure": reading(goal, entry)}, extra_tags=undo)
        else:
            words = {"new": reading(goal, entry), "old": reading(goal, before)}
            messages.success(request, _("%(new)s is noted, instead of %(old)s.") % words)
        return go(request, reverse("goal", args=[pk]))

    context = {"goal": goal, "check_in": form, "line_readers": readers_of_line(goal.enrolment)}
    page = "goals/leader_goals/_check_in.html" if request.htmx else "goals/leader_goals/goal_check_in.html"
    return form_page(request, form, save, page, context)


@allow(Permission.WALK)
@require_POST
def goal_check_in_undoing(request: MemberRequest, check_in_pk: int) -> HttpResponse:
    """Undo a check-in."""
    mine = CheckIn.objects.filter(goal__enrolment__leader=request.membership).select_related("goal__enrolment")
    entry = get_object_or_404(mine, pk=check_in_pk)
    take_back_check_in(entry=entry, today=date_at(entry.goal.enrolment, request.now), by=request.membership)
    return redirect("goal", pk=entry.goal_id)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_review(request: MemberRequest, pk: int) -> HttpResponse:
    """The two-week review: keep the goal, or go on to change it or let it go."""
    goal = told_goal(request, pk)
    ensure_may_keep_goal(request.membership, goal)
    today = date_at(goal.enrolment, request.now)
    due_on = open_review(goal, today)
    form = KeepForm(posted(request), initial={"due_on": due_on}, auto_id="review_%s")

    def save() -> HttpResponse:
        review = keep_goal(goal=goal, today=today, by=request.membership, now=request.now, **form.cleaned_data)
        undo = reverse("goal_review_undoing", args=[review.pk])
        messages.success(request, _kept_words(goal), extra_tags=undo)
        return go(request, reverse("goal", args=[pk]))

    context = {
        "goal": goal,
        "review": form,
        "review_on": due_on,
        "review_figures": review_figures(goal, today),
        "line_readers": readers_of_line(goal.enrolment),
    }
    page = "goals/leader_goals/_review_form.html" if request.htmx else "goals/leader_goals/goal_review.html"
    return form_page(request, form, save, page, context)


@allow(Permission.WALK)
@require_POST
def goal_review_undoing(request: MemberRequest, review_pk: int) -> HttpResponse:
    """Undo a review that kept the goal: it is due again."""
    mine = GoalReview.objects.filter(goal__enrolment__leader=request.membership).select_related("goal__enrolment")
    review = get_object_or_404(mine, pk=review_pk)
    take_back_review(review=review, today=date_at(review.goal.enrolment, request.now), by=request.membership)
    return redirect("goal", pk=review.goal_id)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Change what may change after a goal was agreed."""
    goal = own_goal(request, pk)
    if request.method == "POST":
        take_turns(goal.enrolment)
        lock(goal)
    today = date_at(goal.enrolment, request.now)
    form = ChangeForm(posted(request), goal=goal, today=today)

    def save() -> HttpResponse:
        is_changed = change_goal(
            goal=goal,
            change=form.change(),
            today=today,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        elif is_changed:
            messages.success(request, _("Changed. The story keeps what it was."))
        else:
            messages.info(request, _("Nothing was changed. Choose Keep if the goal stays as it is."))
        return redirect("goal", pk=pk)

    context = {"goal": goal, "readers": readers_of_change(goal.enrolment), "review_on": open_review(goal, today)}
    return form_page(request, form, save, "goals/leader_goals/goal_change.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_letting_go(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a goal go, with a reason."""
    goal = own_goal(request, pk)
    form = LetGoForm(posted(request))

    def save() -> HttpResponse:
        let_goal_go(goal=goal, today=_today(request, goal), by=request.membership, now=request.now, **form.cleaned_data)
        undo = reverse("goal_return", args=[pk])
        messages.success(request, _("Let go, with your reason. You can take it up again."), extra_tags=undo)
        return redirect("goal", pk=pk)

    context = {"goal": goal, "readers": readers_of_reason(goal)}
    return form_page(request, form, save, "goals/leader_goals/goal_letting_go.html", context)


@allow(Permission.WALK)
@require_POST
def goal_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Take up a goal that was let go."""
    goal = own_goal(request, pk)
    take_goal_up(goal=goal, today=_today(request, goal), by=request.membership, now=request.now)
    return redirect("goal", pk=pk)


def _today(request: MemberRequest, goal: Goal) -> date:
    return date_at(goal.enrolment, request.now)


def _kept_words(goal: Goal) -> str:
    sponsor = goal.enrolment.sponsor
    if sponsor is None:
        return _("Kept. The review is held.")
    return _("Kept. %(sponsor)s sees that the review was held.") % {"sponsor": sponsor.first_name}
