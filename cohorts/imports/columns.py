"""The columns of an upload, as somebody checks and changes them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.imports.chosen import Chosen
from cohorts.imports.encodings import OFFERED
from cohorts.imports.file import ListKind
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import Invalid

MAX_NAMED = 8


@dataclass(frozen=True, slots=True)
class AboutUpload:
    """What was read of a file, as it is stored with the upload.

    Sheets are name, whether it is visible, has rows and was read; columns number, field, header and samples.
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
        """Sheets with rows of a list that were not read."""
        return [name for name, _is_visible, has_rows, is_read in self.sheets if has_rows and not is_read]

    @property
    def others_named(self) -> str:
        return some_named(self.others)


def ensure_offered(chosen: Chosen, about: AboutUpload, kind: ListKind) -> None:
    """Columns and sheets of the file, fields of this kind of list, and an encoding that is offered."""
    numbers = {str(number) for number, *_rest in about.columns}
    for number, name in chosen.columns.items():
        ensure_choice(f"column_{number}", name, kind.fields)
        ensure_choice(f"column_{number}", number, numbers)
    ensure_choice("encoding", chosen.encoding, ("", *OFFERED))
    if chosen.sheet is not None:
        ensure_choice("sheet", chosen.sheet, range(len(about.sheets)))


def ensure_columns(chosen: Chosen, about: AboutUpload, kind: ListKind) -> None:
    """What is offered, each field once, and with the fields that this kind of list needs among them."""
    ensure_offered(chosen, about, kind)
    columns = chosen.columns
    twice = {name for name, count in Counter(columns.values()).items() if count > 1}
    for number, name in columns.items():
        if name in twice:
            raise Invalid(f"column_{number}", _("Two columns are taken for %(field)s.") % {"field": kind.label(name)})
    for wanted in missing(columns.values(), kind):
        raise Invalid("", _("Choose the column for: %(fields)s.") % {"fields": wanted})


def missing(fields: Any, kind: ListKind) -> list[str]:
    """What this kind of list cannot do without and is not among these fields, in words."""
    chosen = set(fields)
    return [
        _(" or ").join(kind.label(name) for name in kind.fields if name in wanted)
        for wanted, _sentence in kind.needs
        if not wanted & chosen
    ]


def sentences_about_missing(fields: Any, about: AboutUpload, kind: ListKind) -> list[str]:
    """What a file without these columns would be refused with."""
    headers = ", ".join(header[:40] for _number, _name, header, _samples in about.columns[:12] if header)
    return [str(sentence) % {"columns": headers} for wanted, sentence in kind.needs if not wanted & set(fields)]


def known_columns(columns: Mapping[str, str], about: AboutUpload) -> list[tuple[str, str]]:
    """Header and field of each column that is read, in the order of the file.

    `columns` are headers by field, in any order: all that is known of an upload stored before its columns were.
    """
    if not about.columns:
        return [(header, name) for name, header in columns.items()]
    return [(header_or_number(number, header), name) for number, name, header, _samples in about.columns if name]


def header_or_number(number: int, header: str) -> str:
    return header or _("Column %(number)d") % {"number": number + 1}


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


def some_named(things: Sequence[str]) -> str:
    """The first of many sheets or columns by name, and how many more there are."""
    names, more = ", ".join(things[:MAX_NAMED]), len(things) - MAX_NAMED
    if more < 1:
        return names
    sentence = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more)
    return sentence % {"names": names, "count": more}


def passed_words(about: AboutUpload) -> list[str]:
    """Rows that were passed over, in words; nothing about none."""
    counts = Counter(about.passed)
    hidden, headers, sums = counts["hidden"], counts["headers"], counts["sums"]
    words = [
        (hidden, ngettext("%(count)d hidden row was not read.", "%(count)d hidden rows were not read.", hidden)),
        (headers, ngettext("%(count)d row repeats the headers.", "%(count)d rows repeat the headers.", headers)),
        (sums, ngettext("%(count)d row is a sum.", "%(count)d rows are sums.", sums)),
    ]
    return [sentence % {"count": count} for count, sentence in words if count]
