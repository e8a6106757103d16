"""Drafts of curricula as a whole: begun, copied, discarded, published."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.curriculum.actions.drafts import copy_curriculum, discard_draft, start_draft
from cohorts.curriculum.forms.copy import CopyForm
from cohorts.curriculum.forms.draft import DraftForm
from cohorts.models import CurriculumVersion
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.frames import asked_language
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow


def open_draft(request: MemberRequest, pk: int) -> CurriculumVersion:
    """The draft a page works on; who posts has it to themself until the answer. Raises NotNow when it is published."""
    versions = CurriculumVersion.objects.select_related("curriculum")
    if request.method == "POST":
        versions = versions.select_for_update(of=("self",))
    draft = get_object_or_404(versions, pk=pk)
    if draft.is_published:
        raise NotNow(_("This version is published and never changes. Work on a new version instead."))
    return draft


def written_language(request: MemberRequest, draft: CurriculumVersion) -> str:
    """The language somebody writes in, among those the draft has."""
    asked = asked_language(request)
    return asked if asked in draft.languages else draft.languages[0]


def about_draft(request: MemberRequest, draft: CurriculumVersion) -> dict[str, object]:
    """What every page of a draft shows of it, besides its own."""
    return {
        "draft": draft,
        "title": draft.title_in(page_language()),
        "language": written_language(request, draft),
    }


def tell_saved(request: MemberRequest, form: DraftForm) -> None:
    if form.took_over:
        messages.success(request, SAVED_TOGETHER)
    else:
        messages.success(request, _("Saved in the draft. Only admins see it."))


@allow(Permission.RUN_COHORTS)
@require_POST
def draft_new(request: MemberRequest, pk: int) -> HttpResponse:
    """The next version of a curriculum to work on; the one there is already, when there is one."""
    version = get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)
    draft = version.curriculum.versions.filter(published_at=None).first()
    if draft is None:
        draft = start_draft(version=version, by=request.membership, now=request.now)
        said = _("Draft of version %(number)d started. Only admins see it until you publish it.")
        messages.success(request, said % {"number": draft.number})
    return redirect("curriculum", draft.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def curriculum_copy(request: MemberRequest, pk: int) -> HttpResponse:
    """A curriculum of one's own that begins as this one."""
    version = get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)
    form = CopyForm(posted(request), version=version)

    def save() -> HttpResponse:
        draft = copy_curriculum(
            version=version,
            slug=form.cleaned_data["slug"],
            titles=form.titles(),
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _("Copied as a draft. Only admins see it until you publish it."))
        return redirect("curriculum", draft.pk)

    context = {"version": version, "title": version.title_in(page_language())}
    return form_page(request, form, save, "cohorts/drafts/copy.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request: MemberRequest, pk: int) -> HttpResponse:
    """Asks first: what is thrown away is gone."""
    draft = open_draft(request, pk)
    if request.method == "POST":
        discard_draft(version=draft, by=request.membership, now=request.now)
        messages.success(request, _("Draft discarded."))
        return redirect("curriculum_list")
    context = {"draft": draft, "title": draft.title_in(page_language())}
    return render(request, "cohorts/drafts/discard.html", context)
