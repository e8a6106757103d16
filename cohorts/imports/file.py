"""Read an uploaded list, CSV or XLSX. The rules are in `tables.py`, which reads it in a process of its own.

Here are the kinds of list, the sentences, and a look at what came back: the maker of the file may have got hold of
that process.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cohorts.imports.apart import read_apart
from cohorts.imports.chosen import AS_GUESSED, MAX_SHEETS, Chosen
from cohorts.imports.encodings import OFFERED
from cohorts.imports.records import Garbled, Refused

READER = "cohorts.imports.tables"
MAX_COLUMNS = 250
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
    "no_excel": gettext_lazy(
        "This file is called .%(ending)s, but it is a web page or XML that Excel opens. Open it in Excel, save it as "
        ".xlsx and upload that."
    ),
    "other_office": gettext_lazy(
        "This is a spreadsheet of another program. Open it there, save it as .xlsx or .csv and upload that."
    ),
    "strange_letters": gettext_lazy(
        "The characters in this file cannot be read. Save it as .xlsx, or as .csv in UTF-8, and upload that."
    ),
    "other_kind": gettext_lazy("Upload a .csv or .xlsx file."),
    "other_zip": gettext_lazy("This is a zip file, but not an Excel workbook. Upload the .csv or .xlsx itself."),
    "unreadable": gettext_lazy(
        "This file cannot be read. Copy the list into a new workbook, or save it as .csv, and upload that."
    ),
    "too_many_sheets": gettext_lazy(
        "This workbook has more than 250 sheets. Keep only the one with the list, or save that one as .csv."
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
    label: Callable[[str], str]  # what a field is called
    fields: Sequence[str]  # what a column can be taken for, as it is offered
    needs: Sequence[tuple[Set[str], Words]]
    max_bytes: int
    max_rows: int
    too_large: Words
    too_many_rows: Words
    too_many_columns: Words
    too_large_unpacked: Words
    no_rows: Words
    perhaps: Headers = field(default_factory=dict)  # headers that can mean something else, too
    contents: Mapping[str, str] = field(default_factory=dict)  # what stands under a field: email, name or zone
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the only words under a field
    is_people: bool = False  # kept by hand: may have merged cells, headers in two rows, or none
    counts: bool = False  # numbers are read exactly, dates lose their time
    surplus: str = ""  # the field that gets what stands to the right of the last header


class UnreadableFile(Exception):
    """The file cannot be read. Its text says why, and what to do."""


Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    name: str
    is_visible: bool
    has_rows: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column of the file: what it was taken for (empty: nothing), its header, and some of its cells."""

    number: int
    field: str
    header: str
    samples: tuple[str, ...]


@dataclass(slots=True)
class About:
    """What was read of a file. `passed` counts rows that were passed over: hidden, headers, sums."""

    sheets: list[SheetSeen] = field(default_factory=list)
    columns: list[ColumnSeen] = field(default_factory=list)
    encoding: str = ""
    other_encoding: str = ""
    passed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a list by row number and field, the header used for each field, and the headers not used."""

    rows: tuple[Row, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]
    about: About


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A list whose rows are taken one by one, so that a long one takes no more memory than a short one.

    Taking them may raise UnreadableFile. `about` is whole once they are taken.
    """

    rows: Iterator[Row]
    columns: dict[str, str]
    unused: tuple[str, ...]
    about: About


def read_table(data: bytes, file_name: str, kind: ListKind, chosen: Chosen = AS_GUESSED) -> Table:
    """Read a whole list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    table = open_table(io.BytesIO(data), file_name, kind, chosen)
    return Table(tuple(table.rows), table.columns, table.unused, table.about)


def asked_of(kind: ListKind, *, ending: str, chosen: Chosen = AS_GUESSED) -> dict[str, Any]:
    """What the reader is told: the kind of list without its sentences."""
    return {
        "ending": ending,
        "vocabulary": {
            "headers": dict(kind.headers),
            "perhaps": dict(kind.perhaps),
            "contents": dict(kind.contents),
            "values": {name: list(values) for name, values in kind.values.items()},
        },
        "people": kind.is_people,
        "chosen": {**asdict(chosen), "columns": dict(chosen.columns)},
        "needs": [sorted(fields) for fields, _sentence in kind.needs],
        "max_bytes": kind.max_bytes,
        "max_rows": kind.max_rows,
        "counts": kind.counts,
        "surplus": bool(kind.surplus),
    }


def open_table(file: BinaryIO, file_name: str, kind: ListKind, chosen: Chosen = AS_GUESSED) -> OpenTable:
    """Read a list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    asked = asked_of(kind, ending=file_name.rpartition(".")[2].lower()[:20], chosen=chosen)
    try:
        lines = read_apart(READER, file, asked)
        columns = _columns(next(lines, []), kind)
        unused = _unused(next(lines, []))
        about = About()
        lines = _told(lines, about, kind)
    except Refused as refusal:
        raise UnreadableFile(_sentence(refusal, kind)) from refusal
    except Garbled as error:
        raise UnreadableFile(str(SENTENCES["unreadable"])) from error
    surplus = [kind.surplus] if kind.surplus else []
    return OpenTable(_rows(lines, [*columns, *surplus], about, kind), columns, unused, about)


def _columns(line: list[str], kind: ListKind) -> dict[str, str]:
    columns = dict(zip(line[1::2], line[2::2], strict=False))
    if line[:1] != ["columns"] or len(line) != 1 + 2 * len(columns) or columns.keys() - set(kind.headers.values()):
        raise Garbled
    return columns


def _unused(line: list[str]) -> tuple[str, ...]:
    if line[:1] != ["unused"]:
        raise Garbled
    return tuple(line[1:])


def _told(lines: Iterator[list[str]], about: About, kind: ListKind) -> Iterator[list[str]]:
    """Take what is said before the rows."""
    for line in lines:
        match line:
            case ["about", "sheet", name, seen, rows, read]:
                about.sheets.append(SheetSeen(name, seen == "visible", bool(rows), bool(read)))
            case ["about", "encoding", encoding, other] if {encoding, other} <= {*OFFERED, ""}:
                about.encoding, about.other_encoding = encoding, other
            case ["column", number, name, header, *samples] if _is_column(number, name, kind):
                about.columns.append(ColumnSeen(int(number), name, header, tuple(samples)))
            case ["about" | "column", *_]:
                raise Garbled
            case _:
                return chain([line], lines)
        if len(about.sheets) > MAX_SHEETS or len(about.columns) > MAX_COLUMNS:
            raise Garbled
    return iter(())


def _is_column(number: str, name: str, kind: ListKind) -> bool:
    return _is_row_number(number) and name in {"", *kind.headers.values()}


def _rows(lines: Iterator[list[str]], fields: Sequence[str], about: About, kind: ListKind) -> Iterator[Row]:
    try:
        for line in lines:
            if line[0] == "after":
                about.passed |= {reason: int(count) for reason, count in _pairs(line[1:]) if _is_row_number(count)}
            else:
                yield _row(line, fields)
    except Refused as refusal:
        raise UnreadableFile(_sentence(refusal, kind)) from refusal
    except Garbled as error:
        raise UnreadableFile(str(SENTENCES["unreadable"])) from error


def _pairs(line: list[str]) -> Iterator[tuple[str, str]]:
    return zip(line[::2], line[1::2], strict=False)


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
