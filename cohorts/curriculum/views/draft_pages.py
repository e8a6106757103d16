"""The sponsor's brief and the agendas of the circles, written part by part."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.curriculum.actions.pages import add_agenda, change_agenda, change_brief, remove_agenda
from cohorts.curriculum.forms.pages import CircleAgendaForm, PageForm, SponsorBriefForm
from cohorts.curriculum.page_parts import Part, moved
from cohorts.curriculum.views.drafts import about_draft, open_draft, tell_saved, written_language
from cohorts.curriculum.views.places import findings_on
from cohorts.models import CurriculumVersion
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

ADD, EARLIER, LATER = "add", "earlier-", "later-"
NEW_KEY_CHARACTERS = 8
NEW_PART_MINUTES = 5


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_brief(request: MemberRequest, pk: int) -> HttpResponse:
    """The page a sponsor reads before day 1."""
    draft = open_draft(request, pk)
    form = SponsorBriefForm(posted(request), version=draft)

    def save() -> HttpResponse:
        change_brief(
            version=draft,
            minutes=form.cleaned_data["minutes"],
            sources=form.chosen_sources(),
            text=form.texts(),
            parts=_parts_to_save(request, form),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        return _saved(request, draft, form, reverse("draft_brief", args=[draft.pk]))

    context = _about(request, draft) | {"findings": findings_on(draft, "brief")}
    return form_page(request, form, save, "cohorts/drafts/brief.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_agenda(request: MemberRequest, pk: int, event: str) -> HttpResponse:
    """The agenda of one circle meeting."""
    draft = open_draft(request, pk)
    meeting = _meeting(draft, event)
    form = CircleAgendaForm(posted(request), version=draft, meeting=meeting)

    def save() -> HttpResponse:
        change_agenda(
            version=draft,
            milestone=event,
            sources=form.chosen_sources(),
            text=form.texts(),
            parts=_parts_to_save(request, form),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        return _saved(request, draft, form, reverse("draft_agenda", args=[draft.pk, event]))

    context = _about(request, draft) | {"meeting": meeting, "findings": findings_on(draft, "agenda", event)}
    return form_page(request, form, save, "cohorts/drafts/agenda.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def draft_agenda_new(request: MemberRequest, pk: int, event: str) -> HttpResponse:
    """Begin the agenda of a circle meeting that has none."""
    draft = open_draft(request, pk)
    milestone = get_object_or_404(draft.milestones, key=event)
    add_agenda(version=draft, milestone=milestone, by=request.membership, now=request.now)
    return redirect("draft_agenda", draft.pk, event)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_agenda_removal(request: MemberRequest, pk: int, event: str) -> HttpResponse:
    """Asks first: its words are gone with it."""
    draft = open_draft(request, pk)
    meeting = _meeting(draft, event)
    if request.method == "POST":
        remove_agenda(version=draft, milestone=event, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("curriculum_milestones", draft.pk)
    context = _about(request, draft) | {"meeting": meeting}
    return render(request, "cohorts/drafts/agenda_removal.html", context)


def _meeting(draft: CurriculumVersion, event: str) -> dict[str, Any]:
    for meeting in draft.circle:
        if meeting["milestone"] == event:
            return dict(meeting)
    raise Http404


def _about(request: MemberRequest, draft: CurriculumVersion) -> dict[str, Any]:
    return about_draft(request, draft) | {"new_part": request.GET.get("part", "")}


def _parts_to_save(request: MemberRequest, form: PageForm) -> list[Part]:
    """The parts as typed; the button that was pressed may move one or add one at the end."""
    parts, asked = form.written_parts(), request.POST.get("do", "")
    if asked == ADD:
        minutes = NEW_PART_MINUTES if form.HAS_MINUTES else 0
        return [*parts, Part(get_random_string(NEW_KEY_CHARACTERS).lower(), {}, minutes)]
    for way in (EARLIER, LATER):
        if asked.startswith(way):
            return moved(parts, asked.removeprefix(way), is_later=way == LATER)
    return parts


def _saved(request: MemberRequest, draft: CurriculumVersion, form: PageForm, address: str) -> HttpResponse:
    tell_saved(request, form)
    added = "&part=new" if request.POST.get("do") == ADD else ""
    return redirect(f"{address}?language={written_language(request, draft)}{added}")
