"""Check whether a draft can be published: by the rules of the file reader, and in the languages its cohorts read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, F

from cohorts.curriculum.content import BEHAVIOURS, Curriculum
from cohorts.curriculum.files import BRIEF, CIRCLES, HEAD, MILESTONES, STARTERS, CurriculumInvalid, read_files
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.writer import write_files
from cohorts.models import CurriculumVersion, Enrolment

T = TypeVar("T")

WEEK_FILE = re.compile(r"week-(\d+)\.yaml")
ITEM = re.compile(r"(?:steps)?\[(\d+)\]")
HEAD_KINDS = {"titles": "title", "themes": "theme", "sources": "source"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, and what of the draft it is about.

    `kind` and `key`: a step or milestone by its key, a week by its number, an agenda by the key of its meeting, a
    starter, theme or source by its key, the title or the brief; otherwise a file.
    """

    problem: Problem
    kind: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """`missing` are places without text by language; `used` is how many people in cohorts read each language."""

    findings: tuple[Finding, ...]
    missing: dict[str, tuple[str, ...]]
    used: dict[str, int]

    @property
    def blocking(self) -> dict[str, tuple[str, ...]]:
        """Missing texts in languages that people of a running cohort read."""
        return {language: places for language, places in self.missing.items() if places and self.used.get(language)}

    @property
    def is_ready(self) -> bool:
        return not self.findings and not self.blocking


def check_of(version: CurriculumVersion) -> Check:
    """All problems that prevent publishing, and missing texts. Five queries."""
    written, used = content_of(version), _used(version)
    languages = dict.fromkeys([*written.languages, *used])
    return Check(
        findings=tuple(findings_of(written)),
        missing={language: written.missing(language) for language in languages},
        used=used,
    )


def _used(version: CurriculumVersion) -> dict[str, int]:
    """Number of leaders and sponsors in running cohorts on this curriculum, by language."""
    walking = Enrolment.objects.walking().filter(cohort__version__curriculum=version.curriculum_id)
    people: dict[str, int] = {}
    for who in ("leader", "sponsor"):
        read = walking.exclude(**{who: None}).values(language=F(f"{who}__person__language"))
        for row in read.annotate(people=Count(f"{who}", distinct=True)).order_by("language"):
            people[row["language"]] = people.get(row["language"], 0) + row["people"]
    return people


def findings_of(written: Curriculum) -> Iterable[Finding]:
    """What the reader of files says about this content."""
    try:
        read_files(write_files(written))
    except CurriculumInvalid as invalid:
        return [_placed(problem, written) for problem in invalid.problems]
    return ()


def _placed(problem: Problem, written: Curriculum) -> Finding:
    item = ITEM.match(problem.field)
    if week_file := WEEK_FILE.fullmatch(problem.file):
        return _in_week(problem, int(week_file[1]), written)
    if problem.file == MILESTONES and (milestone := _at(written.milestones, item)):
        return Finding(problem, "milestone", milestone.key)
    if problem.file == CIRCLES and (meeting := _at(written.circle, item)):
        return Finding(problem, "agenda", meeting.milestone)
    if problem.file == BRIEF:
        return Finding(problem, "brief")
    return _in_names(problem)


def _in_week(problem: Problem, number: int, written: Curriculum) -> Finding:
    steps = next((week.steps for week in written.weeks if week.number == number), ())
    step = _at(steps, ITEM.match(problem.field))
    return Finding(problem, "step", step.key) if step else Finding(problem, "week", str(number))


def _in_names(problem: Problem) -> Finding:
    """A plan such as `clear.queue.en.cue`, or a name at the head such as `themes.trust.nb`."""
    first, second, *_rest = [*problem.field.split("."), ""]
    if problem.file == STARTERS and first in BEHAVIOURS:
        return Finding(problem, "starter", f"{first}.{second}".rstrip("."))
    if problem.file == HEAD and first in HEAD_KINDS:
        return Finding(problem, HEAD_KINDS[first], "" if first == "titles" else second)
    return Finding(problem, "file", problem.file)


def _at(rows: Sequence[T], item: re.Match[str] | None) -> T | None:
    """The row whose number stands in the field, such as `steps[2]`."""
    number = int(item[1]) if item else len(rows)
    return rows[number] if number < len(rows) else None
