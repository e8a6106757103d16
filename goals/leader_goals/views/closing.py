"""The end of a goal: close it with its last figure, reopen it, score it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.current import date_at
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from goals.leader_goals.actions.closing import close_goal, reopen_goal, score_goal
from goals.leader_goals.forms.live import ScoreForm, check_in_form
from goals.leader_goals.history import newest_check_in, step_of
from goals.leader_goals.ladder import SIGNS
from goals.leader_goals.policies import may_score
from goals.leader_goals.readers import readers_of_line
from goals.leader_goals.review_figures import last_figure
from goals.leader_goals.views.reach import own_goal, visible_goal


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """Close a goal with its last figure."""
    goal = own_goal(request, pk)
    today = date_at(goal.enrolment, request.now)
    form = check_in_form(goal, today, posted(request), said=newest_check_in(goal))

    def save() -> HttpResponse:
        close_goal(goal=goal, today=today, by=request.membership, now=request.now, **form.words())
        sponsor = goal.enrolment.sponsor
        words = _("Closed. %(sponsor)s scores it now.") % {"sponsor": sponsor.first_name} if sponsor else _("Closed.")
        messages.success(request, words, extra_tags=reverse("goal_reopening", args=[pk]))
        return go(request, reverse("goal", args=[pk]))

    context = {"goal": goal, "line_readers": readers_of_line(goal.enrolment)}
    return form_page(request, form, save, "goals/leader_goals/goal_closing.html", context)


@allow(Permission.WALK)
@require_POST
def goal_reopening(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo a closing."""
    goal = own_goal(request, pk)
    reopen_goal(goal=goal, today=date_at(goal.enrolment, request.now), by=request.membership, now=request.now)
    return redirect("goal", pk=pk)


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_score(request: MemberRequest, pk: int) -> HttpResponse:
    """The sponsor says which step a closed goal has reached. A leader without a sponsor says it alone."""
    goal = visible_goal(request, pk)
    newest = newest_check_in(goal)
    reached = goal.score if goal.score is not None or newest is None else step_of(goal, newest)
    form = ScoreForm(posted(request), goal=goal, initial={"score": reached})

    def save() -> HttpResponse:
        today = date_at(goal.enrolment, request.now)
        score_goal(goal=goal, today=today, by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, _("Scored %(step)s.") % {"step": SIGNS[form.cleaned_data["score"]]})
        return redirect("goal", pk=pk)

    if goal.enrolment.leader_id != request.membership.pk:
        request.entry = "sponsor_home"
    context = {
        "goal": goal,
        "may_score": may_score(request.membership, goal),
        "last_figure": last_figure(goal),
    }
    return form_page(request, form, save, "goals/leader_goals/goal_score.html", context)
