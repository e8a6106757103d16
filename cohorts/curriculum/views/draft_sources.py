"""The sources of a draft."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.curriculum.actions.pages import add_source, change_source, remove_source
from cohorts.curriculum.forms.source import SourceForm
from cohorts.curriculum.sources import source_of
from cohorts.curriculum.views.drafts import about_draft, open_draft, tell_saved
from cohorts.curriculum.views.places import Place, Places, findings_on
from cohorts.models import CurriculumVersion
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_source_new(request: MemberRequest, pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    form = SourceForm(posted(request), version=draft)

    def save() -> HttpResponse:
        add_source(version=draft, facts=form.source_facts(), text=form.texts(), by=request.membership, now=request.now)
        messages.success(request, _("Added. Texts can rest on it now."))
        return redirect("curriculum_sources", draft.pk)

    return form_page(request, form, save, "cohorts/drafts/source.html", about_draft(request, draft))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_source(request: MemberRequest, pk: int, source: str) -> HttpResponse:
    draft = _with_source(request, pk, source)
    form = SourceForm(posted(request), version=draft, source=source)

    def save() -> HttpResponse:
        change_source(
            version=draft,
            source=source,
            facts=form.source_facts(),
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect("curriculum_sources", draft.pk)

    context = about_draft(request, draft) | {"source": source, "findings": findings_on(draft, "source", source)}
    return form_page(request, form, save, "cohorts/drafts/source.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_source_removal(request: MemberRequest, pk: int, source: str) -> HttpResponse:
    """Asks first, or says what rests on it."""
    draft = _with_source(request, pk, source)
    if request.method == "POST":
        remove_source(version=draft, source=source, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("curriculum_sources", draft.pk)
    context = about_draft(request, draft) | {
        "name": source_of(draft.sources[source]).citation,
        "places": _resting_on(draft, source),
    }
    return render(request, "cohorts/drafts/source_removal.html", context)


def _resting_on(draft: CurriculumVersion, source: str) -> list[Place]:
    places = Places(draft)
    names = [f"day {step.day}" for step in draft.steps.all() if step.source == source]
    names += ["brief"] if source in draft.brief_sources else []
    names += [f"circle {meeting['month']}" for meeting in draft.circle if source in meeting["sources"]]
    return [places.named(name) for name in names]


def _with_source(request: MemberRequest, pk: int, source: str) -> CurriculumVersion:
    draft = open_draft(request, pk)
    if source not in draft.sources:
        raise Http404
    return draft
