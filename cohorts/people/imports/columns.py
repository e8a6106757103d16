"""The columns of an upload, as somebody checks and changes them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cohorts.people.imports.file import FIELDS, FOUND_BY
from cohorts.people.imports.values import column_label
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import Invalid

OFFERED = (*FIELDS, *FOUND_BY)


@dataclass(frozen=True, slots=True)
class AboutUpload:
    """What was read of a file, as it is stored with the upload.

    Sheets are name, whether it is visible, has people and was read; columns number, field, header and samples.
    """

    sheets: Sequence[tuple[str, bool, bool, bool]] = ()
    columns: Sequence[tuple[int, str, str, list[str]]] = ()
    encoding: str = ""
    other_encoding: str = ""
    passed: Mapping[str, int] = field(default_factory=dict)

    @property
    def sheet_read(self) -> int | None:
        return next((at for at, sheet in enumerate(self.sheets) if sheet[3]), None)

    @property
    def others(self) -> list[str]:
        """Sheets with people that were not read."""
        return [name for name, _is_visible, has_people, is_read in self.sheets if has_people and not is_read]


def field_label(name: str) -> str:
    return {"first_name": _("First name"), "last_name": _("Last name")}.get(name) or column_label(name)


def ensure_columns(columns: Mapping[str, str], about: AboutUpload) -> None:
    """Columns of the file, each field once, and with an address and a name among them."""
    numbers = {str(number) for number, *_rest in about.columns}
    for number, name in columns.items():
        ensure_choice(f"column_{number}", name, OFFERED)
        ensure_choice(f"column_{number}", number, numbers)
    twice = {name for name, count in Counter(columns.values()).items() if count > 1}
    for number, name in columns.items():
        if name in twice:
            raise Invalid(f"column_{number}", _("Two columns are taken for %(field)s.") % {"field": field_label(name)})
    if "email" not in columns.values():
        raise Invalid("", _("Choose the column with the e-mail addresses."))
    if not {"name", "first_name", "last_name"} & set(columns.values()):
        raise Invalid("", _("Choose the column with the names, or those with first and last names."))


def other_reading(text: str, about: AboutUpload) -> str:
    """The same letters in the other likely encoding of the file; empty if they are no others."""
    if not about.other_encoding or text.isascii():
        return ""
    other = text.encode(about.encoding, "replace").decode(about.other_encoding, "replace")
    return other if other != text else ""


def warnings_about(columns: Mapping[str, Any]) -> list[str]:
    """What is thin about these columns by field."""
    if "name" not in columns and ("first_name" in columns) != ("last_name" in columns):
        return [_("Only half of the names was found: there is no column for the other part.")]
    return []
