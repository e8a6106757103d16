"""Edits that know what they change: a row is locked, its revision compared, and the edit counted."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import gettext as _

from cohorts.web.refusals import NotNow


class Stale(NotNow):
    """The row is not the one that was read. `current` is what is saved by now."""

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__(_("This was changed in the meantime. Open it again to see what is saved now."))
        self.current = current


def lock(row: Any) -> None:
    """Read the row again and hold it until the transaction ends: the next edit waits for this one."""
    try:
        row.refresh_from_db(from_queryset=type(row).objects.select_for_update(no_key=True))
    except ObjectDoesNotExist as error:
        raise Http404 from error


def lock_revision(row: Any, expected: int | None, *names: str) -> None:
    """Lock the row with these fields as they are now. Raises Stale when it is not the `expected` revision."""
    rows = type(row).objects.select_for_update(no_key=True)
    row.refresh_from_db(fields=[*names, "revision"], from_queryset=rows)
    if expected is not None and row.revision != expected:
        raise Stale({name: getattr(row, name) for name in names})


def save_revision(row: Any, **values: Any) -> None:
    """Write these fields of a locked row, and count the edit."""
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
