"""Rows of a workbook, one at a time. Pure.

A small part of what a workbook can say: the cells of its sheets as their last saved values, as text. Decision 37 says
why this is ours. What it reads is compared with openpyxl in the tests.
"""

import posixpath
import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import BinaryIO

from cohorts.imports.cell_texts import NO_VALUE
from cohorts.imports.chosen import MAX_SHEETS
from cohorts.imports.parts import Attributes, Bounds, Package, value_of
from cohorts.imports.records import Refused
from cohorts.web import formulas
from cohorts.web.letters import cleaned

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAX_SHEET_NAME_CHARACTERS = 100
MAX_NUMBER_CHARACTERS = 40
MAX_FORMAT_CHARACTERS = 255
LAST_ROW = 1 << 20
COLUMNS = re.compile(r"[A-Z]{1,3}")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how Excel writes a character that XML has no room for
NOT_SAID = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\[\]]*\]')  # what a number format quotes, colours and languages
DATE_SIGN = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
SPAN = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)
BUILT_IN = {str(number): (True, number == 46) for number in (*range(14, 23), 45, 46, 47)}  # is a date, is a span
FROM_1900, FROM_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - Excel knows no zones
NO_DATE = "#VALUE!"
MAX_WIDE = 20  # columns that one merged cell fills
MAX_AROUND = 20_000  # merged cells and links that are looked at
MAX_LINK_CHARACTERS = 300
LAID_OVER = re.compile(rb"<(?:\w+:)?(mergeCell|hyperlink)\b([^<>]*)>")
ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
AREA = re.compile(r"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
MAIL_LINK = re.compile(r"^mailto:([^?]+)", re.IGNORECASE)
MAIL_FORMULA = re.compile(r"""^=?\s*HYPERLINK\(\s*"mailto:([^"?]+)""", re.IGNORECASE)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")

Row = tuple[int, list[str]]
AsText = Callable[[object], str]


class Filled(str):
    """What a merged cell says in the columns that it covers beside its own."""

    __slots__ = ()


def without_merges(row: Iterable[str]) -> list[str]:
    return ["" if isinstance(cell, Filled) else cell for cell in row]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a sheet is in the package, and how Excel shows it."""

    part: str
    name: str
    is_visible: bool


@dataclass(slots=True)
class Around:
    """What is laid over the cells of a sheet: merged areas (row, column, row, column), and links to addresses."""

    areas: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)


class Workbook:
    """Its sheets, its strings, and which styles are dates.

    `is_laid_over`: also read what stands around the cells, which a list that somebody cares for by hand has: merged
    cells, links, and formulas that never got a value.
    """

    def __init__(
        self, file: BinaryIO, as_text: AsText, bounds: Bounds, *, max_columns: int, is_laid_over: bool = False
    ) -> None:
        self.as_text, self.bounds, self.max_columns = as_text, bounds, max_columns
        self.is_laid_over, self.around = is_laid_over, dict[str, Around]()
        self.package = Package(file, bounds)
        self.left_around = self.package.left  # a second look at all sheets together takes no more than the first
        if WORKBOOK not in self.package.names:
            raise Refused("other_zip")
        relations = self._relations()
        self.dates_from, sheets = self._sheets()
        told = [(relations[each], name, is_visible) for each, name, is_visible in sheets]
        self.sheets = [Sheet(part, name, is_visible) for (kind, part), name, is_visible in told if kind == "worksheet"]
        if not self.sheets:
            raise Refused("no_sheet")
        if len(self.sheets) > MAX_SHEETS:
            raise Refused("too_many_sheets")
        others = {kind: part for kind, part in relations.values() if part in self.package.names}
        self.strings = self._strings(others["sharedStrings"]) if "sharedStrings" in others else Strings(bounds)
        self.dates, self.spans = self._styles(others["styles"]) if "styles" in others else (set(), set())
        self.number_text = lru_cache(4_096)(self._number_text)

    def rows(self, sheet: Sheet, *, hidden: set[int] | None = None) -> Iterator[Row]:
        """The rows that say anything, with their numbers. Those that nobody sees are added to `hidden`, too."""
        around = self._around(sheet.part) if self.is_laid_over else Around()
        reader = _Sheet(self, around, hidden if hidden is not None else set())
        for _piece in self.package.parse(sheet.part, reader.start, reader.end, reader.text):
            while reader.ready:
                yield reader.ready.popleft()
            if reader.is_over:
                break
        yield from reader.ready

    def _around(self, part: str) -> Around:
        """What stands behind the cells of a sheet and belongs to them: found by a first look at the bytes."""
        if part in self.around:
            return self.around[part]
        found, ids = self.around.setdefault(part, Around()), dict[tuple[int, int], str]()
        left, end, count = self.package.left, b"", 0
        self.package.left = self.left_around
        for piece in self.package.pieces(part):
            text = end + piece
            for tag in LAID_OVER.finditer(text):
                count += 1
                said = dict(ATTRIBUTE.findall(tag[2].decode("utf-8", "replace")))
                place = said.get("ref", "")
                if tag[1] == b"mergeCell" and (area := AREA.fullmatch(place)):
                    found.areas.append((int(area[2]), _column(area[1]), int(area[4]), _column(area[3])))
                elif tag[1] == b"hyperlink" and (cell := PLACE.match(place)):
                    ids[int(cell[2]), _column(cell[1])] = next((said[key] for key in said if key.endswith(":id")), "")
            if count > MAX_AROUND:
                break
            end = text[text.rfind(b"<") :][: self.bounds.tag_bytes] if b"<" in text else b""
        self.left_around, self.package.left = self.package.left, left
        links = self._links(part) if ids else {}
        found.links.update((cell, links[each]) for cell, each in ids.items() if each in links)
        found.areas.sort()
        return found

    def _links(self, part: str) -> dict[str, str]:
        """The addresses that cells of this sheet link to, by id."""
        folder, name = posixpath.split(part)
        targets: dict[str, str] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and (mail := MAIL_LINK.match(value_of(attributes, "Target"))):
                targets[value_of(attributes, "Id")] = mail[1]

        relations = f"{folder}/_rels/{name}.rels"
        if relations in self.package.names:
            self._read(relations, start)
        return targets

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Kind and part by id."""
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship":
                kind = value_of(attributes, "Type").rpartition("/")[2]
                target = posixpath.normpath(posixpath.join("/xl", value_of(attributes, "Target")))
                found[value_of(attributes, "Id")] = kind, target.lstrip("/")

        self._read(RELATIONS, start)
        return found

    def _sheets(self) -> tuple[datetime, list[tuple[str, str, bool]]]:
        """When the days of this workbook begin, and its sheets in their order: id, name, whether one sees it."""
        epoch, sheets = FROM_1900, []

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal epoch
            if tag == "sheet":
                is_visible = value_of(attributes, "state") not in {"hidden", "veryHidden"}
                name = value_of(attributes, "name")[:MAX_SHEET_NAME_CHARACTERS]
                sheets.append((value_of(attributes, "id"), name, is_visible))
            elif tag == "workbookPr" and value_of(attributes, "date1904") in {"1", "true"}:
                epoch = FROM_1904

        self._read(WORKBOOK, start)
        return epoch, sheets

    def _strings(self, part: str) -> "Strings":
        strings = Strings(self.bounds)
        for _piece in self.package.parse(part, strings.start, strings.end, strings.text):
            pass
        return strings

    def _styles(self, part: str) -> tuple[set[str], set[str]]:
        """The styles under which a number is a date, and those under which it is a span of time."""
        styles = _Styles(self.bounds)
        for _piece in self.package.parse(part, styles.start, styles.end):
            pass
        return styles.dates, styles.spans

    def _read(self, part: str, start: Callable[[str, Attributes], None]) -> None:
        for _piece in self.package.parse(part, start, lambda _tag: None):
            pass

    def value(self, kind: str, style: str, said: str) -> str:
        if kind == "s":
            return self.strings[int(said)]
        if kind == "n":
            return self.number_text(said, style)
        if kind == "b":
            return str(said.strip() != "0")
        if kind == "d":
            return self._date_text(said)
        return _text_of(said)

    def _number_text(self, said: str, style: str) -> str:
        said = said.strip()
        if len(said) > MAX_NUMBER_CHARACTERS:
            return said
        number = float(said) if any(sign in said for sign in ".eE") else int(said)
        if style not in self.dates:
            return cleaned(self.as_text(number))
        try:
            return self.as_text(_moment(number, self.dates_from, is_span=style in self.spans))
        except (OverflowError, ValueError):
            return NO_DATE

    def _date_text(self, said: str) -> str:
        if INSTANT.fullmatch(said):
            return self.as_text(datetime.fromisoformat(said.rstrip("Z")))
        return self.as_text(date.fromisoformat(said)) if DAY.fullmatch(said) else cleaned(said)


class Strings:
    """The strings that cells share, in little room: there may be a million."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.bytes, self.ends = bounds, bytearray(), array("L", [0])
        self.pieces = _Pieces(bounds)

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return self.bytes[self.ends[number] : self.ends[number + 1]].decode()

    def start(self, tag: str, _attributes: Attributes) -> None:
        self.pieces.start(tag)

    def text(self, text: str) -> None:
        self.pieces.text(text)

    def end(self, tag: str) -> None:
        self.pieces.end(tag)
        if tag == "si":
            self.bytes += _text_of(self.pieces.taken()).encode("utf-8", "replace")
            self.ends.append(len(self.bytes))
            if len(self.bytes) > self.bounds.strings_bytes:
                raise Refused("too_large_unpacked")


class _Pieces:
    """The text of a string, which may come in runs of different looks. How it is pronounced is no part of it."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.pieces = bounds, list[str]()
        self.is_text = self.is_sound = False
        self.length = 0

    def start(self, tag: str) -> None:
        if tag == "t":
            self.is_text = not self.is_sound
        elif tag == "rPh":
            self.is_sound = True

    def text(self, text: str) -> None:
        if self.is_text:
            self.length += len(text)
            if self.length > self.bounds.cell_characters:
                raise Refused("long_cell")
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        if tag == "t":
            self.is_text = False
        elif tag == "rPh":
            self.is_sound = False

    def taken(self) -> str:
        text, self.pieces, self.length = "".join(self.pieces), [], 0
        return text


class _Styles:
    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.dates, self.spans = set[str](), set[str]()
        self.formats, self.formats_left = dict(BUILT_IN), bounds.formats
        self.inside, self.count = "", 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag in {"numFmts", "cellXfs"}:
            self.inside = tag
        elif tag == "numFmt" and self.inside == "numFmts":
            self.formats_left -= 1
            if self.formats_left < 0:
                raise Refused("too_large_unpacked")
            code = value_of(attributes, "formatCode")[:MAX_FORMAT_CHARACTERS].partition(";")[0]
            is_date = DATE_SIGN.search(NOT_SAID.sub("", code)) is not None
            self.formats[value_of(attributes, "numFmtId")] = is_date, SPAN.search(code) is not None
        elif tag == "xf" and self.inside == "cellXfs":
            self._add(value_of(attributes, "numFmtId") or "0")

    def end(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def _add(self, number: str) -> None:
        style, (is_date, is_span) = str(self.count), self.formats.get(number, (False, False))
        self.count += 1
        if self.count > self.bounds.styles:
            raise Refused("too_large_unpacked")
        if is_date:
            self.dates.add(style)
        if is_span:
            self.spans.add(style)


class _Sheet:
    """Takes a sheet's elements and makes rows of them."""

    def __init__(self, workbook: Workbook, around: Around, hidden: set[int]) -> None:
        self.workbook, self.bounds = workbook, workbook.bounds
        self.around, self.hidden, self.merges = around, hidden, _Merges(around.areas)
        self.is_formula = self.has_formula = False
        self.formula = ""
        self.ready: deque[Row] = deque()
        self.pieces = _Pieces(self.bounds)
        self.is_over = self.is_value = False
        self.number = self.column = self.length = 0
        self.is_row_new, self.left = False, self.bounds.row_cells
        self.kind = self.style = ""
        self.value: list[str] = []
        self.cells: dict[int, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v":
            self.is_value = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "f":
            self.is_formula = self.has_formula = True
        else:
            self.pieces.start(tag)

    def text(self, text: str) -> None:
        if self.is_formula:
            self.formula = (self.formula + text)[:MAX_LINK_CHARACTERS]
        elif self.is_value:
            self.length += len(text)
            if self.length > self.bounds.cell_characters:
                raise Refused("long_cell")
            self.value.append(text)
        else:
            self.pieces.text(text)

    def end(self, tag: str) -> None:
        if tag == "v":
            self.is_value = False
        elif tag == "f":
            self.is_formula = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag == "sheetData":
            self.is_over = True
        else:
            self.pieces.end(tag)

    def _start_row(self, attributes: Attributes) -> None:
        said = value_of(attributes, "r")
        number = int(said) if said else self.number + 1
        self.is_row_new = self.number < number <= LAST_ROW
        self.number = max(self.number, min(number, LAST_ROW))
        if value_of(attributes, "hidden") in {"1", "true"}:
            self.hidden.add(self.number)
        self.column, self.cells, self.left = 0, {}, self.bounds.row_cells

    def _start_cell(self, attributes: Attributes) -> None:
        self.left -= 1
        if self.left < 0:
            raise Refused("too_many_columns")
        self.kind, self.style, place = "n", "0", ""
        for at in range(0, len(attributes), 2):
            name = attributes[at]
            if name == "r":
                place = attributes[at + 1]
            elif name == "t":
                self.kind = attributes[at + 1]
            elif name == "s":
                self.style = attributes[at + 1]
        self.column = _column(place.rstrip("0123456789")) if place else self.column + 1
        self.value, self.length = [], 0
        self.formula, self.has_formula = "", False

    def _end_cell(self) -> None:
        if self.kind == "inlineStr":
            text = _text_of(self.pieces.taken())
        else:
            said = "".join(self.value)
            text = self.workbook.value(self.kind, self.style, said) if said else ""
        if self.workbook.is_laid_over and "@" not in text:
            text = self._linked(text)
        if text:
            if self.column > self.workbook.max_columns:
                raise Refused("too_many_columns")
            self.cells[self.column] = text

    def _linked(self, text: str) -> str:
        """The address behind a cell that shows another text, or nothing yet."""
        written = MAIL_FORMULA.match(self.formula)
        link = written[1] if written else self.around.links.get((self.number, self.column), "")
        if link:
            return cleaned(link)
        return NO_VALUE if self.has_formula and not text and self.kind != "str" else text

    def _end_row(self) -> None:
        if self.is_row_new and self.around.areas:
            self.merges.fill(self.number, self.cells)
        if self.is_row_new and self.cells:
            self.ready.append((self.number, [self.cells.get(at, "") for at in range(1, max(self.cells) + 1)]))


class _Merges:
    """Merged areas, met from the top: those below their first cell repeat it, those beside it are `Filled`."""

    def __init__(self, areas: list[tuple[int, int, int, int]]) -> None:
        self.areas, self.at = areas, 0
        self.open: list[tuple[int, int, int, str]] = []  # last row, first and last column, what it says

    def fill(self, number: int, cells: dict[int, str]) -> None:
        while self.at < len(self.areas) and self.areas[self.at][0] <= number:
            first, left, last, right = self.areas[self.at]
            self.at += 1
            if first == number and (said := cells.get(left)):
                self.open.append((last, left, min(right, left + MAX_WIDE), said))
        self.open = [each for each in self.open if each[0] >= number]
        for _last, left, right, said in self.open:
            cells.setdefault(left, said)
            for column in range(left + 1, right + 1):
                cells.setdefault(column, Filled(said))


@lru_cache(32_768)
def _column(letters: str) -> int:
    if not COLUMNS.fullmatch(letters.upper()):
        raise ValueError(letters)
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _moment(number: float, epoch: datetime, *, is_span: bool) -> object:
    """The day, time of day or span that Excel means by a number of days."""
    if is_span:
        span = timedelta(days=number)
        return timedelta(seconds=span.total_seconds() // 1, microseconds=round(span.microseconds, -3))
    day, part = divmod(number, 1)
    into = timedelta(milliseconds=round(part * 86_400_000))
    if 0 <= number < 1 and not into.days:
        return (FROM_1900 + into).time()
    if 0 < number < 60 and epoch == FROM_1900:  # it has a 29 February 1900
        day += 1
    return epoch + timedelta(days=day) + into


def _text_of(said: str) -> str:
    """A text without Excel's escapes, and without ours: a list of ours that was corrected in Excel comes back."""
    return formulas.unescaped(cleaned(unescaped(said)))


def unescaped(text: str) -> str:
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return " " if code < 32 or 0xD800 <= code < 0xE000 else chr(code)
