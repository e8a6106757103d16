"""Check whether a draft can be published: by the rules of the file reader, and in the languages its cohorts read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F

from cohorts.curriculum.content import Curriculum, Milestone, Step
from cohorts.curriculum.files import CurriculumInvalid, read_files
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.writer import write_files
from cohorts.models import CurriculumVersion, Enrolment

WEEK_FILE = re.compile(r"week-(\d+)\.yaml")
ITEM = re.compile(r"(?:steps)?\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem and its place: a step, a milestone, a week, or a file and field."""

    problem: Problem
    step: Step | None = None
    milestone: Milestone | None = None
    week: int | None = None


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
        findings=tuple(_findings(written)),
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


def _findings(written: Curriculum) -> Iterable[Finding]:
    try:
        read_files(write_files(written))
    except CurriculumInvalid as invalid:
        return [_placed(problem, written) for problem in invalid.problems]
    return ()


def _placed(problem: Problem, written: Curriculum) -> Finding:
    week_file, item = WEEK_FILE.fullmatch(problem.file), ITEM.match(problem.field)
    number = int(item[1]) if item else None
    if week_file:
        week = next((week for week in written.weeks if week.number == int(week_file[1])), None)
        if week and number is not None and number < len(week.steps):
            return Finding(problem, step=week.steps[number])
        return Finding(problem, week=int(week_file[1]))
    if problem.file == "milestones.yaml" and number is not None and number < len(written.milestones):
        return Finding(problem, milestone=written.milestones[number])
    return Finding(problem)
