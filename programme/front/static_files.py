"""Static files as they are deployed: hashed, compressed, and what every page asks for in one sheet and one script.

A dozen sheets and five scripts are good to read; one answer each is quicker to load. They compress better together, a
phone asks once, and comments stay at home: they were a fifth of the bytes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

TOGETHER = ("css/site.css", "js/site.js")
IMPORT = re.compile(r'^(?:@import url\("([^"]+)"\)|import "([^"]+)");$', re.MULTILINE)
# Licences (`/*!`) stay. A script may hold comment marks inside a string: only comments that begin a line go.
COMMENT = {
    ".css": re.compile(r"/\*(?!!).*?\*/", re.DOTALL),
    ".js": re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)", re.MULTILINE | re.DOTALL),
}
ROOM_BETWEEN_LINES = re.compile(r"\s*\n\s*")


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Puts what the two files of `TOGETHER` import in its place, then hashes and compresses all files."""

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        for name in TOGETHER:
            if name in paths and not options.get("dry_run"):
                # From the source: what an earlier run put together holds the files of that time.
                source, stored = paths[name]
                Path(self.path(name)).write_text(bundle(Path(source.path(stored))), encoding="utf-8")
                paths = {**paths, name: (self, name)}
        yield from super().post_process(paths, *args, **options)


def bundle(file: Path) -> str:
    """The file with what it imports, without comments. They stand beside it, or their addresses are not relative."""
    together = IMPORT.sub(lambda found: _read(file.parent / (found[1] or found[2])), file.read_text("utf-8"))
    return ROOM_BETWEEN_LINES.sub("\n", COMMENT[file.suffix].sub("", together)).lstrip()


def _read(file: Path) -> str:
    """A script was a module and keeps its names to itself: a block does that, too."""
    text = file.read_text(encoding="utf-8")
    return f"{{\n{text}\n}}" if file.suffix == ".js" else text
