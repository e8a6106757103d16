"""Ask for agreement, take the question back, agree or send back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.current import date_at
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.leader_goals.actions.agreeing import agree_goal, propose_goal, send_back_goal, withdraw_goal
from goals.leader_goals.forms.goal import ReplyForm, SeenForm
from goals.leader_goals.readers import readers_of_reply
from goals.leader_goals.views.goal import goal_context
from goals.leader_goals.views.reach import own_goal, visible_goal


@allow(Permission.WALK)
@require_POST
def goal_proposal(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the sponsor to agree, with Undo."""
    goal = own_goal(request, pk)
    propose_goal(goal=goal, today=date_at(goal.enrolment, request.now), by=request.membership, now=request.now)
    sponsor = goal.enrolment.sponsor
    sentence = _("%(sponsor)s is asked to agree.") % {"sponsor": sponsor.name if sponsor else ""}
    messages.success(request, sentence, extra_tags=reverse("goal_withdrawal", args=[pk]))
    return redirect("goal", pk=pk)


@allow(Permission.WALK)
@require_POST
def goal_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the question back."""
    goal = own_goal(request, pk)
    withdraw_goal(goal=goal, today=date_at(goal.enrolment, request.now), by=request.membership, now=request.now)
    return redirect("goal", pk=pk)


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Read a proposal before answering it. Sends it back with words; `goal_agreement` is the other answer."""
    goal = visible_goal(request, pk)
    context = goal_context(request, goal)
    if request.method != "POST" and (not context["may_answer"] or context["is_own"]):
        return redirect("goal", pk=pk)
    request.entry = "sponsor_home"
    form = ReplyForm(posted(request), initial={"seen": goal.revision})

    def save() -> HttpResponse:
        send_back_goal(
            goal=goal,
            words=form.cleaned_data["words"],
            today=context["today"],
            by=request.membership,
            now=request.now,
            expected_revision=form.cleaned_data["seen"],
        )
        words = {"leader": goal.enrolment.leader.name}
        messages.success(request, _("The goal is back with %(leader)s, with your words.") % words)
        return redirect("sponsor_home")

    context["readers"] = readers_of_reply(goal.enrolment)
    return form_page(request, form, save, "goals/leader_goals/goal_answer.html", context)


@allow(Permission.READ_PROGRESS)
@require_POST
def goal_agreement(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree to a goal: the sponsor, or a leader who has none."""
    goal = visible_goal(request, pk)
    form = SeenForm(request.POST)
    agree_goal(
        goal=goal,
        today=date_at(goal.enrolment, request.now),
        by=request.membership,
        now=request.now,
        expected_revision=form.cleaned_data["seen"] if form.is_valid() else None,
    )
    messages.success(request, _("Agreed. The scale is locked."))
    return redirect("goal", pk=pk)
