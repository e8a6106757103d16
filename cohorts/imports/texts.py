"""Rows of a text file, one at a time. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from cohorts.imports.encodings import OFFERED, encoding_of, is_text_in
from cohorts.imports.records import Refused
from cohorts.web.formulas import unescaped
from cohorts.web.letters import cleaned

SEPARATORS = (";", ",", "\t", "|")
START_CHARACTERS = 20_000
MAX_LINE_CHARACTERS = 1 << 18

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates and quotes its cells. `is_wrapped`: each whole row stands in one pair of quotes."""

    separator: str
    quotes: str = "doubled"  # or "escaped" by a backslash, or "letters": they quote nothing
    is_wrapped: bool = False

    def split(self, lines: Iterator[str], *, strict: bool = True) -> Iterator[list[str]]:
        if self.is_wrapped:
            lines = (row[0] if len(row) == 1 else "" for row in csv.reader(lines, delimiter="\0", strict=strict))
        match self.quotes:
            case "escaped":
                return csv.reader(lines, delimiter=self.separator, strict=strict, doublequote=False, escapechar="\\")
            case "letters":
                return csv.reader(lines, delimiter=self.separator, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.separator, strict=strict)


class TextList:
    """A text whose encoding and dialect are found out. `other_encoding` is another likely one, if there is one."""

    def __init__(
        self,
        file: BinaryIO,
        *,
        headers_known: Callable[[list[str]], int],
        look_at: int,
        max_columns: int,
        encoding: str = "",
    ) -> None:
        self.max_columns = max_columns
        self.encoding, self.other_encoding = encoding_of(file)
        if encoding in OFFERED and encoding != self.encoding and is_text_in(file, encoding):
            self.encoding, self.other_encoding = encoding, self.encoding
        file.seek(0)
        self.text = io.TextIOWrapper(file, encoding=self.encoding, newline="")
        self.dialect = self._quoting(self._separating(headers_known, look_at))

    def rows(self) -> Iterator[Row]:
        """Rows with their numbers."""
        for number, row in enumerate(self._split(self.dialect), start=1):
            if any(row[self.max_columns :]):
                raise Refused("too_many_columns")
            yield number, [unescaped(cleaned(cell)) for cell in row[: self.max_columns]]

    def _separating(self, headers_known: Callable[[list[str]], int], look_at: int) -> Dialect:
        """The separator under which most headers are known; else under which most rows are of one width."""
        self.text.seek(0)
        start = self.text.read(START_CHARACTERS)

        def known(dialect: Dialect) -> tuple[int, int]:
            lines = iter(io.StringIO(start, newline=""))
            try:
                rows = [row for _number, row in zip(range(look_at), dialect.split(lines, strict=False), strict=False)]
            except csv.Error:
                return 0, 0
            widths = Counter(len(row) for row in rows if len(row) > 1)
            return max(map(headers_known, rows), default=0), max(widths.values(), default=0)

        plain = [Dialect(separator) for separator in SEPARATORS]
        wrapped = [replace(each, is_wrapped=True) for each in plain] if '"' in start else []
        return max([*plain, *wrapped], key=known)

    def _quoting(self, dialect: Dialect) -> Dialect:
        """How the file quotes: the strictest way in which all of it can be read."""
        self.text.seek(0)
        is_escaped = '\\"' in self.text.read(START_CHARACTERS)
        quotes = ["doubled", *(["escaped"] if is_escaped else []), "letters"]
        ways = [replace(dialect, quotes=each) for each in quotes]
        broken = None
        for way in ways:
            try:
                widths = Counter(len(row) for row in self._split(way) if row)
            except Refused as refusal:
                if refusal.key != "open_quote":
                    raise
                broken = broken or refusal
            else:
                if way.quotes != "letters" or (len(widths) == 1 and self._is_balanced()):
                    return way
        assert broken is not None
        raise broken

    def _is_balanced(self) -> bool:
        """Whether every line closes the quotes it opens."""
        self.text.seek(0)
        return all(line.count('"') % 2 == 0 for line in self._lines(""))

    def _split(self, dialect: Dialect) -> Iterator[list[str]]:
        self.text.seek(0)
        reader = dialect.split(self._lines(dialect.separator))
        at = 0
        try:
            for row in reader:
                at += 1
                yield row
        except csv.Error as error:
            raise Refused("open_quote", getattr(reader, "line_num", at)) from error

    def _lines(self, separator: str) -> Iterator[str]:
        """The lines, of which none is so long that splitting it takes much."""
        while line := self.text.readline(MAX_LINE_CHARACTERS):
            if len(line) == MAX_LINE_CHARACTERS:
                raise Refused("too_many_columns" if line.count(separator) > self.max_columns else "long_cell")
            yield line
