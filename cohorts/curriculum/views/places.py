"""Where a finding of the check is fixed: the page, and the field on it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.check import Finding, findings_of
from cohorts.curriculum.forms.milestone import DraftMilestoneForm
from cohorts.curriculum.forms.names import StarterForm, ThemeForm
from cohorts.curriculum.forms.pages import PageForm
from cohorts.curriculum.forms.source import SourceForm
from cohorts.curriculum.forms.sponsor_week import SponsorWeekForm
from cohorts.curriculum.forms.step import StepForm
from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.page_parts import parts_of
from cohorts.curriculum.problem_words import MAX_QUOTED_CHARACTERS, NOT_WRITTEN, sentence_beside
from cohorts.curriculum.problem_words import sentence_of as whole_sentence_of
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.sources import source_of
from cohorts.curriculum.wordings import PART_WORDINGS
from cohorts.models import CurriculumVersion, Milestone, Step
from cohorts.web.language import page_language
from cohorts.web.languages import LANGUAGES

INDEX = re.compile(r"\[(\d+)\]")
PART = re.compile(r"parts\[(\d+)\]")
WHOLE_LISTS = ("parts", "sources")
RENAMED = {"dial": "cadence"}  # files and forms call it differently
# Of each language; elsewhere the title.
FIRST_FIELDS = {"week": "works_on", "starter": "cue", "theme": "name", "source": "outcome"}


@dataclass(frozen=True, slots=True)
class Place:
    """What something is about, and the page where it is edited; without one, it is in the files."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong, and the field where it is fixed."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way at one place."""

    place: Place
    sentences: list[Sentence] = field(default_factory=list)


class Places:
    """The places of a draft by what the check calls them."""

    def __init__(self, draft: CurriculumVersion) -> None:
        self._draft = draft
        self._language = page_language()
        self._steps = {step.key: step for step in draft.steps.all()}
        self._days = {str(step.day): step for step in draft.steps.all()}
        self._milestones = {milestone.key: milestone for milestone in draft.milestones.all()}

    def of_finding(self, finding: Finding) -> Place:
        return self._of(finding.kind, finding.key)

    def named(self, name: str) -> Place:
        """The place that `Curriculum.missing` calls this."""
        kind, _space, key = name.partition(" ")
        if kind == "day":
            return self._of_step(self._days[key])
        if kind == "circle":
            return self._of("agenda", self._draft.circle[int(key) - 1]["milestone"])
        return self._of(kind, key)

    def field_of(self, finding: Finding) -> str:
        """The address of the field, on the page in its language."""
        place = self._of(finding.kind, finding.key)
        if not place.url or (not finding.key and finding.kind in ("theme", "source")):
            return place.url
        path = INDEX.sub("", finding.problem.field).split(".")
        language = next((step for step in path if step in self._draft.languages), "")
        asked = f"?language={language}" if language else ""
        return f"{place.url}{asked}#id_{self._field(finding, path, language)}"

    def _field(self, finding: Finding, path: list[str], language: str) -> str:
        name, first = RENAMED.get(path[-1], path[-1]), FIRST_FIELDS.get(finding.kind, "title")
        part = PART.search(finding.problem.field)
        if part and name in ("heading", "text", "minutes"):
            key = parts_of(self._texts(finding))[int(part[1])].key
            return f"{key}-minutes" if name == "minutes" else f"{language}-{key}-{name}"
        if name in WHOLE_LISTS:
            return name
        if finding.kind == "source" and name == finding.key:
            return "title"
        if name in ("", "milestone", "month", language):
            first = "theme" if path[0] == "theme" else first
            return f"{language or self._draft.languages[0]}-{first}"
        return f"{language}-{name}" if language else name

    def _texts(self, finding: Finding) -> dict[str, dict[str, object]]:
        """The stored page in the languages the check has read: those that somebody began."""
        if finding.kind == "brief":
            return dict(self._draft.brief)
        return next(dict(each["texts"]) for each in self._draft.circle if each["milestone"] == finding.key)

    def _of(self, kind: str, key: str) -> Place:
        kinds = {
            "step": lambda: self._of_step(self._steps[key]),
            "milestone": lambda: self._of_milestone(self._milestones[key]),
            "week": lambda: self._of_week(key),
            "brief": lambda: Place(_("The sponsor's brief"), self._url("draft_brief")),
            "agenda": lambda: self._of_agenda(key),
            "starter": lambda: self._of_starter(*key.split(".")),
            "theme": lambda: self._of_theme(key),
            "title": lambda: Place(_("Title of the curriculum"), self._url("draft_title")),
            "source": lambda: self._of_source(key),
        }
        return kinds[kind]() if kind in kinds else Place(key)

    def _of_week(self, number: str) -> Place:
        label = _("Week %(week)d: theme and sponsor") % {"week": int(number)}
        return Place(label, self._url("draft_week", int(number)))

    def _of_theme(self, key: str) -> Place:
        if key not in self._draft.themes:
            return Place(_("Themes"), self._url("curriculum_themes"))
        label = _("Theme: %(name)s") % {"name": self._draft.theme_in(key, self._language)}
        return Place(label, self._url("draft_theme", key))

    def _of_source(self, key: str) -> Place:
        if key not in self._draft.sources:
            return Place(_("Sources"), self._url("curriculum_sources"))
        citation = Truncator(source_of(self._draft.sources[key]).citation).chars(MAX_QUOTED_CHARACTERS)
        return Place(_("Source: %(citation)s") % {"citation": citation}, self._url("draft_source", key))

    def _of_step(self, step: Step) -> Place:
        facts = {"day": step.day, "title": step.in_language(self._language).title or _("without a title")}
        return Place(_("Day %(day)d: %(title)s") % facts, self._url("draft_step", step.pk))

    def _of_milestone(self, milestone: Milestone) -> Place:
        title = milestone.in_language(self._language).title or milestone.get_kind_display()
        return Place(title, self._url("draft_milestone", milestone.pk))

    def _of_starter(self, behaviour: str, situation: str = "") -> Place:
        if situation not in Situation.values:
            return Place(_("Ready-made plans"), f"{self._url('curriculum_starters')}#{behaviour}")
        facts = {"behaviour": Behaviour(behaviour).label, "situation": Situation(situation).label}
        label = _("Plan: %(behaviour)s, %(situation)s") % facts
        return Place(label, self._url("draft_starter", behaviour, situation))

    def _of_agenda(self, key: str) -> Place:
        milestone = self._milestones.get(key)
        title = milestone.in_language(self._language).title if milestone else key
        return Place(_("Agenda: %(title)s") % {"title": title}, self._url("draft_agenda", key))

    def _url(self, name: str, *args: object) -> str:
        return reverse(name, args=[self._draft.pk, *args])


def findings_on(draft: CurriculumVersion, kind: str, key: str = "") -> list[Sentence]:
    """What one page of a draft lacks before it can be published, as it is saved."""
    prefetch_related_objects([draft], "steps", "sponsor_weeks", "milestones")
    found = [each for each in findings_of(content_of(draft)) if (each.kind, each.key) == (kind, key)]
    places = Places(draft)
    return [Sentence(sentence_of(finding.problem), places.field_of(finding)) for finding in found]


def obstacles_of(findings: Iterable[Finding], places: Places) -> list[Obstacle]:
    """What is in the way, by place. Plans that nobody wrote are counted: a curriculum has sixty-three."""
    found: dict[Place, Obstacle] = {}
    unwritten: dict[str, int] = {}
    for finding in findings:
        if finding.kind == "starter" and finding.problem.field == finding.key and finding.problem.found in NOT_WRITTEN:
            behaviour = finding.key.partition(".")[0]
            unwritten[behaviour] = unwritten.get(behaviour, 0) + 1
            continue
        place = places.of_finding(finding)
        sentence = Sentence(sentence_of(finding.problem), places.field_of(finding))
        found.setdefault(place, Obstacle(place)).sentences.append(sentence)
    return [*found.values(), *(_unwritten(behaviour, count, places) for behaviour, count in unwritten.items())]


def _unwritten(behaviour: str, count: int, places: Places) -> Obstacle:
    place = places.named(f"starter {behaviour}")
    words = ngettext("%(count)d plan is not written yet.", "%(count)d plans are not written yet.", count)
    label = _("Ready-made plans: %(behaviour)s") % {"behaviour": Behaviour(behaviour).label}
    return Obstacle(Place(label, place.url), [Sentence(words % {"count": count}, place.url)])


def sentence_of(problem: Problem) -> str:
    """What is wrong, in the words of the form where it is fixed."""
    where = _where(problem.field)
    if not where:
        return whole_sentence_of(problem)
    return sentence_beside(where, problem)


def _where(path: str) -> str:
    """The field in the words of its form, with its part and its language."""
    steps = INDEX.sub("", path).split(".")
    language = next((step for step in steps if step in LANGUAGES), "")
    forms = (DraftMilestoneForm, SponsorWeekForm, StepForm, PageForm, StarterForm, ThemeForm, SourceForm)
    wordings = [*(wording for form in forms for wording in form.WORDINGS), *PART_WORDINGS]
    labels = {wording.name: str(wording.label) for wording in wordings}
    fields = SourceForm.base_fields if steps[0] == "sources" and len(steps) > 2 else StepForm.base_fields
    labels |= {name: str(each.label) for name, each in fields.items()}
    labels |= {"sources": _("Sources"), "parts": _("Parts"), "milestone": _("Live event")}
    label = labels.get(steps[-1], language_name(steps[-1]))
    if part := PART.search(path):
        label = _("Part %(number)d, %(field)s") % {"number": int(part[1]) + 1, "field": label.lower()}
    return f"{label} ({language_name(language)})" if language and steps[-1] != language else label
