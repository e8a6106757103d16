"""The only language between a reader of uploads and the application: lines of cells, all of them text.

The reader works on a stranger's file and may say anything, so nothing here can be more than text: no numbers, no
types, no nesting. Both sides import this module; it knows nothing else of ours.
"""

import re
from collections.abc import Iterable

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")
ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
MEANT = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


class Refused(Exception):
    """A reader will not read this file. The application has a sentence for each key."""

    def __init__(self, key: str, *values: object) -> None:
        super().__init__(key, *values)
        self.key, self.values = key, tuple(map(str, values))


class Garbled(Exception):
    """What came back is nothing that a reader of ours writes."""


def encoded(cells: Iterable[str]) -> bytes:
    line = "\t".join([cell.translate(ESCAPED) if NEEDS_ESCAPE.search(cell) else cell for cell in cells])
    return line.encode("utf-8", "replace") + b"\n"  # half a letter cannot be sent


def decoded(line: bytes) -> list[str]:
    """Raises Garbled, also for what PostgreSQL cannot store."""
    if not line.endswith(b"\n") or b"\0" in line:
        raise Garbled
    try:
        text = line[:-1].decode()
    except UnicodeDecodeError as error:
        raise Garbled from error
    cells = text.split("\t")
    return [ESCAPE.sub(_meant, cell) for cell in cells] if "\\" in text else cells


def _meant(found: re.Match[str]) -> str:
    if found[1] not in MEANT:
        raise Garbled
    return MEANT[found[1]]
