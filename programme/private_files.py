"""What Embed90 writes is for the user it runs as: folders 0700, files 0600. Standard library only."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077  # every right of the group and of everybody else


def keep_to_ourselves() -> None:
    """From here on, nothing that this process and its children create is open to other users of the machine."""
    os.umask(OTHERS)


def close_folder(folder: Path) -> list[Path]:
    """Take away every right that others have on `folder` and what is below it. Returns what was open."""
    opened = list(open_to_others(folder))
    for path in opened:
        with suppress(FileNotFoundError, PermissionError):  # gone meanwhile; another user's, which a check reports
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~OTHERS)
    return opened


def open_to_others(folder: Path) -> Iterator[Path]:
    """`folder` and what is below it, as far as others have any right on it. Follows no link.

    Does not look into PostgreSQL's own folder: the server refuses to start when that is open.
    """
    for place, folders, files in os.walk(folder):
        here = Path(place)
        yield from filter(_is_open, [here, *(here / name for name in files)])
        if "PG_VERSION" in files:
            folders.clear()


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)
