"""Write an objective, and change it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.models import Place, Team
from goals.objectives.actions.writing import change_objective, write_objective
from goals.objectives.connecting import take_tree_turns
from goals.objectives.forms.objective import NewObjectiveForm, ObjectiveForm
from goals.objectives.readers import readers_of
from goals.objectives.smart_help import letters_of
from goals.objectives.views.reach import kept_objective


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: MemberRequest) -> HttpResponse:
    """A new objective of the leader's own team."""
    team = Team.objects.filter(leader=request.membership).first()
    if team is None:
        return render(request, "goals/objectives/no_team.html")
    return _new(request, Place.TEAM, team)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_objective_new(request: MemberRequest) -> HttpResponse:
    return _new(request, Place.ORGANISATION, None)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def department_objective_new(request: MemberRequest) -> HttpResponse:
    return _new(request, Place.DEPARTMENT, None)


def _new(request: MemberRequest, place: Place, team: Team | None) -> HttpResponse:
    initial = {"parent": request.GET.get("parent"), "department": request.GET.get("department", "")}
    form = NewObjectiveForm(posted(request), place=place, team=team, today=request.today, initial=initial)

    def save() -> HttpResponse:
        keyed = {name: form.cleaned_data[name] for name in ("key", "edition")}
        objective = write_objective(
            place=place,
            team=team,
            facts=form.facts(),
            by=request.membership,
            today=request.today,
            now=request.now,
            **keyed,
        )
        return go(request, reverse("objective", args=[objective.pk]))

    context = {"place": place, "team": team, "draft": f"objective:{place}"}
    return _form_page(request, form, save, "goals/objectives/objective_new.html", context)


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Other words; while it is not agreed, another measure, too."""
    objective = kept_objective(request, pk)
    if request.method == "POST":
        take_tree_turns()
        lock(objective)
    form = ObjectiveForm(
        posted(request), place=objective.place, team=objective.team, today=request.today, objective=objective
    )

    def save() -> HttpResponse:
        change_objective(
            objective=objective,
            facts=form.facts(),
            by=request.membership,
            today=request.today,
            now=request.now,
            expected_revision=form.revision,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("objective", pk=pk)

    context = {"objective": objective, "place": objective.place}
    return _form_page(request, form, save, "goals/objectives/objective_change.html", context)


@allow(Permission.READ_PROGRAMME)
@require_POST
def objective_smart(request: MemberRequest, place: str) -> HttpResponse:
    """How SMART it is while somebody types; nothing is saved."""
    if place not in Place.values:
        raise Http404
    team = Team.objects.filter(leader=request.membership).first()
    form = ObjectiveForm(request.POST, place=place, team=team, today=request.today)
    return render(request, "goals/objectives/_smart.html", {"letters": letters_of(form, request.today)})


def _form_page(
    request: MemberRequest,
    form: ObjectiveForm,
    save: Callable[[], HttpResponse],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The page with its letters. `check` is the button of a browser without JavaScript: help first, save later."""
    context |= {"readers": readers_of(form.place), "letters": letters_of(form, request.today)}
    if request.method == "POST" and "check" in request.POST:
        return render(request, template, {"form": form, **context})
    return form_page(request, form, save, template, context)
