"""Read a list, CSV or XLSX, however messy: a file in, lines out. Pure; runs in the process of `child.py`.

The rules:

1. What the bytes are decides, and the name must agree; a file that is not what it says is refused.
2. The sheet is the visible one in which most headers are known and that has rows below them. The separator of a text
   is the one under which most headers are known. The row, or the two rows, with the column that this kind of list
   cannot do without are the header; titles above it are passed over. What somebody chose instead is `chosen`.
3. Cells stay text. They lose their surrounding space, invisible characters, line breaks and the escape that our own
   files put before a formula; a cell that looks like a formula is just odd text.
4. Row numbers are those a spreadsheet shows.
5. Headers that come again and sums are passed over, and hidden rows, too; each is counted.

The lines: `columns` with field and header by turns, `unused` with headers, `about` with what was read, and `column`
with what stands in each; then one for each row: its number, a cell for each field of `columns`, and, where it is
wanted, the surplus; last, `after` with counts. A list is read without the columns it needs, too, if it has others.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from cohorts.imports.cell_texts import counted_text, plain_text
from cohorts.imports.chosen import Chosen
from cohorts.imports.encodings import once_decoded
from cohorts.imports.headers import Guesser, Vocabulary, header_words, without_header
from cohorts.imports.parts import Bounds, damaged
from cohorts.imports.records import Refused
from cohorts.imports.texts import TextList
from cohorts.imports.workbooks import Filled, Sheet, Workbook, without_merges
from cohorts.web.letters import folded

MAX_COLUMNS = 200
HEADER_WITHIN = 15
SEEN_ROWS = 60  # by which columns are judged
SAMPLES, MAX_SAMPLE_CHARACTERS = 3, 60
PIECE_BYTES = 1 << 16
MAX_HEADER_CHARACTERS = 200
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
DOCUMENTS = (b"%pdf", b"<!doctype", b"<html", b"<table", b"{\\rtf")
SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
OF_ONE_SHEET = frozenset({"too_many_columns", "long_cell"})
ALL_TOLD = frozenset("total totals totalt sum summe gesamt".split())
SUMS = frozenset(["antall", "antal", "count", "ialt", "i alt", "grand total", "sum total"])

Numbered = tuple[int, list[str]]
Line = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the application wants to know: the kind of list, without its words. `ending` is that of the file's name.

    A list of people is kept by hand: it may have merged cells, headers in two rows, or none.
    """

    ending: str
    vocabulary: Vocabulary
    needs: Sequence[Sequence[str]]
    max_bytes: int
    max_rows: int
    counts: bool
    surplus: bool
    people: bool
    chosen: Chosen


@dataclass(slots=True)
class _Header:
    """Where the header is (-1: nowhere), its texts, and the column of each field."""

    at: int
    texts: list[str]
    columns: dict[str, int]
    points: int = 0


def read(file: BinaryIO, asked: Mapping[str, Any], bounds: Bounds = Bounds()) -> Iterator[Line]:  # noqa: B008 - frozen
    """The lines of a list. Raises Refused."""
    told = dict(asked)
    told |= {"vocabulary": Vocabulary(**told["vocabulary"]), "chosen": Chosen(**told["chosen"])}
    table = _Table(Asked(**told), bounds)
    start = table.start_of(file)
    table.ensure_what_it_says(start)
    rows = table.workbook_rows(file) if start.startswith(ZIP) else table.text_rows(file)
    return table.lines(rows)


class _Table:
    def __init__(self, asked: Asked, bounds: Bounds) -> None:
        self.asked, self.bounds = asked, bounds
        self.guesser = Guesser(asked.vocabulary)
        self.about: list[Line] = []
        self.hidden: set[int] = set()
        self.passed = Counter[str]()

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
            raise Refused(_other_kind(ending, start), ending)
        if is_text and is_zip:
            raise Refused("no_text_file", ending)
        if is_workbook and not is_zip:
            raise Refused("no_workbook", ending)
        if start[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(DOCUMENTS):
            raise Refused("document")

    def text_rows(self, file: BinaryIO) -> Iterator[Numbered]:
        text = TextList(
            file,
            headers_known=lambda row: len(self.guesser.known(row)),
            look_at=HEADER_WITHIN,
            max_columns=MAX_COLUMNS,
            encoding=self.asked.chosen.encoding,
        )
        self.about.append(["encoding", text.encoding, text.other_encoding])
        return text.rows()

    def workbook_rows(self, file: BinaryIO) -> Iterator[Numbered]:
        with damaged():
            as_text = counted_text if self.asked.counts else plain_text
            workbook = Workbook(file, as_text, self.bounds, max_columns=MAX_COLUMNS, is_laid_over=self.asked.people)
            sheet = self.best_sheet(workbook)
            yield from workbook.rows(sheet, hidden=self.hidden)

    def best_sheet(self, workbook: Workbook) -> Sheet:
        """The one chosen, or the visible one with rows, or the visible one with headers, or the first."""
        told = []
        for at, sheet in enumerate(workbook.sheets):
            first = self.first_rows(workbook, sheet)
            header = self.header_of(first)
            has_rows = header is not None and len(first) > header.at + 1
            told.append((sheet.is_visible, has_rows, header is not None and header.points > 0, -at))
        chosen = self.asked.chosen.sheet
        best = chosen if chosen is not None and chosen < len(told) else -max(told)[3]
        for at, (sheet, (is_visible, has_rows, *_)) in enumerate(zip(workbook.sheets, told, strict=True)):
            marks = [
                "visible" if is_visible else "hidden",
                "rows" if has_rows else "",
                "read" if at == best else "",
            ]
            self.about.append(["sheet", sheet.name, *marks])
        return workbook.sheets[best]

    def first_rows(self, workbook: Workbook, sheet: Sheet) -> list[Numbered]:
        """Those by which a sheet is judged; none of one that no list can be, which is refused once it is read."""
        try:
            return list(islice(workbook.rows(sheet), SEEN_ROWS))
        except Refused as refusal:
            if refusal.key not in OF_ONE_SHEET:
                raise
            return []

    def lines(self, rows: Iterator[Numbered]) -> Iterator[Line]:
        above = list(islice(self.within(rows), SEEN_ROWS))
        header = self.header_of(above) or self.no_header(above)
        if self.asked.chosen.columns:
            width = max(len(row) for _number, row in above)
            chosen = {name: int(at) for at, name in self.asked.chosen.columns.items() if int(at) < width}
            header.columns = dict(sorted(chosen.items(), key=lambda each: each[1]))
        self.ensure_needed(header)
        known = header.columns
        header_texts = [text[:MAX_HEADER_CHARACTERS] for text in header.texts]
        columns = [(name, _at(header_texts, column)) for name, column in known.items()]
        yield ["columns", *chain.from_iterable(columns)]
        used = set(known.values())
        yield ["unused", *(text for column, text in enumerate(header_texts) if text and column not in used)]
        yield from (["about", *line] for line in self.about)
        yield from self.described(header, [row for _number, row in above[header.at + 1 :]])
        below = self.filled(
            chain(above[header.at + 1 :], self.within(rows)),
            known,
            [header for _name, header in columns],
            len(header_texts),
        )
        first = next(below, None)
        has_rows = any(any(row) for _number, row in above[header.at + 1 :])
        if first is None and not has_rows:
            raise Refused("no_rows")
        yield from [first] if first is not None else []
        yield from below
        yield ["after", *chain.from_iterable((kind, str(count)) for kind, count in self.passed.items())]

    def ensure_needed(self, header: _Header) -> None:
        for number, fields in enumerate(self.asked.needs):
            is_to_map = sum(map(bool, header.texts)) > 1
            if not is_to_map and not header.columns.keys() & set(fields):
                raise Refused("needs", number, ", ".join(cell[:40] for cell in header.texts[:12] if cell))

    def described(self, header: _Header, below: Sequence[Sequence[str]]) -> Iterator[Line]:
        """What stands in each column: its field, its header, and the first different cells."""
        fields = {column: name for name, column in header.columns.items()}
        for column in range(min(MAX_COLUMNS, max([len(header.texts), *map(len, below)]))):
            cells = dict.fromkeys(cell for row in below if (cell := _at(row, column)))
            if cells or _at(header.texts, column):
                samples = [once_decoded(cell)[:MAX_SAMPLE_CHARACTERS] for cell in islice(cells, SAMPLES)]
                name = _at(header.texts, column)[:MAX_HEADER_CHARACTERS]
                yield ["column", str(column), fields.get(column, ""), name, *samples]

    def within(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        for number, row in rows:
            if number > self.asked.max_rows + HEADER_WITHIN:
                raise Refused("too_many_rows")
            yield number, row

    def filled(self, below: Iterable[Numbered], known: Mapping[str, int], headers: Line, width: int) -> Iterator[Line]:
        """The rows that are not empty, and say something of their own."""
        columns = list(known.values())
        needed = [at for at, name in enumerate(known) if name in self.asked.needs[0]]
        for number, row in below:
            said = [_own(row, column) for column in columns]
            if not any(said):
                continue
            if said == headers or (self.asked.people and self.is_of_headers(said, known)):
                self.passed["headers"] += 1
                continue
            if not any(said[at] for at in needed) and _is_sum(row):
                self.passed["sums"] += 1
                continue
            if number in self.hidden and not self.asked.chosen.hidden:
                self.passed["hidden"] += 1
                continue
            if not all(map(str.isascii, said)):
                said = [once_decoded(cell) for cell in said]
            if self.asked.surplus:
                said.append(" ".join(filter(None, row[width:])))
            yield [str(number), *said]

    def is_of_headers(self, said: Line, known: Mapping[str, int]) -> bool:
        """Whether most of these cells, two at least, say nothing but what their column is."""
        cells = [(name, cell) for name, cell in zip(known, said, strict=True) if cell]
        needed = max(2, len(cells) // 2 + 1)
        others = len(cells) - needed
        for name, cell in sorted(
            cells, key=lambda each: "@" not in each[1]
        ):  # addresses first, which are known at once
            others -= not self.guesser.is_header(cell, name)
            if others < 0:
                return False
        return others >= 0

    def header_of(self, rows: Sequence[Numbered]) -> _Header | None:
        """The row or the two rows in which most is known."""
        first = set(self.asked.needs[0])
        found: list[tuple[int, int, int, _Header]] = []
        for at in range(min(HEADER_WITHIN, len(rows))):
            for depth, texts in enumerate(self.header_texts(rows, at)):
                below = at + depth
                cells = _under([row for _number, row in rows[below + 1 :]], len(texts))
                known = self.guesser.known(texts, cells if self.asked.people else None)
                if first & known.keys():
                    columns = {name: column for name, (column, _points) in known.items()}
                    points = sum(points for _column, points in known.values())
                    found.append((points, -at, -depth, _Header(below, texts, columns, points)))
        return max(found, key=lambda each: each[:3])[3] if found else None

    def header_texts(self, rows: Sequence[Numbered], at: int) -> Iterator[list[str]]:
        """A row as a header, and together with the row under it."""
        _number, upper = rows[at]
        yield without_merges(upper)
        if self.asked.people and at + 1 < len(rows) and not any("@" in cell for cell in rows[at + 1][1]):
            lower = rows[at + 1][1]
            width = max(len(upper), len(lower))
            yield [_together(_at(upper, column), _at(lower, column)) for column in range(width)]

    def no_header(self, rows: Sequence[Numbered]) -> _Header:
        """A list without headers that are known: by its cells, else to be chosen."""
        if self.asked.people:
            cells = _under([row for _number, row in rows], max((len(row) for _number, row in rows), default=0))
            if columns := without_header(cells):
                return _Header(-1, [], columns)
        wide = next((at for at, (_number, row) in enumerate(rows) if sum(map(bool, row)) > 1), 0)
        texts = rows[wide][1] if rows else []
        return _Header(wide, texts, {name: at for name, (at, _points) in self.guesser.known(texts).items()})


def _other_kind(ending: str, start: bytes) -> str:
    if ending in {"ods", "numbers", "fods"}:
        return "other_office"
    if ending in {"xls", "xml"} and (SPREADSHEET_XML in start or b"Excel.Sheet" in start or b"<" in start[:64]):
        return "no_excel"
    return "old_excel" if ending in {"xls", "xlsb"} else "other_kind"


def _is_sum(row: Line) -> bool:
    first = next(filter(None, row), "")
    words = [word for word in header_words(first) if not word.isdigit()]
    return bool(words) and (folded(" ".join(words)) in SUMS or words[0] in ALL_TOLD)


def _own(row: Line, column: int) -> str:
    """A cell without what only a merged cell beside it says."""
    cell = _at(row, column)
    return "" if isinstance(cell, Filled) else cell


def _at(row: Line, column: int) -> str:
    return row[column] if column < len(row) else ""


def _together(upper: str, lower: str) -> str:
    return lower if not upper or folded(upper) == folded(lower) else f"{upper} {lower}".strip()


def _under(rows: Sequence[Line], width: int) -> list[list[str]]:
    return [[cell for row in rows if (cell := _at(row, column))] for column in range(min(width, MAX_COLUMNS))]
