"""Read a list, CSV or XLSX, however messy: a file in, lines out. Pure; runs in the process of `child.py`.

The rules:

1. What the bytes are decides, and the name must agree; a file that is not what it says is refused.
2. The separator is the one under which most headers are known. The row with the column that this kind of list cannot
   do without is the header row; titles above it are passed over.
3. Cells stay text. They lose their surrounding space, invisible characters and line breaks, nothing else; a cell
   that looks like a formula is just odd text.
4. Row numbers are those a spreadsheet shows.

The lines: `columns` with field and header by turns, `unused` with headers, then one for each row: its number, a cell
for each field of `columns`, and, where it is wanted, the surplus.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from cohorts.imports.cell_texts import counted_text, plain_text
from cohorts.imports.parts import Bounds, damaged
from cohorts.imports.records import Refused
from cohorts.imports.texts import text_rows
from cohorts.imports.workbooks import Workbook
from cohorts.web.letters import cleaned

MAX_COLUMNS = 200
HEADER_WITHIN = 15
PIECE_BYTES = 1 << 16
MAX_HEADER_CHARACTERS = 200
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
DOCUMENTS = (b"%pdf", b"<!doctype", b"<html", b"<table", b"{\\rtf")

Numbered = tuple[int, list[str]]
Line = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the application wants to know: the kind of list, without its words. `ending` is that of the file's name."""

    ending: str
    headers: Mapping[str, str]
    needs: Sequence[Sequence[str]]
    max_bytes: int
    max_rows: int
    counts: bool
    surplus: bool


def read(file: BinaryIO, asked: Mapping[str, Any], bounds: Bounds = Bounds()) -> Iterator[Line]:  # noqa: B008 - frozen
    """The lines of a list. Raises Refused."""
    table = _Table(Asked(**asked), bounds)
    start = table.start_of(file)
    table.ensure_what_it_says(start)
    rows = table.workbook_rows(file) if start.startswith(ZIP) else table.text_rows(file)
    return table.lines(rows)


class _Table:
    def __init__(self, asked: Asked, bounds: Bounds) -> None:
        self.asked, self.bounds = asked, bounds

    def start_of(self, file: BinaryIO) -> bytes:
        """The first bytes of a file that is neither empty nor too large."""
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        pieces = iter(lambda: file.read(PIECE_BYTES), b"")
        start = next(pieces, b"")
        if not start.strip() and not any(piece.strip() for piece in pieces):
            raise Refused("empty")
        if size > self.asked.max_bytes:
            raise Refused("too_large")
        return start

    def ensure_what_it_says(self, start: bytes) -> None:
        ending, is_zip = self.asked.ending, start.startswith(ZIP)
        is_text, is_workbook = ending in {"csv", "txt", "tsv"}, ending in {"xlsx", "xlsm"}
        if start.startswith(OLD_EXCEL):
            raise Refused("old_excel")
        if not (is_text or is_workbook):
            raise Refused("other_kind")
        if is_text and is_zip:
            raise Refused("no_text_file", ending)
        if is_workbook and not is_zip:
            raise Refused("no_workbook", ending)
        if start[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(DOCUMENTS):
            raise Refused("document")

    def text_rows(self, file: BinaryIO) -> Iterator[Numbered]:
        return text_rows(
            file,
            headers_known=lambda row: len(self.known(row)),
            look_at=HEADER_WITHIN,
            max_columns=MAX_COLUMNS,
        )

    def workbook_rows(self, file: BinaryIO) -> Iterator[Numbered]:
        """The first sheet that has a header row, else the first sheet."""
        with damaged():
            as_text = counted_text if self.asked.counts else plain_text
            workbook = Workbook(file, as_text, self.bounds, max_columns=MAX_COLUMNS)
            first_rows = (list(islice(workbook.rows(sheet), HEADER_WITHIN)) for sheet in workbook.sheets)
            found = (
                sheet
                for sheet, rows in zip(workbook.sheets, first_rows, strict=True)
                if self.header_at([row for _number, row in rows]) is not None
            )
            yield from workbook.rows(next(found, workbook.sheets[0]))

    def lines(self, rows: Iterator[Numbered]) -> Iterator[Line]:
        above = list(islice(self.within(rows), HEADER_WITHIN))
        at = self.header_at([row for _number, row in above])
        header = above[at][1] if at is not None else next((row for _number, row in above if any(row)), [])
        known = self.known(header) if at is not None else {}
        for number, fields in enumerate(self.asked.needs):
            if not known.keys() & set(fields):
                raise Refused("needs", number, ", ".join(cell[:40] for cell in header[:12] if cell))
        columns = [(field, header[column][:MAX_HEADER_CHARACTERS]) for field, column in known.items()]
        yield ["columns", *chain.from_iterable(columns)]
        used = set(known.values())
        unused = (text for column, text in enumerate(header) if text and column not in used)
        yield ["unused", *(text[:MAX_HEADER_CHARACTERS] for text in unused)]
        below = self.filled(chain(above[(at or 0) + 1 :], self.within(rows)), known, len(header))
        first = next(below, None)
        if first is None:
            raise Refused("no_rows")
        yield first
        yield from below

    def within(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        for number, row in rows:
            if number > self.asked.max_rows + HEADER_WITHIN:
                raise Refused("too_many_rows")
            yield number, row

    def filled(self, below: Iterable[Numbered], known: Mapping[str, int], width: int) -> Iterator[Line]:
        """The rows that are not empty."""
        columns = list(known.values())
        for number, row in below:
            said = [row[column] if column < len(row) else "" for column in columns]
            if any(said):
                if self.asked.surplus:
                    said.append(" ".join(filter(None, row[width:])))
                yield [str(number), *said]

    def header_at(self, rows: Sequence[Sequence[str]]) -> int | None:
        first = set(self.asked.needs[0])
        scores = [(len(known), -at) for at, row in enumerate(rows) if first & (known := self.known(row)).keys()]
        return -max(scores)[1] if scores else None

    def known(self, row: Iterable[str]) -> dict[str, int]:
        """Map columns to fields; of two columns with the same meaning, the first counts."""
        found: dict[str, int] = {}
        for at, header in enumerate(islice(row, MAX_COLUMNS)):
            field = self.asked.headers.get(_spelled(header[:MAX_HEADER_CHARACTERS]))
            if field is not None:
                found.setdefault(field, at)
        return found


def _spelled(header: str) -> str:
    plain = header.casefold().replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[^\w]|_", " ", cleaned(plain)).split())
