"""One objective, and what its keeper does with it."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.web.forms import beside_its_field, form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.models import Objective
from goals.objectives.actions.agreeing import agree_objective, gap_words, hide_from_team, show_to_team
from goals.objectives.actions.ending import close_objective, let_go_objective, take_up_objective
from goals.objectives.actions.progress import enter_reading, mark_milestone
from goals.objectives.forms.steps import LetGoObjectiveForm, ReadingForm
from goals.objectives.objective_page import page_of
from goals.objectives.readers import readers_of
from goals.objectives.views.reach import kept_objective, seen_objective


@allow(Permission.READ_PROGRAMME)
@require_safe
def objective(request: MemberRequest, pk: int) -> HttpResponse:
    """Where it stands, what it serves, and for the leader who takes part."""
    return _page(request, seen_objective(request, pk), ReadingForm(today=request.today))


def _page(request: MemberRequest, objective: Objective, form: BaseForm) -> HttpResponse:
    page = page_of(objective, request.membership, request.today)
    context = {"page": page, "objective": objective, "form": form, "gaps": [gap_words(each) for each in page.missing]}
    status = 422 if form.is_bound else 200
    return render(request, "goals/objectives/objective.html", context, status=status)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_reading(request: MemberRequest, pk: int) -> HttpResponse:
    """Enter where it stands."""
    objective = kept_objective(request, pk)
    form = ReadingForm(request.POST, today=request.today)
    with beside_its_field(form):
        if form.is_valid():
            enter_reading(
                objective=objective, by=request.membership, today=request.today, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("objective", pk=pk)
    return _page(request, objective, form)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_milestone(request: MemberRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Tick a milestone, or take the tick away."""
    objective = kept_objective(request, pk)
    milestone = get_object_or_404(objective.milestones.select_related("objective__team"), pk=milestone_pk)
    mark_milestone(
        milestone=milestone,
        is_done=request.POST.get("is_done") == "yes",
        by=request.membership,
        today=request.today,
        now=request.now,
    )
    return redirect("objective", pk=pk)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_showing(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the team see a draft."""
    show_to_team(objective=kept_objective(request, pk), by=request.membership, now=request.now)
    undo = reverse("objective_hiding", args=[pk])
    messages.success(request, _("Your team sees it by its link, and your sponsor here."), extra_tags=undo)
    return redirect("objective", pk=pk)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_hiding(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo of showing."""
    hide_from_team(objective=kept_objective(request, pk), by=request.membership, now=request.now)
    return redirect("objective", pk=pk)


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_agreeing(request: MemberRequest, pk: int) -> HttpResponse:
    """What is about to be frozen, who took part, what is missing; then agree. It cannot be undone."""
    objective = kept_objective(request, pk)
    if request.method == "POST":
        agree_objective(objective=objective, by=request.membership, today=request.today, now=request.now)
        messages.success(request, _("Agreed."))
        return redirect("objective", pk=pk)
    page = page_of(objective, request.membership, request.today)
    context = {"page": page, "objective": objective, "gaps": [gap_words(each) for each in page.missing]}
    return render(request, "goals/objectives/objective_agreeing.html", context)


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_letting_go(request: MemberRequest, pk: int) -> HttpResponse:
    """Drop it on purpose, with a reason and a date."""
    objective = kept_objective(request, pk)
    form = LetGoObjectiveForm(posted(request), objective=objective, today=request.today)

    def save() -> HttpResponse:
        let_go_objective(
            objective=objective, by=request.membership, today=request.today, now=request.now, **form.cleaned_data
        )
        messages.success(request, _("Let go."), extra_tags=reverse("objective_taking_up", args=[pk]))
        return redirect("objective", pk=pk)

    context = {"objective": objective, "readers": readers_of(objective.place)}
    return form_page(request, form, save, "goals/objectives/objective_letting_go.html", context)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """Close an agreed objective, with Undo."""
    objective = kept_objective(request, pk)
    close_objective(objective=objective, by=request.membership, today=request.today, now=request.now)
    messages.success(request, _("Closed."), extra_tags=reverse("objective_taking_up", args=[pk]))
    return redirect("objective", pk=pk)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_taking_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with one that was let go or closed."""
    take_up_objective(objective=kept_objective(request, pk), by=request.membership, now=request.now)
    return redirect("objective", pk=pk)
