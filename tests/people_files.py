"""Files with people, read as a whole: the application takes their rows one by one."""

import io
from dataclasses import dataclass

from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.people.imports.file import PEOPLE, OpenPeople, PersonRow, open_people


@dataclass(frozen=True, slots=True)
class PeopleFile(OpenPeople):
    """A whole file with people."""

    rows: tuple[PersonRow, ...]  # type: ignore[assignment]

    @property
    def missing(self) -> str:
        """The sentence about a column that a list of people cannot do without; empty if there is none missing."""
        columns = ", ".join(column.header for column in self.about.columns[:12] if column.header)
        return next(
            (
                str(sentence) % {"columns": columns}
                for fields, sentence in PEOPLE.needs
                if not fields & set(self.columns)
            ),
            "",
        )


def read_people(data: bytes, file_name: str, chosen: Chosen = AS_GUESSED) -> PeopleFile:
    """The same of a file that is in memory, with all of its rows."""
    people = open_people(io.BytesIO(data), file_name, chosen)
    return PeopleFile(tuple(people.rows), people.columns, people.unused, people.about)
