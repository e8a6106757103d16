"""Read an uploaded zip with a curriculum: a file in, lines out. Pure; runs in the process of `imports/child.py`.

It unpacks and parses, which is what a file made to hurt would use. What a curriculum may say is checked afterwards,
where it is made of the lines (`uploads.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from cohorts.curriculum.files import MAX_FILES_BYTES, CurriculumInvalid
from cohorts.curriculum.lines import cells_of, lines_of
from cohorts.curriculum.located_yaml import MAX_PROBLEMS, Unreadable, outcome_of
from cohorts.curriculum.zips import files_of_zip


def read(file: BinaryIO, _asked: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    try:
        files = files_of_zip(file.read(MAX_FILES_BYTES + 1))
    except CurriculumInvalid as refusal:
        for each in refusal.problems[:MAX_PROBLEMS]:
            yield "problem", each.file, str(each.line), each.field, *cells_of(each.expected), *cells_of(each.found)
        return
    for name, data in files.items():
        outcome = outcome_of(data)
        if isinstance(outcome, Unreadable):
            yield "unreadable", name, str(outcome.line), *cells_of(outcome.expected), *cells_of(outcome.found)
        else:
            yield "file", name
            yield from lines_of(outcome)
