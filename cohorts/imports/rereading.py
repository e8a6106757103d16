"""What was chosen for the columns of an upload, and for the organisation's next file of the same shape.

An upload holds its file until it is confirmed or discarded, so that it can be read again with other columns.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.columns import AboutUpload, ensure_columns, ensure_offered, missing
from cohorts.imports.file import About, ListKind
from cohorts.imports.headers import header_words
from cohorts.imports.uploads import ensure_waiting
from cohorts.models.intake import Upload

LARGE_COLUMNS = ("source", "rows")  # deferred by pages that show neither
Reread = Any  # an upload with `choices` and `shape`: UploadWithFile or Intake


class FileRead(Protocol):
    """A file that was read: the header used for each field, the headers not used, and what was read of it."""

    @property
    def columns(self) -> dict[str, str]: ...
    @property
    def unused(self) -> tuple[str, ...]: ...
    @property
    def about(self) -> About: ...


AnyFileRead = TypeVar("AnyFileRead", bound=FileRead)


def read_first(
    read: Callable[[Chosen], AnyFileRead], earlier: "QuerySet[Any]", kind: ListKind
) -> tuple[AnyFileRead, bool]:
    """Read a file as the latest one of its shape was read, and say whether there was one.

    `earlier` are the uploads of this kind in the open organisation. Raises UnreadableFile.
    """
    table = read(AS_GUESSED)
    columns = remembered(earlier, shape_of(table.about))
    if not columns or missing(columns.values(), kind):
        return table, False
    if columns == columns_of(table.about):
        return table, True
    del table  # ends its reader, which would have one of the few places while the next one waits for one
    return read(Chosen(columns=columns)), True


def read_again(read: Callable[[Chosen], AnyFileRead], upload: Reread, chosen: Chosen, kind: ListKind) -> AnyFileRead:
    """Read the file of a locked upload with other columns, another sheet, other letters, or its hidden rows.

    Another sheet has columns of its own: what was chosen for those of the first counts no more.
    Raises Invalid if a column is missing that this kind of list needs, and UnreadableFile.
    """
    ensure_waiting(upload)
    about = about_of(upload)
    is_other = chosen.sheet is not None and chosen.sheet != about.sheet_read
    (ensure_offered if is_other else ensure_columns)(chosen, about, kind)
    table = read(replace(chosen, columns={}) if is_other else chosen)
    if is_other:
        upload.shape = shape_of(table.about)
    return table


def set_reading(upload: Reread, table: FileRead, chosen: Chosen = AS_GUESSED, **more: Any) -> None:
    """Set what a page says of an upload, and what was chosen for it. `more` goes with the choices."""
    upload.counts = {"columns": table.columns, "unused": list(table.unused), "about": stored_about(table.about)}
    others = {"sheet": chosen.sheet, "encoding": chosen.encoding, "hidden": chosen.hidden}
    upload.choices = {**more, **others, "columns": columns_of(table.about)}


@transaction.atomic
def keep_draft(*, upload: Reread, chosen: Chosen, kind: ListKind) -> None:
    """Keep what somebody chose so far and did not continue with. Nothing is read."""
    rows: Any = type(upload).objects.select_for_update(of=("self",)).only("state", "counts", "choices")
    upload = rows.get(pk=upload.pk)
    ensure_waiting(upload)
    ensure_offered(chosen, about_of(upload), kind)
    upload.choices = {**upload.choices, "draft": asdict(chosen)}
    upload.save(update_fields=["choices"])


def shown_choice(upload: Reread) -> Chosen:
    """What the page of the columns begins with: the draft, or how the file was read."""
    if draft := upload.choices.get("draft"):
        return Chosen(**draft)
    columns = {str(number): name for number, name, *_rest in about_of(upload).columns if name}
    return Chosen(columns=columns, hidden=upload.choices.get("hidden", False))


def lacks_columns(upload: Reread, kind: ListKind) -> bool:
    """Whether a column has to be chosen before there is a preview. Never for uploads stored before columns were."""
    return bool(about_of(upload).columns and missing(upload.counts.get("columns", {}), kind))


def about_of(upload: Reread) -> AboutUpload:
    return AboutUpload(**upload.counts.get("about", {}))


def stored_about(about: About) -> dict[str, Any]:
    return {
        "sheets": [[sheet.name, sheet.is_visible, sheet.has_rows, sheet.is_read] for sheet in about.sheets],
        "columns": [[each.number, each.field, each.header, list(each.samples)] for each in about.columns],
        "encoding": about.encoding,
        "other_encoding": about.other_encoding,
        "passed": about.passed,
    }


def shape_of(about: About) -> str:
    """Equal for files with the same headers in the same places; empty for a file without headers.

    A column without header and cells is not among the columns, and moves those behind it.
    """
    headers = [" ".join(header_words(column.header)) for column in about.columns]
    numbers = [column.number for column in about.columns]
    where: list[Any] = [] if numbers == list(range(len(numbers))) else [numbers]
    return sha256(json.dumps(headers + where).encode()).hexdigest() if any(headers) else ""


def columns_of(about: About) -> dict[str, str]:
    """What the columns were taken for, by number."""
    return {str(column.number): column.field for column in about.columns if column.field}


def remembered(earlier: "QuerySet[Any]", shape: str) -> dict[str, str]:
    """The columns that were imported from the latest file of this shape, by number."""
    if not shape:
        return {}
    same = earlier.filter(shape=shape, state=Upload.State.CONFIRMED).order_by("-pk")
    found: dict[str, dict[str, str]] = same.values_list("choices", flat=True).first() or {}
    return found.get("columns", {})
