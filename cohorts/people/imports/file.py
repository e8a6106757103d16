"""Read a list of people from an HR export. The reader is `cohorts.imports.file`; here is what people are called there.

`Last, First` becomes `First Last`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, NamedTuple

from django.utils.translation import gettext_lazy

from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.file import About, ListKind, headers_of, open_table
from cohorts.people.imports.header_words import PERHAPS, SYNONYMS
from cohorts.people.imports.person_names import in_order, without_id
from cohorts.people.imports.values import ROLES, column_label

MAX_LIST_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_SHORT_BYTES, MAX_SHORT_ROWS = 5 * 1024 * 1024, 10_000  # of raters, of coaches and mentors, of one call of the API

FIELDS = (
    *("name", "first_name", "last_name", "email", "zone", "language", "role"),
    *("manager_name", "manager_email", "sponsor_name", "sponsor_email"),
)
FOUND_BY = ("employee_id", "manager_id")  # numbers by which managers are found, and nothing else
OFFERED = (*FIELDS, *FOUND_BY)
CONTENTS = {
    **dict.fromkeys(["name", "first_name", "last_name"], "name"),
    **dict.fromkeys(["email", "leader_email", "manager_email", "sponsor_email"], "email"),
    "zone": "zone",
}


def people_list(
    synonyms: Mapping[str, str], label: Callable[[str], str], fields: Sequence[str] = (), **options: Any
) -> ListKind:
    """A kind of list in which every row is somebody with a name and an address."""
    return ListKind(
        **options,
        label=label,
        fields=fields or [*synonyms],
        contents={name: content for name, content in CONTENTS.items() if name in synonyms},
        is_people=True,
        headers=headers_of(synonyms),
        needs=(
            (
                {"email"},
                gettext_lazy("No column for e-mail among: %(columns)s. Call one of them E-mail."),
            ),
            (
                {"name", "first_name", "last_name"},
                gettext_lazy("No column for names. Call one of them Name, or two of them First name and Last name."),
            ),
        ),
        max_bytes=MAX_SHORT_BYTES,
        max_rows=MAX_SHORT_ROWS,
        too_large=gettext_lazy("This file is larger than 5 MB. Keep only the columns for people and managers."),
        too_many_rows=gettext_lazy("This file has more than 10,000 rows. Split it in two."),
        too_many_columns=gettext_lazy("This file has more than 200 columns. Keep only those for people and managers."),
        too_large_unpacked=gettext_lazy(
            "This workbook is too large when unpacked. Keep only the sheet with the people, or save that one as .csv."
        ),
        no_rows=gettext_lazy("The headers are there, but no people under them."),
    )


PEOPLE = replace(
    people_list(SYNONYMS, column_label, OFFERED),
    max_bytes=MAX_LIST_BYTES,
    max_rows=MAX_ROWS,
    too_large=gettext_lazy("This file is larger than 20 MB. Keep only the columns for people and managers."),
    too_many_rows=gettext_lazy("This file has more than 100,000 rows. Split it in two."),
    perhaps=headers_of(PERHAPS),
    values={"role": sorted(ROLES)},  # a column of other words called role holds job titles
)


class PersonRow(NamedTuple):
    """One row as text; fields the file leaves out are empty. A tuple: each row is made again on every walk."""

    number: int = 0
    name: str = ""
    email: str = ""
    zone: str = ""
    language: str = ""
    role: str = ""
    manager_name: str = ""
    manager_email: str = ""
    sponsor_name: str = ""
    sponsor_email: str = ""
    employee_id: str = ""
    manager_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenPeople:
    """The header used for each field of a file, the headers not used, and what was read of it.

    `rows` are taken once, one by one: a long list takes no more memory than a short one. Taking them may raise
    UnreadableFile. `about` is whole once they are taken.
    """

    rows: Iterator[PersonRow]
    columns: dict[str, str]
    unused: tuple[str, ...]
    about: About


def open_people(file: BinaryIO, file_name: str, chosen: Chosen = AS_GUESSED) -> OpenPeople:
    """Read the people in an uploaded file. Raises UnreadableFile with a sentence for the uploader."""
    table = open_table(file, file_name, PEOPLE, chosen)
    rows = (read_line(number, said) for number, said in table.rows)
    return OpenPeople(rows, table.columns, table.unused, table.about)


def full_name(said: dict[str, str]) -> str:
    """The name of a row, in one cell or two, which are taken out of it."""
    apart = " ".join(filter(None, [said.pop("first_name", ""), said.pop("last_name", "")]))
    return in_order(said.pop("name", "")) or apart


def read_line(number: int, said: dict[str, str]) -> PersonRow:
    """One row of a file."""
    said = dict(said)
    name = without_id(full_name(said))
    manager, sponsor = (in_order(said.pop(column, "")) for column in ("manager_name", "sponsor_name"))
    return PersonRow(number=number, name=name, manager_name=manager, sponsor_name=sponsor, **said)
