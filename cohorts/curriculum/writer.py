"""A curriculum as files, the same bytes for the same content, laid out for people to read and edit.

What curriculum/files.py reads, written back: `read_files(write_files(curriculum)) == curriculum`. A half-written draft
is written as it is, empty texts and all, and the reader says where it is not whole. As a program (`make fix`) it lays
out the folders of the repository.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from textwrap import wrap
from typing import Any

from cohorts.curriculum.content import (
    BEHAVIOURS,
    SITUATIONS,
    Brief,
    CircleMeeting,
    Curriculum,
    Milestone,
    Source,
    SponsorWeek,
    StarterText,
    Step,
    Week,
)
from cohorts.curriculum.files import (
    BRIEF,
    CIRCLES,
    CURRICULA,
    HEAD,
    MILESTONES,
    STARTERS,
    WEEK_FILES,
    CurriculumInvalid,
    read_curriculum,
)
from cohorts.curriculum.located_yaml import single_spaced

WIDTH = 110
ABOUT_SOURCES = """\
# Every "why" leans on one of these and says no more than it does.
# Practices (a blog, a qualification) stand beside studies: the text must call them what they are.
"""
SOURCE_FACTS = ("design", "size", "read")
SOURCE_MAY_LACK = ("year", "journal", "size")
ABOUT_STARTERS = "# One starter for each behaviour in each situation. Leaders pick one and make it theirs.\n\n"

WORD = re.compile(r"[a-z][a-z0-9_-]*")
SENTENCE = re.compile(r"(?:[^\W\d_]|[“«])(?!.*(: | #|:$)).*")
OTHERWISE_READ = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))

Block = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def write_files(curriculum: Curriculum) -> dict[str, bytes]:
    """The files of a curriculum by name; ones that come in no order of their own, like themes, in a fixed one."""
    languages = curriculum.languages
    milestones = sorted(curriculum.milestones, key=lambda milestone: (milestone.day, milestone.key))
    files = {
        HEAD: _head(curriculum),
        BRIEF: _document(_entry(curriculum.brief, languages)),
        MILESTONES: _document([_entry(milestone, languages) for milestone in milestones]),
        CIRCLES: _document([_entry(meeting, languages) for meeting in curriculum.circle]),
        STARTERS: ABOUT_STARTERS + _document(_starters(curriculum)),
    }
    weeks = {WEEK_FILES[week.number - 1]: _document(_week(week, languages)) for week in curriculum.weeks}
    return {name: text.encode() for name, text in (files | weeks).items()}


def lay_out(folder: Path) -> None:
    """Write a folder's files in one form, however they were written by hand."""
    for name, data in write_files(read_curriculum(folder)).items():
        (folder / name).write_bytes(data)


def _head(curriculum: Curriculum) -> str:
    used = dict.fromkeys(step.theme for step in curriculum.steps if step.theme in curriculum.themes)
    themes = [*used, *sorted(curriculum.themes.keys() - used)]
    names = {
        "slug": curriculum.slug,
        "version": curriculum.version,
        "languages": curriculum.languages,
        "titles": _in_order(curriculum.titles, curriculum.languages),
        "themes": {key: _in_order(curriculum.themes[key], curriculum.languages) for key in themes},
    }
    sources = {
        "sources": {key: _source(each, curriculum.languages) for key, each in sorted(curriculum.sources.items())}
    }
    return f"{_document(names)}\n{ABOUT_SOURCES}{_document(sources)}"


def _source(source: Source, languages: Sequence[str]) -> dict[str, Any] | str:
    """A source with its parts, or a citation in one text, without the fields it has nothing in."""
    if not source.kind:
        return source.title
    once = {name: getattr(source, name) for name in ("kind", "author", "year", "title", "journal", *SOURCE_FACTS)}
    texts = {language: asdict(text) for language, text in _in_order(source.texts, languages).items()}
    return {name: value for name, value in once.items() if value or name not in SOURCE_MAY_LACK} | texts


def _week(week: Week, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "week": week.number,
        "theme": _in_order(week.theme, languages),
        "sponsor": _entry(week.sponsor, languages),
        "steps": [_entry(step, languages) for step in week.steps],
    }


def _starters(curriculum: Curriculum) -> dict[str, Any]:
    texts = {
        (starter.behaviour, starter.situation): {language: _plan(text) for language, text in starter.texts.items()}
        for starter in curriculum.starters
    }
    return {
        behaviour: {
            situation: _in_order(texts[behaviour, situation], curriculum.languages)
            for situation in SITUATIONS
            if (behaviour, situation) in texts
        }
        for behaviour in BEHAVIOURS
    }


def _plan(text: StarterText) -> dict[str, str]:
    return {"cue": text.cue, "response": text.response}


def _entry(entry: Step | SponsorWeek | Brief | Milestone | CircleMeeting, languages: Sequence[str]) -> dict[str, Any]:
    """What it says once, in the order of its fields, and then what it says in each language."""
    once = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "texts"}
    texts = _in_order(entry.texts, languages)
    return once | {language: asdict(text) for language, text in texts.items()}


def _in_order(texts: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    return {language: texts[language] for language in languages if language in texts}


def _document(content: Block) -> str:
    return "\n".join(_block(content, "")) + "\n"


def _block(content: Block, indent: str) -> Iterator[str]:
    """Blank lines set apart what stands at the margin, and items of a list that have parts of their own."""
    if isinstance(content, Mapping):
        for number, (name, value) in enumerate(content.items()):
            if number and not indent and _is_block(value):
                yield ""
            yield from _field(name, value, indent)
    elif content:
        for number, item in enumerate(content):
            if number and any(isinstance(value, Mapping) for value in item.values()):
                yield ""
            first, *rest = _block(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
    else:
        yield f"{indent}[]"


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    if _is_block(value):
        yield f"{indent}{name}:"
        yield from _block(value, f"{indent}  ")
    elif isinstance(value, str):
        yield from _text(name, single_spaced(value), indent)
    elif isinstance(value, int):
        yield f"{indent}{name}: {value}"
    else:
        yield f"{indent}{name}: {_empty_or_words(value)}"


def _is_block(value: Any) -> bool:
    """Mappings, and lists of mappings, stand below their name; a list of words beside it."""
    if isinstance(value, list | tuple):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping) and bool(value)


def _empty_or_words(value: Any) -> str:
    return "{}" if isinstance(value, Mapping) else f"[{', '.join(map(_word, value))}]"


def _word(word: str) -> str:
    return word if WORD.fullmatch(word) and word not in OTHERWISE_READ else _quoted(word)


def _text(name: str, text: str, indent: str) -> Iterator[str]:
    line = f"{indent}{name}: {_plain_or_quoted(text)}"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{indent}{name}: >-"
    inner = f"{indent}  "
    yield from wrap(
        text, WIDTH, initial_indent=inner, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False
    )


def _plain_or_quoted(text: str) -> str:
    return text if SENTENCE.fullmatch(text) and text.lower() not in OTHERWISE_READ else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes where nothing has to be escaped in them, otherwise in single ones, which know one escape."""
    return "'" + text.replace("'", "''") + "'" if not text or '"' in text or "\\" in text else f'"{text}"'


if __name__ == "__main__":
    try:
        for path in CURRICULA.glob("*/*/"):
            lay_out(path)
    except CurriculumInvalid as invalid:
        sys.exit(str(invalid))
