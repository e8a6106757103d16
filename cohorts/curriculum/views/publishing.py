"""Before a draft is published: what it changes, what is in the way, what will be missed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.curriculum.actions.drafts import publish
from cohorts.curriculum.changes import changes_between, lines_of
from cohorts.curriculum.check import Check, Finding, check_of
from cohorts.curriculum.forms.milestone import DraftMilestoneForm
from cohorts.curriculum.forms.sponsor_week import SponsorWeekForm
from cohorts.curriculum.forms.step import StepForm
from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.problem_words import in_words
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.views.drafts import open_draft
from cohorts.models import Cohort, CurriculumVersion, Milestone, Step
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

NOT_WRITTEN = ("nothing", "''")
MAX_QUOTED_CHARACTERS = 120
INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """Where something is, and the page that mends it; without one, it is mended in the files."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way at one place."""

    place: FindingPlace
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """What one language lacks, and how many people read it."""

    language: str
    people: int
    places: list[FindingPlace]


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
        "obstacles": _obstacles(check.findings, places),
        "blocking": [gap for gap in gaps if gap.people],
        "gaps": [gap for gap in gaps if not gap.people],
        **_changes(before, draft, language),
    }
    return render(request, "cohorts/drafts/publishing.html", context)


class Places:
    """The places of a draft by what the check calls them."""

    def __init__(self, draft: CurriculumVersion) -> None:
        self._draft = draft
        self._language = page_language()
        self._steps = {step.key: step for step in draft.steps.all()}
        self._days = {str(step.day): step for step in draft.steps.all()}
        self._milestones = {milestone.key: milestone for milestone in draft.milestones.all()}

    def of_finding(self, finding: Finding) -> FindingPlace:
        if finding.step:
            return self._of_step(self._steps[finding.step.key])
        if finding.milestone:
            return self._of_milestone(self._milestones[finding.milestone.key])
        if finding.week:
            return self._of_week(finding.week)
        return FindingPlace(finding.problem.file)

    def named(self, name: str) -> FindingPlace:
        """The place that `Curriculum.missing` calls this."""
        kind, _space, key = name.partition(" ")
        if kind == "day":
            return self._of_step(self._days[key])
        if kind == "week":
            return self._of_week(int(key))
        if kind == "milestone":
            return self._of_milestone(self._milestones[key])
        others = {
            "title": _("Title of the curriculum"),
            "theme": _("Names of the themes"),
            "brief": _("The sponsor's brief"),
            "circle": _("Agendas of the circles"),
            "starter": _("Ready-made plans"),
        }
        return FindingPlace(others[kind])

    def _of_step(self, step: Step) -> FindingPlace:
        facts = {"day": step.day, "title": step.in_language(self._language).title or _("without a title")}
        return FindingPlace(_("Day %(day)d: %(title)s") % facts, reverse("draft_step", args=[self._draft.pk, step.pk]))

    def _of_milestone(self, milestone: Milestone) -> FindingPlace:
        title = milestone.in_language(self._language).title or milestone.get_kind_display()
        return FindingPlace(title, reverse("draft_milestone", args=[self._draft.pk, milestone.pk]))

    def _of_week(self, week: int) -> FindingPlace:
        return FindingPlace(
            _("Week %(week)d: theme and sponsor") % {"week": week}, reverse("draft_week", args=[self._draft.pk, week])
        )


def _gaps(check: Check, places: Places) -> list[Gap]:
    return [
        Gap(language_name(language), check.used.get(language, 0), list(dict.fromkeys(map(places.named, missing))))
        for language, missing in check.missing.items()
        if missing
    ]


def _obstacles(findings: Iterable[Finding], places: Places) -> list[Obstacle]:
    found: dict[FindingPlace, list[str]] = {}
    for finding in findings:
        found.setdefault(places.of_finding(finding), []).append(_sentence(finding.problem))
    return [Obstacle(place, sentences) for place, sentences in found.items()]


def _sentence(problem: Problem) -> str:
    """What is wrong, in the words of the form where it is mended."""
    *_before, part, field = ["", *INDEX.sub("", problem.field).split(".")]
    labels = {
        wording.name: wording.label
        for form in (DraftMilestoneForm, SponsorWeekForm, StepForm)
        for wording in form.WORDINGS
    }
    labels |= {name: str(each.label) for name, each in StepForm.base_fields.items()}
    label = str(labels.get(field, language_name(field)))
    where = f"{label} ({language_name(part)})" if language_name(part) != part else label
    if problem.found in NOT_WRITTEN:
        return _("%(where)s is not written yet.") % {"where": where}
    said = {
        "where": where,
        "expected": Truncator(in_words(problem.expected)).chars(MAX_QUOTED_CHARACTERS),
        "found": Truncator(in_words(problem.found)).chars(MAX_QUOTED_CHARACTERS),
    }
    return _("%(where)s: expected %(expected)s, found %(found)s.") % said


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
    }
