"""`ETag` of a row is its key, its revision and a hash of what is said of it.

`If-Match` says which revision was read: else 412, with what is saved by now. `If-None-Match` compares all of it, since
a day, a status or a state moves without an edit.

A row that several actions edit, not all of which count in its revision, has `guarded` values: a hash of each is in the
tag, and 412 names those that differ by now.
"""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from rest_framework.response import Response

from cohorts.web.revisions import Stale, lock, lock_revision

TAG = re.compile(r'(?:W/)?"(\d{1,19})-(\d{1,9})(?:-[0-9a-f]{16})?((?:-[0-9a-f]{8}){0,20})"')

Guarded = Mapping[str, Any]  # values as JSON has them, by the name of their field
NOTHING: Guarded = MappingProxyType({})


def tag_of(row: Any, data: Any, guarded: Guarded = NOTHING) -> str:
    """`row` has a key and a revision."""
    hashes = (_hash(data)[:16], *(_hash(value)[:8] for value in guarded.values()))
    return f'"{row.pk}-{row.revision}-{"-".join(hashes)}"'


def _hash(value: Any) -> str:
    return sha256(json.dumps(value, default=str, sort_keys=True).encode()).hexdigest()


def tagged(request: Any, row: Any, data: Any, *, status: int = 200, guarded: Guarded = NOTHING) -> Response:
    """The row with its tag; 304 without a body for who has it already."""
    tag = tag_of(row, data, guarded)
    if request.method in ("GET", "HEAD") and tag in _tags(request.headers.get("If-None-Match", "")):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, status=status, headers={"ETag": tag})


def expected_revision(request: Any, row: Any) -> int | None:
    """The revision that the action has to find; None when the request does not say. Raises Stale for another row's."""
    tag = _tag_read(request, row)
    return None if tag is None else int(tag[2])


def ensure_as_read(request: Any, row: Any, guarded: Callable[[], Guarded]) -> None:
    """Lock the row, and compare its guarded values with the tag that was read. Raises Stale with those that differ."""
    tag = _tag_read(request, row)
    if tag is None:
        return
    lock(row)
    now, hashes = guarded(), tag[3].split("-")[1:]
    if len(hashes) != len(now):  # a tag of another version of the API, or of a list
        raise Stale(dict(now))
    changed = {name: value for (name, value), was in zip(now.items(), hashes, strict=True) if _hash(value)[:8] != was}
    if changed:
        raise Stale(changed)


def _tag_read(request: Any, row: Any) -> re.Match[str] | None:
    said = request.headers.get("If-Match", "*").strip()
    if said == "*":
        return None
    for tag in _tags(said):
        found = TAG.fullmatch(tag)
        if found and int(found[1]) == row.pk:
            return found
    raise Stale({})


def expect(row: Any, revision: int | None, *names: str) -> None:
    """For an action that takes no revision: hold the row, as it was when it was read. Raises Stale."""
    lock_revision(row, revision, *names)


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]
