"""Files with people, read as a whole: the application takes their rows one by one."""

import io
from dataclasses import dataclass

from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.columns import AboutUpload, sentences_about_missing
from cohorts.imports.rereading import stored_about
from cohorts.people.imports.file import PEOPLE, OpenPeople, PersonRow, open_people


@dataclass(frozen=True, slots=True)
class PeopleFile(OpenPeople):
    """A whole file with people."""

    rows: tuple[PersonRow, ...]  # type: ignore[assignment]

    @property
    def missing(self) -> str:
        """The sentence about a column that a list of people cannot do without; empty if there is none missing."""
        about = AboutUpload(**stored_about(self.about))
        return next(iter(sentences_about_missing(self.columns, about, PEOPLE)), "")


def read_people(data: bytes, file_name: str, chosen: Chosen = AS_GUESSED) -> PeopleFile:
    """Read a file that is in memory, with all of its rows."""
    people = open_people(io.BytesIO(data), file_name, chosen)
    return PeopleFile(tuple(people.rows), people.columns, people.unused, people.about)
