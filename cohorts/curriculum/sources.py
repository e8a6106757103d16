"""The sources of a curriculum version: between a row and content, and as lines to show in one language."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cohorts.curriculum.content import NO_STUDY, Source, SourceText
from cohorts.models import CurriculumVersion
from cohorts.models.curriculum import first_available

Row = dict[str, Any] | str
"""As the database keeps a source: a citation alone, or the parts of one."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The fields of a source that do not depend on language. `year` is 0 where it has none."""

    kind: str
    author: str
    year: int
    title: str
    journal: str
    design: str
    size: str
    read: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as it is shown. Practice without a study has a kind and no citation; a bare citation has no kind."""

    citation: str
    kind: str = ""
    design: str = ""
    size: str = ""
    read: str = ""
    outcome: str = ""
    limit: str = ""
    language: str = ""


def row_of(source: Source) -> Row:
    if not source.kind:
        return source.title
    once = {name: value for name, value in vars(source).items() if name != "texts"}
    return once | {"texts": {language: vars(text) for language, text in source.texts.items()}}


def source_of(row: Row) -> Source:
    if isinstance(row, str):
        return Source(row)
    texts = {language: SourceText(**text) for language, text in row["texts"].items() if any(text.values())}
    return Source(**{**row, "texts": texts})


def citations_of(version: CurriculumVersion) -> dict[str, str]:
    return {key: source_of(row).citation for key, row in version.sources.items()}


def used_sources(version: CurriculumVersion) -> Counter[str]:
    """How many texts rest on each source: steps, the brief, agendas."""
    on_pages = [*version.brief_sources, *(key for meeting in version.circle for key in meeting["sources"])]
    return Counter([*version.steps.values_list("source", flat=True), *on_pages])


def source_lines(version: CurriculumVersion, keys: Iterable[str], language: str) -> list[SourceLine]:
    """What texts with these sources rest on. A key without a source, in a half-written draft, stands for itself."""
    return [_line(version.sources, key, language) for key in keys if key]


def kind_labels() -> dict[str, str]:
    return {
        "study": _("Study"),
        "review": _("Review of studies"),
        "opinion": _("Opinion"),
        "provider": _("A provider’s claim"),
    }


def design_labels() -> dict[str, str]:
    return {
        "trial": _("People were assigned at random, so it can show a cause."),
        "comparison": _("Groups or times compared: it suggests a cause, but does not prove one."),
        "link": _("A link between two things: it does not show which causes which."),
        "account": _("One party’s experience, not research."),
    }


def read_labels() -> dict[str, str]:
    return {
        "full_text": _("We have read all of it."),
        "abstract": _("We have read its abstract."),
        "second_hand": _("We know it from what others write about it."),
    }


def _line(sources: Mapping[str, Row], key: str, language: str) -> SourceLine:
    if key == NO_STUDY:
        return SourceLine("", kind=_("Practice, not research"))
    source = source_of(sources.get(key, key))
    text, used = first_available(source.texts, language)
    return SourceLine(
        citation=source.citation,
        kind=kind_labels().get(source.kind, ""),
        design=design_labels().get(source.design, ""),
        size=source.size,
        read=read_labels().get(source.read, ""),
        outcome=text.outcome if text else "",
        limit=text.limit if text else "",
        language=used,
    )
