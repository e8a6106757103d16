"""The curricula of an organisation, read as a person would: by week, by theme, by behaviour, one step, as the mail."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.content import NO_STUDY
from cohorts.curriculum.reading import WAYS, chapters_of, line_of, rows_of, starters_of
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.sources import source_lines, used_sources
from cohorts.models import Cohort, Curriculum, CurriculumVersion, Milestone, Step
from cohorts.models.cohort import Cadence
from cohorts.models.curriculum import first_available, in_language
from cohorts.nudges.mail import Preview, preview
from cohorts.schedule.cohort_header import Tab
from cohorts.web.frames import asked_language, framed
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

PAGE = 20


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_list(request: MemberRequest) -> HttpResponse:
    """Each curriculum with its versions, newest first, and who walks which."""
    cohorts = Prefetch("cohorts", Cohort.objects.only("name", "version", "organisation"))
    light = CurriculumVersion.objects.only(
        "number", "published_at", "changed_at", "title", "curriculum", "organisation"
    )
    versions = Prefetch("versions", light.order_by("-number").prefetch_related(cohorts))
    curricula = Curriculum.objects.filter(versions__isnull=False).distinct().prefetch_related(versions).order_by("slug")
    page = Paginator(curricula, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "cards": [_card(curriculum) for curriculum in page]}
    return render(request, "cohorts/curricula/curriculum_list.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum(request: MemberRequest, pk: int) -> HttpResponse:
    """The ninety days of one version."""
    version = _version(pk)
    language, by = asked_language(request), request.GET.get("by", "")
    by = by if by in WAYS else WAYS[0]
    rows = rows_of(version)
    content = content_of(version)
    context = _tabbed(version, language, "curriculum") | {
        "by": by,
        "chapters": chapters_of(rows, by, language),
        "missing": [(name, len(content.missing(code))) for code, name in _languages(version)],
    }
    return render(request, "cohorts/curricula/curriculum.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_milestones(request: MemberRequest, pk: int) -> HttpResponse:
    """The live events on their days, and what the circles meet about."""
    version = _version(pk)
    language = asked_language(request)
    events = [(each, each.in_language(language)) for each in version.milestones.all()]
    have_agenda = {meeting["milestone"] for meeting in version.circle}
    context = _tabbed(version, language, "curriculum_milestones") | {
        "events": events,
        "without_agenda": [
            (each, text) for each, text in events if each.kind == Milestone.Kind.CIRCLE and each.key not in have_agenda
        ],
        "meetings": [
            (meeting, *in_language(meeting["texts"], language), source_lines(version, meeting["sources"], language))
            for meeting in version.circle
        ],
    }
    return render(request, "cohorts/curricula/curriculum_milestones.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_brief(request: MemberRequest, pk: int) -> HttpResponse:
    """The page a sponsor reads before day 1."""
    version = _version(pk)
    language = asked_language(request)
    text, used = in_language(version.brief, language)
    context = _tabbed(version, language, "curriculum_brief") | {
        "text": text,
        "used": used,
        "sources": source_lines(version, version.brief_sources, language),
    }
    return render(request, "cohorts/curricula/curriculum_brief.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_starters(request: MemberRequest, pk: int) -> HttpResponse:
    """The plans a leader may begin a focus from, by behaviour."""
    version = _version(pk)
    language = asked_language(request)
    written = {behaviour: starters_of(version, behaviour, language) for behaviour in Behaviour}
    shown = {behaviour: plans for behaviour, plans in written.items() if plans or not version.is_published}
    context = _tabbed(version, language, "curriculum_starters") | {
        "behaviours": [
            (behaviour, [(each, plans.get(each)) for each in Situation if each in plans or not version.is_published])
            for behaviour, plans in shown.items()
        ]
    }
    return render(request, "cohorts/curricula/curriculum_starters.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_themes(request: MemberRequest, pk: int) -> HttpResponse:
    """The themes in the order in which the steps take them up, and how many do."""
    version = _version(pk)
    language = asked_language(request)
    counts = Counter(version.steps.values_list("theme", flat=True))
    themes = [*(theme for theme in counts if theme in version.themes), *sorted(version.themes.keys() - counts.keys())]
    context = _tabbed(version, language, "curriculum_themes") | {
        "themes": [(theme, *first_available(version.themes[theme], language), counts[theme]) for theme in themes]
    }
    return render(request, "cohorts/curricula/curriculum_themes.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_sources(request: MemberRequest, pk: int) -> HttpResponse:
    """What the texts rest on, by author, and how many rest on each."""
    version = _version(pk)
    language = asked_language(request)
    counts = used_sources(version)
    rows = zip(version.sources, source_lines(version, version.sources, language), strict=True)
    by_citation = sorted(rows, key=lambda row: row[1].citation.casefold())
    context = _tabbed(version, language, "curriculum_sources") | {
        "rows": [(key, line, counts[key]) for key, line in by_citation],
        "without_study": counts[NO_STUDY],
    }
    return render(request, "cohorts/curricula/curriculum_sources.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_step(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """One step in every language, as Today shows it and as the mail."""
    version, step = _load(pk, step_pk)
    language = asked_language(request)
    steps = list(version.steps.values_list("pk", flat=True))
    at = steps.index(step.pk)
    context = _about(version, language) | {
        "line": line_of(version, step, language),
        "texts": [(code, name, step.text.get(code)) for code, name in _languages(version)],
        "sources": source_lines(version, [step.source], language),
        "dial": Cadence(step.cadence).label,
        "subject": _preview(request, step).subject,
        "earlier": steps[at - 1] if at else None,
        "later": steps[at + 1] if at + 1 < len(steps) else None,
    }
    return render(request, "cohorts/curricula/curriculum_step.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_step_html(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    _version, step = _load(pk, step_pk)
    return framed(_preview(request, step).html)


def _card(curriculum: Curriculum) -> dict[str, Any]:
    versions = list(curriculum.versions.all())
    draft = next((version for version in versions if not version.is_published), None)
    newest = next((version for version in versions if version.is_published), draft)
    title = versions[0].title_in(page_language())
    return {"curriculum": curriculum, "title": title, "versions": versions, "draft": draft, "newest": newest}


def _version(pk: int) -> CurriculumVersion:
    return get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)


def _load(pk: int, step_pk: int) -> tuple[CurriculumVersion, Step]:
    version = _version(pk)
    return version, get_object_or_404(Step, pk=step_pk, version=version)


def _about(version: CurriculumVersion, language: str) -> dict[str, Any]:
    """What every page about a version says at its top."""
    return {
        "version": version,
        "title": version.title_in(language),
        "language": language,
        "languages": settings.LANGUAGES,
    }


def _tabbed(version: CurriculumVersion, language: str, current: str) -> dict[str, Any]:
    """The same with a tab for each page of the version."""
    pages = {
        "curriculum": _("Days"),
        "curriculum_milestones": _("Live events"),
        "curriculum_brief": _("Brief"),
        "curriculum_starters": _("Plans"),
        "curriculum_themes": _("Themes"),
        "curriculum_sources": _("Sources"),
    }
    tabs = [
        Tab(f"{reverse(name, args=[version.pk])}?language={language}", label, name == current)
        for name, label in pages.items()
    ]
    return _about(version, language) | {"tabs": tabs}


def _languages(version: CurriculumVersion) -> list[tuple[str, str]]:
    return [(code, name) for code, name in settings.LANGUAGES if code in version.languages]


def _preview(request: MemberRequest, step: Step) -> Preview:
    return preview(
        step=step,
        membership=request.membership,
        language=asked_language(request),
        on=request.today,
        organisation=request.organisation,
        now=request.now,
    )
