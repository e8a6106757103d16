"""Static files as they are deployed: hashed, compressed, and the sheets that every page asks for in one file.

Seven sheets are good to read; one answer is quicker to load. They compress better together, and a phone asks once.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

TOGETHER = "css/site.css"
IMPORT = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Puts what `css/site.css` imports in its place, then hashes and compresses all files."""

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        if TOGETHER in paths and not options.get("dry_run"):
            # From the source: what an earlier run put together holds the sheets of that time.
            source, name = paths[TOGETHER]
            Path(self.path(TOGETHER)).write_text(bundle(Path(source.path(name))), encoding="utf-8")
            paths = {**paths, TOGETHER: (self, TOGETHER)}
        yield from super().post_process(paths, *args, **options)


def bundle(sheet: Path) -> str:
    """The sheet with the text of each sheet it imports. They stand beside it, or their addresses are not relative."""
    return IMPORT.sub(lambda found: (sheet.parent / found[1]).read_text(encoding="utf-8"), sheet.read_text("utf-8"))
