"""The talk before day 1, as the sponsor's page shows it: the week's part and the page for sponsors to read."""

from dataclasses import dataclass
from typing import Any

from cohorts.models import Cohort
from cohorts.models.curriculum import in_language
from programme.sponsor.overview import LeaderLine
from programme.sponsor.parts import Part


@dataclass(frozen=True)
class Brief:
    """The part of week 0 with what its curriculum says about it; `text` is empty if it says nothing."""

    part: Part[LeaderLine]
    cohort: Cohort
    text: dict[str, Any]
    written_in: str


def brief_of(part: Part[LeaderLine], language: str) -> Brief:
    cohort = part.lines[0].enrolment.cohort
    text, written_in = in_language(cohort.version.brief, language)
    return Brief(part, cohort, text, written_in)
