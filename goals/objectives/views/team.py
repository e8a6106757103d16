"""What the members of a team do for an objective, and what they said about it. For the leader alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.models import TeamMember
from goals.objectives.actions.taking_part import ensure_knows_team, hold_team, note_voice, save_parts
from goals.objectives.forms.steps import NoteVoiceForm, PartsForm
from goals.objectives.readers import readers_of_parts, readers_of_words
from goals.objectives.views.reach import seen_objective


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_parts(request: MemberRequest, pk: int) -> HttpResponse:
    """Each member's part."""
    objective = seen_objective(request, pk)
    ensure_knows_team(request.membership, objective)
    if request.method == "POST":
        hold_team(objective)
        lock(objective)
    members = list(TeamMember.objects.filter(team=objective.team))
    parts = dict(objective.parts.values_list("member", "text"))
    form = PartsForm(posted(request), members=members, parts=parts, revision=objective.revision)

    def save() -> HttpResponse:
        save_parts(
            objective=objective,
            parts=form.parts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("objective", pk=pk)

    context = {"objective": objective, "readers": readers_of_parts(), "has_members": bool(members)}
    return form_page(request, form, save, "goals/objectives/objective_parts.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def objective_voice_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Note what a member said in a meeting."""
    objective = seen_objective(request, pk)
    ensure_knows_team(request.membership, objective)
    form = NoteVoiceForm(posted(request), objective=objective, initial={"member": request.GET.get("member")})

    def save() -> HttpResponse:
        voice = note_voice(objective=objective, by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, _("Noted what %(name)s said.") % {"name": voice.member.name})
        return redirect("objective", pk=pk)

    context = {"objective": objective, "readers": readers_of_words()}
    return form_page(request, form, save, "goals/objectives/objective_voice_new.html", context)
