"""Curricula come from files in the repository; an organisation gets its own copy, which then never changes."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from cohorts import curriculum_files as files
from cohorts.models import Curriculum, CurriculumVersion, SponsorWeek, Step
from cohorts.models.cohort import Cadence

FOLDER = Path(__file__).resolve().parent.parent / "curricula"
STANDARD = FOLDER / "adaptive-contact-centre-leadership" / "1"
CADENCES = {"resting": Cadence.RESTING, "light": Cadence.LIGHT, "steady": Cadence.STEADY, "stretch": Cadence.STRETCH}


@lru_cache(maxsize=8)
def read(folder: Path = STANDARD) -> files.Curriculum:
    """The curriculum of a folder, read once a process. Raises `curriculum_files.CurriculumInvalid`."""
    return files.read_curriculum(folder)


@transaction.atomic
def load_curriculum(folder: Path = STANDARD) -> CurriculumVersion:
    """Give the open organisation this curriculum version; the one it has already, when it has it."""
    content = read(folder)
    curriculum, _ = Curriculum.objects.get_or_create(slug=content.slug)
    found = curriculum.versions.filter(number=content.version).first()
    return found or _publish(curriculum, content)


def _publish(curriculum: Curriculum, content: files.Curriculum) -> CurriculumVersion:
    version = CurriculumVersion.objects.create(
        curriculum=curriculum,
        number=content.version,
        title=dict(content.titles),
        languages=list(content.languages),
        themes={key: dict(names) for key, names in content.themes.items()},
        sources=dict(content.sources),
        brief=_texts(content.brief.texts),
    )
    Step.objects.bulk_create([_step(version, step) for step in content.steps])
    SponsorWeek.objects.bulk_create(
        [
            SponsorWeek(
                version=version, week=week.number, minutes=week.sponsor.minutes, text=_texts(week.sponsor.texts)
            )
            for week in content.weeks
        ]
    )
    return version


def _step(version: CurriculumVersion, step: files.Step) -> Step:
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


def _texts(texts: Mapping[str, object]) -> dict[str, dict[str, object]]:
    return {language: asdict(text) for language, text in texts.items()}  # type: ignore[call-overload]
