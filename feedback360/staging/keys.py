"""One random key for each round, in a file outside the database and its backups.

Answers are sealed with it until their round closes; then the file is overwritten and removed, and nobody can open a
sealed row or tell whose it is, not even in an older backup. Web and workers share the folder FEEDBACK_KEYS_DIR.
"""

import os
from pathlib import Path
from secrets import token_bytes, token_hex

from django.conf import settings

KEY_BYTES = 32


class NoKey(Exception):
    """The round has no key: not yet, not any more, or FEEDBACK_KEYS_DIR is not the folder the others share."""


def create_key(round_id: int) -> None:
    """Make the round's key, whole or not at all. Keeps one that exists, so that opening can be repeated."""
    path = _path(round_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.parent / f".{token_hex(8)}"
    try:
        _write(unfinished, token_bytes(KEY_BYTES), os.O_CREAT | os.O_EXCL)
        os.link(unfinished, path)  # unlike a rename, it never replaces the key of another process that was first
    except FileExistsError:
        key_of(round_id)  # raises unless it is a whole key
    finally:
        unfinished.unlink(missing_ok=True)
    _flush_folder(path.parent)


def key_of(round_id: int) -> bytes:
    """The round's key. Raises NoKey."""
    try:
        key = _path(round_id).read_bytes()
    except FileNotFoundError as problem:
        raise NoKey(round_id) from problem
    if len(key) != KEY_BYTES:
        raise NoKey(round_id)
    return key


def has_key(round_id: int) -> bool:
    try:
        key_of(round_id)
    except NoKey:
        return False
    return True


def destroy_key(round_id: int) -> None:
    """Overwrite the round's key and remove it. Idempotent."""
    path = _path(round_id)
    try:
        _write(path, token_bytes(KEY_BYTES))
        path.unlink()
    except FileNotFoundError:
        return
    _flush_folder(path.parent)


def _path(round_id: int) -> Path:
    return Path(settings.FEEDBACK_KEYS_DIR) / f"round-{round_id}.key"


def _write(path: Path, content: bytes, flags: int = 0) -> None:
    """On the disk when this returns, and readable by this user alone."""
    file = os.open(path, os.O_WRONLY | flags, 0o600)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _flush_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
