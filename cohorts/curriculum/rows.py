"""A curriculum between its two homes: rows of an organisation, and the content that files are read into.

`store` and `content_of` are each other's inverse, so what is exported is what was imported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from cohorts.curriculum import content
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.curriculum.sources import row_of, source_of
from cohorts.models import Curriculum, CurriculumVersion, Milestone, SponsorWeek, Step
from cohorts.models.cohort import Cadence

STANDARD = CURRICULA / "adaptive-contact-centre-leadership" / "2"
EARLIER = STANDARD.parent / "1"  # only to try the move of a running cohort on, in the demo and the tests
CADENCES = {"resting": Cadence.RESTING, "light": Cadence.LIGHT, "steady": Cadence.STEADY, "stretch": Cadence.STRETCH}
DIALS = {cadence: dial for dial, cadence in CADENCES.items()}

Texts = dict[str, dict[str, Any]]


@lru_cache(maxsize=8)
def read(folder: Path = STANDARD) -> content.Curriculum:
    """The curriculum of a folder, read once a process. Raises `curriculum.files.CurriculumInvalid`."""
    return read_curriculum(folder)


@transaction.atomic
def load_curriculum(folder: Path = STANDARD, *, now: datetime | None = None) -> CurriculumVersion:
    """Give the open organisation this curriculum version, published; the one it has already, when it has it."""
    written = read(folder)
    curriculum, _ = Curriculum.objects.get_or_create(slug=written.slug)
    found = curriculum.versions.filter(number=written.version).first()
    return found or store(written, curriculum=curriculum, number=written.version, published_at=now or timezone.now())


@transaction.atomic
def store(
    written: content.Curriculum,
    *,
    curriculum: Curriculum,
    number: int,
    published_at: datetime | None,
    changed_at: datetime | None = None,
) -> CurriculumVersion:
    """Write this as a version of this curriculum; a draft when it has no instant of publishing."""
    version = CurriculumVersion.objects.create(
        curriculum=curriculum,
        number=number,
        published_at=published_at,
        changed_at=changed_at,
        title=dict(written.titles),
        languages=list(written.languages),
        themes={key: dict(names) for key, names in written.themes.items()},
        sources={key: row_of(source) for key, source in written.sources.items()},
        brief=_texts(written.brief.texts),
        brief_minutes=written.brief.minutes,
        brief_sources=list(written.brief.sources),
        starters=_starter_rows(written.starters),
        circle=[_circle_row(meeting) for meeting in written.circle],
    )
    Step.objects.bulk_create([_step_row(version, step) for step in written.steps])
    SponsorWeek.objects.bulk_create([_week_row(version, week) for week in written.weeks])
    Milestone.objects.bulk_create([_milestone_row(version, milestone) for milestone in written.milestones])
    return version


def content_of(version: CurriculumVersion) -> content.Curriculum:
    """A version as content, whole or half-written; a language nobody began somewhere is not there. Four queries."""
    languages = tuple(version.languages)
    steps = [_step(row, languages) for row in version.steps.all()]
    return content.Curriculum(
        slug=version.curriculum.slug,
        version=version.number,
        languages=languages,
        titles=version.title,
        themes=version.themes,
        sources={key: source_of(row) for key, row in version.sources.items()},
        weeks=tuple(_weeks(version.sponsor_weeks.all(), steps, languages)),
        brief=_brief(version, languages),
        starters=tuple(_starters(version.starters)),
        milestones=tuple(_milestone(row, languages) for row in version.milestones.all()),
        circle=tuple(_circle(row, languages) for row in version.circle),
    )


def _step_row(version: CurriculumVersion, step: content.Step) -> Step:
    return Step(
        version=version,
        key=step.key,
        day=step.day,
        kind=step.kind,
        minutes=step.minutes,
        theme=step.theme,
        behaviour=step.behaviour,
        source=step.source,
        cadence=CADENCES[step.dial],
        text=_texts(step.texts),
    )


def _step(row: Step, languages: Iterable[str]) -> content.Step:
    return content.Step(
        day=row.day,
        key=row.key,
        kind=row.kind,
        minutes=row.minutes,
        theme=row.theme,
        behaviour=row.behaviour,
        source=row.source,
        dial=DIALS[Cadence(row.cadence)],
        texts={language: content.StepText(**text) for language, text in _begun(row.text, languages)},
    )


def _week_row(version: CurriculumVersion, week: content.Week) -> SponsorWeek:
    return SponsorWeek(
        version=version,
        week=week.number,
        theme=dict(week.theme),
        minutes=week.sponsor.minutes,
        text=_texts(week.sponsor.texts),
    )


def _weeks(
    rows: Iterable[SponsorWeek], steps: Iterable[content.Step], languages: Iterable[str]
) -> Iterable[content.Week]:
    """Every week up to the last that has a step; one without a row of its own has no sponsor's part."""
    own = {row.week: row for row in rows}
    by_week: dict[int, list[content.Step]] = {}
    for step in steps:
        by_week.setdefault(content.week_of(step.day), []).append(step)
    for number in range(1, max(by_week, default=0) + 1):
        row = own.get(number) or SponsorWeek(week=number, text={})
        texts = {language: content.SponsorText(**text) for language, text in _begun(row.text, languages)}
        yield content.Week(
            number=number,
            theme=row.theme,
            sponsor=content.SponsorWeek(minutes=row.minutes, texts=texts),
            steps=tuple(by_week.get(number, ())),
        )


def _brief(version: CurriculumVersion, languages: Iterable[str]) -> content.Brief:
    return content.Brief(
        minutes=version.brief_minutes,
        sources=tuple(version.brief_sources),
        texts={
            language: content.BriefText(
                **{**text, "parts": tuple(content.BriefPart(**_keyless(part)) for part in text.get("parts", ()))}
            )
            for language, text in _begun(version.brief, languages)
        },
    )


def _starter_rows(starters: Iterable[content.Starter]) -> dict[str, dict[str, Texts]]:
    rows: dict[str, dict[str, Texts]] = {}
    for starter in starters:
        texts = {language: {"cue": text.cue, "response": text.response} for language, text in starter.texts.items()}
        rows.setdefault(starter.behaviour, {})[starter.situation] = texts
    return rows


def _starters(rows: Mapping[str, Mapping[str, Texts]]) -> Iterable[content.Starter]:
    """In the order of the files, which JSON in the database does not keep."""
    for behaviour in content.BEHAVIOURS:
        for situation in content.SITUATIONS:
            if texts := rows.get(behaviour, {}).get(situation):
                said = {language: content.StarterText(language, **text) for language, text in sorted(texts.items())}
                yield content.Starter(behaviour, situation, said)


def _milestone_row(version: CurriculumVersion, milestone: content.Milestone) -> Milestone:
    return Milestone(
        version=version,
        key=milestone.key,
        kind=milestone.kind,
        day=milestone.day,
        minutes=milestone.minutes,
        text=_texts(milestone.texts),
    )


def _milestone(row: Milestone, languages: Iterable[str]) -> content.Milestone:
    texts = {language: content.MilestoneText(**text) for language, text in _begun(row.text, languages)}
    return content.Milestone(key=row.key, kind=row.kind, day=row.day, minutes=row.minutes, texts=texts)


def _circle_row(meeting: content.CircleMeeting) -> dict[str, Any]:
    return {
        "month": meeting.month,
        "milestone": meeting.milestone,
        "sources": list(meeting.sources),
        "texts": _texts(meeting.texts),
    }


def _circle(row: Mapping[str, Any], languages: Iterable[str]) -> content.CircleMeeting:
    texts = {
        language: content.CircleText(
            **{**text, "parts": tuple(content.AgendaPart(**_keyless(part)) for part in text["parts"])}
        )
        for language, text in _begun(row["texts"], languages)
    }
    return content.CircleMeeting(
        month=row["month"], milestone=row["milestone"], sources=tuple(row["sources"]), texts=texts
    )


def _keyless(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part as files have it: its key is of the draft alone."""
    return {name: value for name, value in part.items() if name != "key"}


def _texts(texts: Mapping[str, Any]) -> Texts:
    return {language: asdict(text) for language, text in texts.items()}


def _begun(texts: Texts, languages: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    """The languages somebody has begun to write in, in the curriculum's own order."""
    return [(language, texts[language]) for language in languages if any(texts.get(language, {}).values())]
