"""A curriculum out of an uploaded zip."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from cohorts.curriculum.content import Curriculum
from cohorts.curriculum.files import CurriculumInvalid, read_outcomes
from cohorts.curriculum.lines import number_of, phrase_of, value_of
from cohorts.curriculum.located_yaml import MAX_PROBLEMS, Problem, Unreadable
from cohorts.curriculum.phrases import Phrase
from cohorts.imports.apart import Limits, read_apart
from cohorts.imports.file import SENTENCES, UnreadableFile
from cohorts.imports.records import Garbled, Refused

READER = "cohorts.curriculum.zip_reader"
LIMITS = Limits(answer_bytes=4 * 1024 * 1024)
MAX_FILES = 100


def read_zip(file: BinaryIO) -> Curriculum:
    """Raises CurriculumInvalid for what is wrong in the files, and UnreadableFile for a zip that nobody could read."""
    try:
        outcomes, problems = _outcomes(read_apart(READER, file, {}, limits=LIMITS))
    except (Refused, Garbled) as error:
        is_busy = isinstance(error, Refused) and error.key == "busy"
        wrong = str(SENTENCES["busy"]) if is_busy else _("This zip file cannot be read. Pack the files again.")
        raise UnreadableFile(wrong) from error
    if problems:
        raise CurriculumInvalid(problems)
    return read_outcomes(outcomes)


def _outcomes(lines: Iterator[list[str]]) -> tuple[dict[str, Any], list[Problem]]:
    outcomes: dict[str, Any] = {}
    problems: list[Problem] = []
    for line in lines:
        match line:
            case "file", name:
                outcomes[name] = value_of(lines)
            case "unreadable", name, number, *cells:
                outcomes[name] = Unreadable(number_of(number), *_phrases(cells))
            case "problem", name, number, field, *cells:
                problems.append(Problem(name, number_of(number), field, *_phrases(cells)))
            case _:
                raise Garbled
        if len(outcomes) > MAX_FILES or len(problems) > MAX_PROBLEMS:
            raise Garbled
    return outcomes, problems


def _phrases(cells: list[str]) -> tuple[Phrase, str]:
    """What was expected, and what was found."""
    rest = iter(cells)
    expected, found = phrase_of(rest), phrase_of(rest)
    if not isinstance(expected, Phrase):
        raise Garbled
    return expected, found
