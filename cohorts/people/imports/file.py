"""Read a list of people from an HR export. The reader is `cohorts.imports.file`; here is what people are called there.

`Last, First` becomes `First Last`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from cohorts.imports.file import ListKind, headers_of, read_table
from cohorts.people.imports.person_names import in_order

MAX_LIST_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000

FIELDS = (
    *("name", "first_name", "last_name", "email", "zone", "language", "role"),
    *("manager_name", "manager_email", "sponsor_name", "sponsor_email"),
)
SYNONYMS: dict[str, str] = {
    "name": "name|full name|employee name|display name|employee|leader|participant|"
    "navn|fullt navn|ansatt|medarbeider|visningsnavn|deltaker|deltakar|namn",
    "first_name": "first name|firstname|given name|forename|fornavn|førenamn",
    "last_name": "last name|lastname|surname|family name|etternavn|etternamn",
    "email": "email|e mail|mail|email address|e mail address|work email|work e mail|business email|"
    "epost|e post|epostadresse|e postadresse|e post adresse|jobb e post|jobbepost|e post jobb",
    "zone": "time zone|timezone|zone|tz|tidssone|tidsone",
    "language": "language|lang|preferred language|språk|sprak|foretrukket språk|målform",
    "role": "role|roles|programme role|rolle|roller",
    "manager_name": "manager|manager name|managers name|line manager|supervisor|supervisor name|reports to|sponsor|"
    "leder|leders navn|leder navn|nærmeste leder|nærmeste leders navn|overordnet|næraste leiar|leiar",
    "manager_email": "manager email|manager e mail|managers email|managers e mail|manager mail|line manager email|"
    "line manager e mail|supervisor email|supervisor e mail|sponsor email|sponsor e mail|"
    "leder epost|leder e post|leders epost|leders e post|e post leder|epost leder|nærmeste leder e post|"
    "nærmeste leders e post|nærmeste leders epost|leders e postadresse|leiars e post",
    "sponsor_name": "sponsor|sponsor name|sponsors name|sponsors navn",
    "sponsor_email": "sponsor email|sponsor e mail|sponsors email|sponsors e mail|sponsors e post|sponsors epost",
}


def people_list(synonyms: Mapping[str, str]) -> ListKind:
    """A kind of list in which every row is somebody with a name and an address."""
    return ListKind(
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
        max_bytes=MAX_LIST_BYTES,
        max_rows=MAX_ROWS,
        too_large=gettext_lazy("This file is larger than 5 MB. Keep only the columns for people and managers."),
        too_many_rows=gettext_lazy("This file has more than 10,000 rows. Split it in two."),
        too_many_columns=gettext_lazy("This file has more than 200 columns. Keep only those for people and managers."),
        too_large_unpacked=gettext_lazy(
            "This workbook is too large when unpacked. Keep only the sheet with the people."
        ),
        no_rows=gettext_lazy("The headers are there, but no people under them."),
    )


PEOPLE = people_list(SYNONYMS)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row as text; fields the file leaves out are empty."""

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
class PeopleFile:
    """The rows of a file, the header used for each field, and the headers not used."""

    rows: tuple[PersonRow, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]


def read_people(data: bytes, file_name: str) -> PeopleFile:
    """Read the people in an uploaded file. Raises UnreadableFile with a sentence for the uploader."""
    table = read_table(data, file_name, PEOPLE)
    return PeopleFile(tuple(_person(number, said) for number, said in table.rows), table.columns, table.unused)


def full_name(said: dict[str, str]) -> str:
    """The name of a row, in one cell or two, which are taken out of it."""
    apart = " ".join(filter(None, [said.pop("first_name", ""), said.pop("last_name", "")]))
    return in_order(said.pop("name", "")) or apart


def _person(number: int, said: dict[str, str]) -> PersonRow:
    said = dict(said)
    name = full_name(said)
    manager, sponsor = (in_order(said.pop(column, "")) for column in ("manager_name", "sponsor_name"))
    return PersonRow(number=number, name=name, manager_name=manager, sponsor_name=sponsor, **said)
