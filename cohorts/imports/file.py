"""Read an uploaded list, CSV or XLSX, however messy. Pure: bytes in, rows out.

The rules:

1. What the bytes are decides, and the name must agree; a file that is not what it says is refused with a sentence.
2. The separator is the one under which most headers are known. The first row with a known e-mail header is the
   header row; titles above it are passed over.
3. Cells stay text. They lose their surrounding space, invisible characters and line breaks, nothing else; a cell
   that looks like a formula is just odd text.
4. Row numbers are those a spreadsheet shows.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_LIST_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_MARKS = 2_000_000  # 10,000 rows of 40 columns; 40 kB of zip can hold ten million, and take 3 GB to read
MAX_ROWS = 10_000
MAX_COLUMNS = 200
HEADER_WITHIN = 15
SEPARATORS = (";", ",", "\t", "|")

Headers = Mapping[str, str]  # spelling -> field


def headers_of(synonyms: Mapping[str, str]) -> Headers:
    """The known headers of a kind of list. Every kind has a column `email`, which tells the header row."""
    return {spelling: field for field, spellings in synonyms.items() for spelling in spellings.split("|")}


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
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class UnreadableFile(Exception):
    """The file cannot be read. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a list by row number and field, the header used for each field, and the headers not used."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    columns: dict[str, str]
    unused: tuple[str, ...]


Cells = Sequence[str]


def read_table(data: bytes, file_name: str, headers: Headers) -> Table:
    """Read a list with these headers. Raises UnreadableFile with a sentence for the uploader."""
    if not data.strip():
        raise UnreadableFile(_("This file is empty."))
    if len(data) > MAX_LIST_BYTES:
        raise UnreadableFile(_("This file is larger than 5 MB. Keep only the columns for people and managers."))
    ending = file_name.rpartition(".")[2].lower()
    _ensure_what_it_says(data, ending)
    is_workbook = data.startswith(ZIP)
    return _table(_workbook_rows(data, headers) if is_workbook else _text_rows(_decoded(data), headers), headers)


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


def _decoded(data: bytes) -> str:
    """Decode UTF-8 or UTF-16, detected by BOM or content, else Windows-1252, which older Excel saves."""
    for encoding in _likely_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    raise UnreadableFile(_("This file is not text. Export the list as .csv or .xlsx."))


def _likely_encodings(data: bytes) -> Iterator[str]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            yield encoding
            return
    start = data[:2000]
    if start.count(0) > len(start) // 4:
        yield "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    yield from ("utf-8", "cp1252")


def _text_rows(text: str, headers: Headers) -> list[Cells]:
    """Split rows by the separator under which most headers are known."""
    start = text[:20_000]
    best = max(SEPARATORS, key=lambda separator: _headers_known(start, separator, headers))
    return _parsed(text, best)


def _headers_known(start: str, separator: str, headers: Headers) -> int:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    try:
        rows = [row for _number, row in zip(range(HEADER_WITHIN), reader, strict=False)]
    except csv.Error:
        return 0
    return max((len(_known(row, headers)) for row in rows), default=0)


def _parsed(text: str, separator: str) -> list[Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Cells] = []
    try:
        for row in reader:
            _ensure_size(len(rows), len(row))
            rows.append([_clean(cell) for cell in row])
    except csv.Error as error:
        raise UnreadableFile(
            _("A quotation mark near line %(line)d is never closed, or is inside a cell. Fix it and upload again.")
            % {"line": reader.line_num}
        ) from error
    return rows


# Workbooks


def _workbook_rows(data: bytes, headers: Headers) -> list[Cells]:
    """The first sheet that has a known header, else the first sheet."""
    try:
        _ensure_unpacks(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        tables = [_sheet_rows(sheet) for sheet in workbook.worksheets[:5]]
    except DAMAGED as error:
        raise UnreadableFile(_("This workbook is damaged. Open it in Excel, save it again and upload that.")) from error
    if not tables:
        raise UnreadableFile(_("This workbook has no sheet."))
    return next((table for table in tables if _header_at(table, headers) is not None), tables[0])


def _ensure_unpacks(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
        if not any(entry.filename == "xl/workbook.xml" for entry in entries):
            raise UnreadableFile(_("This is a zip file, but not an Excel workbook. Upload the .csv or .xlsx itself."))
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or _marks(packed) > MAX_MARKS:
            raise UnreadableFile(_("This workbook is too large when unpacked. Keep only the sheet with the people."))


def _marks(packed: zipfile.ZipFile) -> int:
    """Count XML tags, since parsing one costs a hundred times its size and bytes alone say too little."""
    total = 0
    for entry in packed.infolist():
        with packed.open(entry) as part:
            while piece := part.read(1 << 20):
                total += piece.count(b"<")
    return total


def _sheet_rows(sheet: object) -> list[Cells]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # exports often state a wrong size
    rows: list[Cells] = []
    for row in sheet.iter_rows(values_only=True):  # type: ignore[attr-defined]
        _ensure_size(len(rows), len(row))
        rows.append([_clean(_as_text(value)) for value in row])
    return rows


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


# Both


def _ensure_size(rows: int, columns: int) -> None:
    if rows >= MAX_ROWS + HEADER_WITHIN:
        raise UnreadableFile(_("This file has more than 10,000 rows. Split it in two."))
    if columns > MAX_COLUMNS:
        raise UnreadableFile(_("This file has more than 200 columns. Keep only those for people and managers."))


def _clean(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell.translate(INVISIBLE)).split())


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


def _header_at(table: Sequence[Cells], headers: Headers) -> int | None:
    rows = table[:HEADER_WITHIN]
    scores = [(len(known), -at) for at, row in enumerate(rows) if "email" in (known := _known(row, headers))]
    return -max(scores)[1] if scores else None


def _table(cells: Sequence[Cells], headers: Headers) -> Table:
    at = _header_at(cells, headers)
    if at is None:
        raise UnreadableFile(_no_email_column(cells))
    header, known = cells[at], _known(cells[at], headers)
    if not known.keys() & {"name", "first_name", "last_name"}:
        raise UnreadableFile(_("No column for names. Call one of them Name, or two of them First name and Last name."))
    rows = tuple(
        (number, {field: _cell(row, column) for field, column in known.items()})
        for number, row in enumerate(cells[at + 1 :], start=at + 2)
        if any(_cell(row, column) for column in known.values())
    )
    if not rows:
        raise UnreadableFile(_("The headers are there, but no people under them."))
    unused = [each for column, each in enumerate(header) if each and column not in known.values()]
    return Table(rows, {field: header[column] for field, column in known.items()}, tuple(unused))


def _no_email_column(table: Sequence[Cells]) -> str:
    first = next((row for row in table if any(row)), [])
    names = ", ".join(cell[:40] for cell in first[:12] if cell)
    return _("No column for e-mail among: %(columns)s. Call one of them E-mail.") % {"columns": names}


def _cell(row: Cells, column: int) -> str:
    return row[column] if column < len(row) else ""
