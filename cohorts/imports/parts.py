"""The parts of a zip file, and the XML in them, within bounds. Pure. What the file says of itself is not believed.

Expat reads each part piece by piece and hands out elements, text and ends; no tree is built. `defusedxml` refuses a
DTD before anything in it is read, so that there are neither entities nor attributes that stand nowhere.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from cohorts.imports.records import Refused

PIECE_BYTES = 1 << 16
PART_BYTES = 1 << 13  # its cells are in memory at once, and each may name a string that is a thousand times as long
ENTRY = b"PK\x01\x02"  # each entry of a zip's directory begins with it
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, ParseError, DefusedXmlException),
    *(ArithmeticError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError),
)

Attributes = list[str]  # name, value, name, value
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one workbook may hold. Excel's own are wider; these are those of a list."""

    entries: int = 2_000
    unpacked_bytes: int = 100 * 1024 * 1024
    ratio: int = 200  # a sheet packs to a twentieth; one made to hurt to a thousandth
    ratio_from_bytes: int = 1024 * 1024
    elements: int = 5_000_000  # 100,000 rows of 15 columns, three for each cell
    attributes: int = 64
    depth: int = 64
    names: int = 1_000  # of elements, and name spaces: the memory of each is never freed
    tag_bytes: int = 256 * 1024
    strings_bytes: int = 16 * 1024 * 1024
    row_cells: int = 16_384  # as in Excel
    cell_characters: int = 32_767  # as in Excel
    styles: int = 65_536
    formats: int = 5_000


@contextmanager
def damaged() -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        raise Refused("damaged") from error


class Package:
    """An open zip file. `left` and `elements` are what its parts may still take together."""

    def __init__(self, file: BinaryIO, bounds: Bounds) -> None:
        if _entries(file) > bounds.entries:
            raise Refused("too_large_unpacked")
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        self.bounds, self.elements = bounds, bounds.elements
        self.left = min(bounds.unpacked_bytes, max(bounds.ratio_from_bytes, size * bounds.ratio))
        self.zip = zipfile.ZipFile(file)
        self.names = frozenset(self.zip.namelist())

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpacked as far as it is wanted."""
        entry = self.zip.getinfo(name)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("damaged")
        with self.zip.open(entry) as part:
            while piece := part.read(PART_BYTES):
                self.left -= len(piece)
                if self.left < 0:
                    raise Refused("too_large_unpacked")
                yield piece

    def parse(self, name: str, start: Start, end: End, text: Text | None = None) -> Iterator[None]:
        """Read an XML part; comes back after each piece, so that nothing has to be kept."""
        parser = DefusedXMLParser(forbid_dtd=True)
        expat = parser.parser
        expat.StartElementHandler, expat.EndElementHandler = self._counted(start, end)
        expat.StartNamespaceDeclHandler = self._spaces_counted()
        expat.CharacterDataHandler, expat.DefaultHandlerExpand = text, None
        fed = 0
        for piece in self.pieces(name):
            parser.feed(piece)
            fed += len(piece)
            if fed - expat.CurrentByteIndex > self.bounds.tag_bytes:  # one tag, or one comment, and no end of it
                raise Refused("damaged")
            yield
        expat.Parse(b"", True)

    def _counted(self, start: Start, end: End) -> tuple[Start, End]:
        depth, names = 0, set[str]()
        most, deepest = 2 * self.bounds.attributes, self.bounds.depth

        def count_start(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            self.elements -= 1
            if self.elements < 0:
                raise Refused("too_large_unpacked")
            names.add(tag)
            if depth > deepest or len(attributes) > most or len(names) > self.bounds.names:
                raise Refused("damaged")
            start(tag[tag.rfind("}") + 1 :], attributes)

        def count_end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            end(tag[tag.rfind("}") + 1 :])

        return count_start, count_end

    def _spaces_counted(self) -> Callable[[str | None, str], None]:
        spaces = set[tuple[str | None, str]]()

        def count(prefix: str | None, name: str) -> None:
            spaces.add((prefix, name))
            if len(spaces) > self.bounds.names:
                raise Refused("damaged")

        return count


def value_of(attributes: Attributes, name: str) -> str:
    """The value of an attribute, whatever its namespace; empty if there is none."""
    for at in range(0, len(attributes), 2):
        if attributes[at] == name or attributes[at].endswith("}" + name):
            return attributes[at + 1]
    return ""


def _entries(file: BinaryIO) -> int:
    """At least as many as the zip file has, counted before anybody makes an object of each."""
    file.seek(0)
    count, end = 0, b""
    while piece := file.read(PIECE_BYTES):
        count += (end + piece).count(ENTRY)
        end = piece[-len(ENTRY) + 1 :]
    return count
