"""Read an uploaded list, CSV or XLSX, however messy. Pure: bytes in, rows out.

The rules:

1. What the bytes are decides, and the name must agree; a file that is not what it says is refused with a sentence.
2. The separator is the one under which most headers are known. The row with the column that this kind of list cannot
   do without is the header row; titles above it are passed over.
3. Cells stay text. They lose their surrounding space, invisible characters and line breaks, nothing else; a cell
   that looks like a formula is just odd text.
4. Row numbers are those a spreadsheet shows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_MARKS = 2_000_000  # 10,000 rows of 40 columns; 40 kB of zip can hold ten million, and take 3 GB to read
MAX_COLUMNS = 200
HEADER_WITHIN = 15
PIECE_BYTES = 1 << 16
SEPARATORS = (";", ",", "\t", "|")

Headers = Mapping[str, str]  # spelling -> field
Words = str | Promise


def headers_of(synonyms: Mapping[str, str]) -> Headers:
    """The known headers of a kind of list."""
    return {spelling: field for field, spellings in synonyms.items() for spelling in spellings.split("|")}


def plain_text(value: object) -> str:
    """The text of a cell of a workbook."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


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
    as_text: Callable[[object], str] = plain_text
    surplus: str = ""  # the field that gets what stands to the right of the last header


# What openpyxl raises for truncated, encrypted or otherwise broken workbooks.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Spaces of no width, and the marks of direction that come with what is pasted. The two overrides stay, for a name to be
# refused by: nobody pastes them by accident. Joiners stay within words.
INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
)
LOOSE_JOINER = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\\x00-\\x7f])")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class UnreadableFile(Exception):
    """The file cannot be read. Its text says why, and what to do."""


Cells = Sequence[str]
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a list by row number and field, the header used for each field, and the headers not used."""

    rows: tuple[Row, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A list whose rows are read while they are asked for, so that a long one takes no more memory than a short one.

    Reading on may raise UnreadableFile.
    """

    rows: Iterator[Row]
    columns: dict[str, str]
    unused: tuple[str, ...]


def read_table(data: bytes, file_name: str, kind: ListKind) -> Table:
    """Read a whole list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    table = open_table(io.BytesIO(data), file_name, kind)
    return Table(tuple(table.rows), table.columns, table.unused)


def open_table(file: BinaryIO, file_name: str, kind: ListKind) -> OpenTable:
    """Open a list of this kind. Raises UnreadableFile with a sentence for the uploader."""
    start = _start_of(file, kind)
    ending = file_name.rpartition(".")[2].lower()
    _ensure_what_it_says(start, ending)
    cells = _workbook_rows(file, kind) if start.startswith(ZIP) else _text_rows(file, kind)
    return _table(cells, kind)


def _start_of(file: BinaryIO, kind: ListKind) -> bytes:
    """The first bytes of a file that is neither empty nor too large."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    pieces = iter(lambda: file.read(PIECE_BYTES), b"")
    start = next(pieces, b"")
    if not start.strip() and not any(piece.strip() for piece in pieces):
        raise UnreadableFile(_("This file is empty."))
    if size > kind.max_bytes:
        raise UnreadableFile(str(kind.too_large))
    return start


def _ensure_what_it_says(data: bytes, ending: str) -> None:
    if data.startswith(OLD_EXCEL):
        raise UnreadableFile(
            _("This is an old Excel file, or one with a password. Save it as .xlsx without a password and upload that.")
        )
    is_text, is_workbook = ending in {"csv", "txt", "tsv"}, ending in {"xlsx", "xlsm"}
    if not (is_text or is_workbook):
        raise UnreadableFile(_("Upload a .csv or .xlsx file."))
    if is_text and data.startswith(ZIP):
        raise UnreadableFile(
            _("This file is called .%(ending)s, but it is an Excel workbook. Rename it to .xlsx.") % {"ending": ending}
        )
    if is_workbook and not data.startswith(ZIP):
        raise UnreadableFile(
            _("This file is called .%(ending)s, but it is not an Excel workbook. Save it from Excel as .xlsx.")
            % {"ending": ending}
        )
    if (
        data[:512]
        .lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"%pdf", b"<!doctype", b"<html", b"<table", b"{\\rtf"))
    ):
        raise UnreadableFile(_("This is a document or a web page, not a list. Export it as .csv or .xlsx."))


# Text


def _encoding(file: BinaryIO) -> str:
    """UTF-8 or UTF-16, detected by BOM or content, else Windows-1252, which older Excel saves."""
    file.seek(0)
    for encoding in _likely_encodings(file.read(2000)):
        if _is_text_in(file, encoding):
            return encoding
    raise UnreadableFile(_("This file is not text. Export the list as .csv or .xlsx."))


def _is_text_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE_BYTES):
            if CONTROL.search(decoder.decode(piece)):
                return False
        return not CONTROL.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _likely_encodings(start: bytes) -> Iterator[str]:
    for mark, encoding in BOMS:
        if start.startswith(mark):
            yield encoding
            return
    if start.count(0) > len(start) // 4:
        yield "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    yield from ("utf-8", "cp1252")


def _text_rows(file: BinaryIO, kind: ListKind) -> Iterator[Cells]:
    """Split rows by the separator under which most headers are known."""
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    start = text.read(20_000)
    best = max(SEPARATORS, key=lambda separator: _headers_known(start, separator, kind))
    text.seek(0)
    return _parsed(text, best, kind)


def _headers_known(start: str, separator: str, kind: ListKind) -> int:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    try:
        rows = [row for _number, row in zip(range(HEADER_WITHIN), reader, strict=False)]
    except csv.Error:
        return 0
    return max((len(_known(row, kind.headers)) for row in rows), default=0)


def _parsed(text: io.TextIOWrapper, separator: str, kind: ListKind) -> Iterator[Cells]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader):
            _ensure_size(number, len(row), kind)
            yield [_clean(cell) for cell in row]
    except csv.Error as error:
        raise UnreadableFile(
            _("A quotation mark near line %(line)d is never closed, or is inside a cell. Fix it and upload again.")
            % {"line": reader.line_num}
        ) from error


# Workbooks


def _workbook_rows(file: BinaryIO, kind: ListKind) -> Iterator[Cells]:
    """The first sheet that has a header row, else the first sheet."""
    try:
        _ensure_unpacks(file, kind)
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = workbook.worksheets[:5]
        if not sheets:
            raise UnreadableFile(_("This workbook has no sheet."))
        first_rows = (list(islice(_sheet_rows(sheet, kind), HEADER_WITHIN)) for sheet in sheets)
        found = (sheet for sheet, rows in zip(sheets, first_rows, strict=True) if _header_at(rows, kind) is not None)
        yield from _sheet_rows(next(found, sheets[0]), kind)
    except DAMAGED as error:
        raise UnreadableFile(_("This workbook is damaged. Open it in Excel, save it again and upload that.")) from error


def _ensure_unpacks(file: BinaryIO, kind: ListKind) -> None:
    file.seek(0)
    with zipfile.ZipFile(file) as packed:
        entries = packed.infolist()
        if not any(entry.filename == "xl/workbook.xml" for entry in entries):
            raise UnreadableFile(_("This is a zip file, but not an Excel workbook. Upload the .csv or .xlsx itself."))
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or _marks(packed) > MAX_MARKS:
            raise UnreadableFile(str(kind.too_large_unpacked))


def _marks(packed: zipfile.ZipFile) -> int:
    """Count XML tags, since parsing one costs a hundred times its size and bytes alone say too little."""
    total = 0
    for entry in packed.infolist():
        with packed.open(entry) as part:
            while piece := part.read(PIECE_BYTES):
                total += piece.count(b"<")
    return total


def _sheet_rows(sheet: Any, kind: ListKind) -> Iterator[Cells]:
    sheet.reset_dimensions()  # exports often state a wrong size
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        _ensure_size(number, len(row), kind)
        yield [_clean(kind.as_text(value)) for value in row]


# Both


def _ensure_size(rows: int, columns: int, kind: ListKind) -> None:
    if rows >= kind.max_rows + HEADER_WITHIN:
        raise UnreadableFile(str(kind.too_many_rows))
    if columns > MAX_COLUMNS:
        raise UnreadableFile(str(kind.too_many_columns))


def _clean(cell: str) -> str:
    if cell.isascii():
        return " ".join(cell.split())
    return " ".join(unicodedata.normalize("NFC", LOOSE_JOINER.sub("", cell.translate(INVISIBLE))).split())


def _known(row: Iterable[str], headers: Headers) -> dict[str, int]:
    """Map columns to fields; of two columns with the same meaning, the first counts."""
    found: dict[str, int] = {}
    for at, header in enumerate(row):
        field = headers.get(_spelled(header))
        if field is not None:
            found.setdefault(field, at)
    return found


def _spelled(header: str) -> str:
    plain = header.casefold().replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[^\w]|_", " ", _clean(plain)).split())


def _header_at(rows: Sequence[Cells], kind: ListKind) -> int | None:
    first, _sentence = kind.needs[0]
    scores = [(len(known), -at) for at, row in enumerate(rows) if first & (known := _known(row, kind.headers)).keys()]
    return -max(scores)[1] if scores else None


def _table(cells: Iterator[Cells], kind: ListKind) -> OpenTable:
    above = list(islice(cells, HEADER_WITHIN))
    at = _header_at(above, kind)
    header = above[at] if at is not None else next((row for row in above if any(row)), [])
    known = _known(header, kind.headers) if at is not None else {}
    for fields, sentence in kind.needs:
        if not known.keys() & fields:
            columns = ", ".join(cell[:40] for cell in header[:12] if cell)
            raise UnreadableFile(str(sentence) % {"columns": columns})
    below = chain(above[(at or 0) + 1 :], cells)
    rows = _rows(below, known, len(header), (at or 0) + 2, kind)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(str(kind.no_rows))
    unused = [each for column, each in enumerate(header) if each and column not in known.values()]
    columns_used = {field: header[column] for field, column in known.items()}
    return OpenTable(chain([first], rows), columns_used, tuple(unused))


def _rows(
    below: Iterable[Cells], known: Mapping[str, int], width: int, first_number: int, kind: ListKind
) -> Iterator[Row]:
    """The rows that are not empty."""
    for number, row in enumerate(below, start=first_number):
        said = {field: row[column] if column < len(row) else "" for field, column in known.items()}
        if any(said.values()):
            if kind.surplus:
                said[kind.surplus] = " ".join(filter(None, row[width:]))
            yield number, said
