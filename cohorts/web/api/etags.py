"""`ETag` of a row is its key, its revision and a hash of what is said of it.

`If-Match` says which revision was read: else 412, with what is saved by now. `If-None-Match` compares all of it, since
a day, a status or a state moves without an edit.
"""

import json
import re
from hashlib import sha256
from typing import Any

from rest_framework.response import Response

from cohorts.web.revisions import Stale, lock_revision

TAG = re.compile(r'(?:W/)?"(\d{1,19})-(\d{1,9})(?:-[0-9a-f]{16})?"')


def tag_of(row: Any, data: Any) -> str:
    """`row` has a key and a revision."""
    said = sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()[:16]
    return f'"{row.pk}-{row.revision}-{said}"'


def tagged(request: Any, row: Any, data: Any, *, status: int = 200) -> Response:
    """The row with its tag; 304 without a body for who has it already."""
    tag = tag_of(row, data)
    if request.method in ("GET", "HEAD") and tag in _tags(request.headers.get("If-None-Match", "")):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, status=status, headers={"ETag": tag})


def expected_revision(request: Any, row: Any) -> int | None:
    """The revision that the action has to find; None when the request does not say. Raises Stale for another row's."""
    said = request.headers.get("If-Match", "*").strip()
    if said == "*":
        return None
    for tag in _tags(said):
        found = TAG.fullmatch(tag)
        if found and int(found[1]) == row.pk:
            return int(found[2])
    raise Stale({})


def expect(row: Any, revision: int | None, *names: str) -> None:
    """For an action that takes no revision: hold the row, as it was when it was read. Raises Stale."""
    lock_revision(row, revision, *names)


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]
