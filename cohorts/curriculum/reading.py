"""A curriculum version for reading in one language: by week, theme or behaviour.

Texts missing in that language appear in the one available.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects

from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.content import DAYS_OF_PROGRAMME, StarterText, week_of
from cohorts.models import CurriculumVersion, Milestone, SponsorWeek, Step
from cohorts.models.curriculum import MilestoneText, SponsorText, StepText, first_available, in_language

WAYS = ("week", "theme", "behaviour")
LAST_WEEK = week_of(DAYS_OF_PROGRAMME)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one version in the order of their days."""

    version: CurriculumVersion
    steps: list[Step]
    weeks: list[SponsorWeek]
    milestones: list[Milestone]


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in its chapter; `later` is the gap in days to the previous one, where a chapter spans weeks."""

    step: Step
    text: StepText
    behaviour: str
    theme: str
    later: int | None = None

    @property
    def day(self) -> int:
        return self.step.day


@dataclass(frozen=True, slots=True)
class Event:
    """A live event among the steps of its week."""

    milestone: Milestone
    text: MilestoneText

    @property
    def day(self) -> int:
        return self.milestone.day


@dataclass(frozen=True, slots=True)
class Chapter:
    """A week, a theme or a behaviour. `number` is the week: 0 before day 1, last + 1 after the end."""

    key: str
    title: str
    lines: list[StepLine | Event]
    number: int | None = None
    sponsor: SponsorText | None = None
    sponsor_minutes: int = 0


def rows_of(version: CurriculumVersion) -> Rows:
    """Three queries; `content_of` the same version asks none again."""
    prefetch_related_objects([version], "steps", "sponsor_weeks", "milestones")
    return Rows(version, list(version.steps.all()), list(version.sponsor_weeks.all()), list(version.milestones.all()))


def chapters_of(rows: Rows, by: str, language: str) -> list[Chapter]:
    """The ninety days in chapters, without empty ones."""
    lines = [line_of(rows.version, step, language) for step in rows.steps]
    if by == "theme":
        return list(_threads(lines, lambda line: (line.step.theme, line.theme)))
    if by == "behaviour":
        return list(_threads(lines, lambda line: (line.step.behaviour, line.behaviour)))
    return list(_weeks(rows, lines, language))


def theme_of_week(week: SponsorWeek, language: str) -> str:
    return first_available(week.theme, language)[0] or ""


def starters_of(version: CurriculumVersion, behaviour: str, language: str) -> dict[Situation, StarterText]:
    """The starter plans of one behaviour by situation; empty if the version has none."""
    by_situation = version.starters.get(behaviour, {})
    return {
        situation: _starter(by_situation[situation], language) for situation in Situation if by_situation.get(situation)
    }


def line_of(version: CurriculumVersion, step: Step, language: str) -> StepLine:
    behaviour = Behaviour(step.behaviour).label if step.behaviour in Behaviour else step.behaviour
    return StepLine(step, step.in_language(language), str(behaviour), version.theme_in(step.theme, language))


def _starter(texts: dict[str, dict[str, str]], language: str) -> StarterText:
    text, used = in_language(texts, language)
    return StarterText(language=used, cue=text.get("cue", ""), response=text.get("response", ""))


def _threads(lines: Iterable[StepLine], name_of: Callable[[StepLine], tuple[str, str]]) -> Iterator[Chapter]:
    """Each theme or behaviour in order of first appearance, with the gaps between its steps."""
    threads: dict[tuple[str, str], list[StepLine | Event]] = {}
    for line in lines:
        thread = threads.setdefault(name_of(line), [])
        thread.append(replace(line, later=line.day - thread[-1].day) if thread else line)
    for (key, title), thread in threads.items():
        yield Chapter(key, title, thread)


def _weeks(rows: Rows, lines: Iterable[StepLine], language: str) -> Iterator[Chapter]:
    by_number: dict[int, list[StepLine | Event]] = {}
    events = [Event(milestone, milestone.in_language(language)) for milestone in rows.milestones]
    several: list[StepLine | Event] = [*events, *lines]
    for each in sorted(several, key=lambda each: each.day):
        by_number.setdefault(_week(each.day), []).append(each)
    parts = {week.week: week for week in rows.weeks}
    for number in sorted(by_number | parts):
        part = parts.get(number)
        yield Chapter(
            key=f"week-{number}",
            title=theme_of_week(part, language) if part else "",
            lines=by_number.get(number, []),
            number=number,
            sponsor=part.in_language(language) if part else None,
            sponsor_minutes=part.minutes if part else 0,
        )


def _week(day: int) -> int:
    return LAST_WEEK + 1 if day > DAYS_OF_PROGRAMME else max(week_of(day), 0)
