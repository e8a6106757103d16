"""Rows of a text file, one at a time. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cohorts.imports.records import Refused
from cohorts.web.letters import cleaned

SEPARATORS = (";", ",", "\t", "|")
PIECE_BYTES = 1 << 16
START_CHARACTERS = 20_000
MAX_LINE_CHARACTERS = 1 << 18
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def text_rows(
    file: BinaryIO, *, headers_known: Callable[[list[str]], int], look_at: int, max_columns: int
) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, split by the separator under which most headers are known in the first rows."""
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    start = text.read(START_CHARACTERS)
    text.seek(0)

    def known(separator: str) -> int:
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        try:
            return max((headers_known(row) for _number, row in zip(range(look_at), rows, strict=False)), default=0)
        except csv.Error:
            return 0

    best = max(SEPARATORS, key=known)
    return _rows(text, best, max_columns)


def _rows(text: io.TextIOWrapper, separator: str, max_columns: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(text, separator, max_columns), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > max_columns:
                raise Refused("too_many_columns")
            yield number, [cleaned(cell) for cell in row]
    except csv.Error as error:
        raise Refused("open_quote", reader.line_num) from error


def _lines(text: io.TextIOWrapper, separator: str, max_columns: int) -> Iterator[str]:
    """The lines, of which none is so long that splitting it takes much."""
    while line := text.readline(MAX_LINE_CHARACTERS):
        if len(line) == MAX_LINE_CHARACTERS:
            raise Refused("too_many_columns" if line.count(separator) > max_columns else "long_cell")
        yield line


def _encoding(file: BinaryIO) -> str:
    """UTF-8 or UTF-16, detected by BOM or content, else Windows-1252, which older Excel saves."""
    file.seek(0)
    for encoding in _likely_encodings(file.read(2000)):
        if _is_text_in(file, encoding):
            return encoding
    raise Refused("no_text")


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
