"""Before a draft is published: what it changes, what is in the way, what will be missed."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.curriculum.actions.drafts import publish
from cohorts.curriculum.change_words import contents_in_words
from cohorts.curriculum.changes import changes_between, lines_of
from cohorts.curriculum.check import Check, check_of
from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.views.drafts import open_draft
from cohorts.curriculum.views.places import Place, Places, obstacles_of
from cohorts.models import Cohort, CurriculumVersion
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission


@dataclass(frozen=True, slots=True)
class Gap:
    """What one language lacks, and how many people read it."""

    language: str
    people: int
    places: list[Place]


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_publishing(request: MemberRequest, pk: int) -> HttpResponse:
    """Says everything first; posted, the draft is published. From then on it says which cohorts could move to it."""
    language = page_language()
    if request.method == "POST":
        publish(version=open_draft(request, pk), by=request.membership, now=request.now)
        return redirect("draft_publishing", pk)
    draft = get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)
    if draft.is_published:
        older = Cohort.objects.filter(version__curriculum=draft.curriculum_id, version__number__lt=draft.number)
        context = {"version": draft, "title": draft.title_in(language), "cohorts": older.select_related("version")}
        return render(request, "cohorts/drafts/published.html", context)
    before = _version_before(draft)
    prefetch_related_objects([each for each in (draft, before) if each], "steps", "sponsor_weeks", "milestones")
    check, places = check_of(draft), Places(draft)
    gaps = _gaps(check, places)
    context = {
        "draft": draft,
        "title": draft.title_in(language),
        "is_ready": check.is_ready,
        "obstacles": obstacles_of(check.findings, places),
        "blocking": [gap for gap in gaps if gap.people],
        "gaps": [gap for gap in gaps if not gap.people],
        **_changes(before, draft, language),
    }
    return render(request, "cohorts/drafts/publishing.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def draft_findings(request: MemberRequest, pk: int) -> HttpResponse:
    """For a row of the list, which asks once it is shown: to check many drafts takes seconds."""
    check = check_of(draft := open_draft(request, pk))
    context = {"draft": draft, "count": len(check.findings), "is_ready": check.is_ready}
    return render(request, "cohorts/drafts/_finding_count.html", context)


def _gaps(check: Check, places: Places) -> list[Gap]:
    return [
        Gap(language_name(language), check.used.get(language, 0), list(dict.fromkeys(map(places.named, missing))))
        for language, missing in check.missing.items()
        if missing
    ]


def _version_before(draft: CurriculumVersion) -> CurriculumVersion | None:
    """The newest published one; none for the first of a curriculum."""
    published = CurriculumVersion.objects.filter(curriculum=draft.curriculum_id, published_at__isnull=False)
    return published.select_related("curriculum").order_by("-number").first()


def _changes(before: CurriculumVersion | None, draft: CurriculumVersion, language: str) -> dict[str, object]:
    """What is different from the version before."""
    if before is None:
        return {}
    changes = changes_between(content_of(before), content_of(draft))
    return {
        "before": before,
        "steps": lines_of(changes.steps, language),
        "milestones": lines_of(changes.milestones, language),
        "weeks": changes.weeks,
        "contents": contents_in_words(changes),
    }
