"""Read an uploaded list, CSV or XLSX. The rules are in `tables.py`, which reads it in a process of its own.

Here are the kinds of list, the sentences, and a look at what came back: the maker of the file may have got hold of
that process.
"""

import io
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cohorts.imports.apart import read_apart
from cohorts.imports.records import Garbled, Refused

READER = "cohorts.imports.tables"
MAX_NUMBER_DIGITS = 7

Headers = Mapping[str, str]  # spelling -> field
Words = str | Promise

SENTENCES: dict[str, Words] = {
    "busy": gettext_lazy("Several files are being read just now. Wait a minute and upload yours again."),
    "damaged": gettext_lazy("This workbook is damaged. Open it in Excel, save it again and upload that."),
    "document": gettext_lazy("This is a document or a web page, not a list. Export it as .csv or .xlsx."),
    "empty": gettext_lazy("This file is empty."),
    "long_cell": gettext_lazy("A cell of this file holds more than a list needs. Keep only the columns for the list."),
    "no_sheet": gettext_lazy("This workbook has no sheet."),
    "no_text": gettext_lazy("This file is not text. Export the list as .csv or .xlsx."),
    "no_text_file": gettext_lazy("This file is called .%(ending)s, but it is an Excel workbook. Rename it to .xlsx."),
    "no_workbook": gettext_lazy(
        "This file is called .%(ending)s, but it is not an Excel workbook. Save it from Excel as .xlsx."
    ),
    "old_excel": gettext_lazy(
        "This is an old Excel file, or one with a password. Save it as .xlsx without a password and upload that."
    ),
    "open_quote": gettext_lazy(
        "A quotation mark near line %(line)d is never closed, or is inside a cell. Fix it and upload again."
    ),
    "other_kind": gettext_lazy("Upload a .csv or .xlsx file."),
    "other_zip": gettext_lazy("This is a zip file, but not an Excel workbook. Upload the .csv or .xlsx itself."),
    "unreadable": gettext_lazy(
        "This file cannot be read. Copy the list into a new workbook, or save it as .csv, and upload that."
    ),
    "too_much": gettext_lazy(
        "Reading this file takes more time or memory than a list needs. Copy the list into a new workbook, or save it "
        "as .csv, and upload that."
    ),
}


def headers_of(synonyms: Mapping[str, str]) -> Headers:
    """The known headers of a kind of list."""
    return {spelling: field for field, spellings in synonyms.items() for spelling in spellings.split("|")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """What one kind of list may hold, and what to say when it does not.

    `needs` are fields of which the file must have one, with the sentence said otherwise; `%(columns)s` in it are the
    columns there are. The row that has one of the first is the header row.
    """

    headers: Headers
    needs: Sequence[tuple[Set[str], Words]]
    max_bytes: int
    max_rows: int
    too_large: Words
    too_many_rows: Words
    too_many_columns: Words
    too_large_unpacked: Words
    no_rows: Words
    counts: bool = False  # numbers are read exactly, dates lose their time
    surplus: str = ""  # the field that gets what stands to the right of the last header


class UnreadableFile(Exception):
    """The file cannot be read. Its text says why, and what to do."""


Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a list by row number and field, the header used for each field, and the headers not used."""

    rows: tuple[Row, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A list whose rows are taken one by one, so that a long one takes no more memory than a short one.

    Taking them may raise UnreadableFile.
    """

    rows: Iterator[Row]
    columns: dict[str, str]
    unused: tuple[str, ...]


def read_table(data: bytes, file_name: str, kind: ListKind) -> Table:
    """Read a whole list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    table = open_table(io.BytesIO(data), file_name, kind)
    return Table(tuple(table.rows), table.columns, table.unused)


def open_table(file: BinaryIO, file_name: str, kind: ListKind) -> OpenTable:
    """Read a list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    asked = {
        "ending": file_name.rpartition(".")[2].lower()[:20],
        "headers": dict(kind.headers),
        "needs": [sorted(fields) for fields, _sentence in kind.needs],
        "max_bytes": kind.max_bytes,
        "max_rows": kind.max_rows,
        "counts": kind.counts,
        "surplus": bool(kind.surplus),
    }
    try:
        lines = read_apart(READER, file, asked)
        columns = _columns(next(lines, []), kind)
        unused = _unused(next(lines, []))
    except Refused as refusal:
        raise UnreadableFile(_sentence(refusal, kind)) from refusal
    except Garbled as error:
        raise UnreadableFile(str(SENTENCES["unreadable"])) from error
    surplus = [kind.surplus] if kind.surplus else []
    return OpenTable(_rows(lines, [*columns, *surplus]), columns, unused)


def _columns(line: list[str], kind: ListKind) -> dict[str, str]:
    columns = dict(zip(line[1::2], line[2::2], strict=False))
    if line[:1] != ["columns"] or len(line) != 1 + 2 * len(columns) or columns.keys() - set(kind.headers.values()):
        raise Garbled
    return columns


def _unused(line: list[str]) -> tuple[str, ...]:
    if line[:1] != ["unused"]:
        raise Garbled
    return tuple(line[1:])


def _rows(lines: Iterator[list[str]], fields: Sequence[str]) -> Iterator[Row]:
    try:
        for line in lines:
            yield _row(line, fields)
    except Garbled as error:
        raise UnreadableFile(str(SENTENCES["unreadable"])) from error


def _row(line: list[str], fields: Sequence[str]) -> Row:
    number, *cells = line
    if len(cells) != len(fields) or not _is_row_number(number):
        raise Garbled
    return int(number), dict(zip(fields, cells, strict=True))


def _is_row_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS


def _sentence(refusal: Refused, kind: ListKind) -> str:
    match refusal.key, *refusal.values:
        case "needs", number, columns if _is_row_number(number) and int(number) < len(kind.needs):
            return str(kind.needs[int(number)][1]) % {"columns": columns}
        case "too_large" | "too_many_rows" | "too_many_columns" | "too_large_unpacked" | "no_rows" as key, *_:
            return str(getattr(kind, key))
        case key, value if key in SENTENCES:
            line = int(value) if _is_row_number(value) else 0
            return str(SENTENCES[key]) % {"ending": value, "line": line}
        case [key] if key in SENTENCES:
            return str(SENTENCES[key])
    return str(SENTENCES["unreadable"])
