"""What a step looks like while somebody writes it: kept for an hour, for that person alone, and never in its row.

A preview is known by a mark made of what was typed, so two windows of one person do not mix, and an old mark that is
gone shows the step as it is saved. Each mark has one of sixteen places of its person, and takes it from the one before:
however much somebody types, they fill no more of the memory that everybody shares.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from cohorts.models import CurriculumVersion, Membership, Step
from cohorts.models.curriculum import StepText
from cohorts.web.forgiving_cache import forgiving_cache

AN_HOUR = 3600
NOTHING_YET = "…"
BLANK = {"en": dict.fromkeys(("title", "why", "practice", "question"), NOTHING_YET)}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A step as it is being written: what Today and the mail show of it. `text` is by language and field."""

    day: int
    minutes: int
    text: Mapping[str, Mapping[str, str]]

    def step(self) -> Step:
        """As a row that is not saved. Where nothing is written yet in a language that was begun, dots stand."""
        text = {
            language: {name: said or NOTHING_YET for name, said in words.items()}
            for language, words in self.text.items()
            if any(words.values())
        }
        return Step(day=self.day, minutes=self.minutes, text=text or BLANK)

    def text_in(self, language: str) -> StepText:
        return self.step().in_language(language)


def sketch_of(step: Step) -> Sketch:
    """A step as it is saved."""
    return Sketch(step.day, step.minutes, step.text)


def keep(sketch: Sketch, *, membership: Membership, version: CurriculumVersion, step: Step | None) -> str:
    """Remember what was typed; returns the mark it is found by."""
    said = asdict(sketch)
    mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
    forgiving_cache().set(_place(mark, membership), (_name(mark, version, step), said), AN_HOUR)
    return mark


def kept(mark: str, *, membership: Membership, version: CurriculumVersion, step: Step | None) -> Sketch | None:
    """What this member typed, when it is still there."""
    name, said = forgiving_cache().get(_place(mark, membership), ("", {}))
    return Sketch(**said) if name == _name(mark, version, step) else None


def _place(mark: str, membership: Membership) -> str:
    digit = hashlib.sha256(mark.encode()).hexdigest()[0]
    return f"step-preview:{membership.organisation_id}:{membership.pk}:{digit}"


def _name(mark: str, version: CurriculumVersion, step: Step | None) -> str:
    return f"{version.pk}:{step.pk if step else 'new'}:{mark}"
