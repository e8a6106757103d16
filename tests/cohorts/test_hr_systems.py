"""Headers of HR systems mean what their owners mean by them."""

import pytest

from cohorts.imports.headers import Guesser, Vocabulary, header_words
from cohorts.people.imports.file import PEOPLE
from tests.cohorts.hr_systems import SYSTEMS

GUESSER = Guesser(
    Vocabulary(headers=PEOPLE.headers, perhaps=PEOPLE.perhaps, contents=PEOPLE.contents, values=PEOPLE.values)
)


def taken(headers, rows=()):
    cells = [[row[at] for row in rows] for at in range(len(headers))]
    return {name: headers[at] for name, (at, _points) in GUESSER.known(headers, cells).items()}


@pytest.mark.parametrize(("source", "headers", "meant"), SYSTEMS.values(), ids=SYSTEMS.keys())
def test_each_system_is_read_as_it_is_meant(source, headers, meant):
    assert source in {"documentation", "memory"}
    assert taken(headers.split("|")) == meant


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("userPrincipalName", ["user", "principal", "name"]),
        ("LEDER_EPOST", ["leder", "epost"]),
        ("EMail", ["e", "mail"]),
        ("1. Name*:", ["name"]),
        ("Manager\u2019s e-mail (optional)", ["managers", "e", "mail"]),
        ("Employee #", ["employee", "#"]),
    ],
)
def test_a_header_is_split_into_its_words(header, words):
    assert header_words(header) == words


@pytest.mark.parametrize(
    "header", ["Company Name", "User name", "Middle Name", "Team name", "Avdelingsnr", "Department ID"]
)
def test_a_column_of_something_else_is_never_a_name(header):
    assert "name" not in taken(["E-mail", header], [["a@firm.test", "Kundeservice"]])


def test_what_stands_under_a_header_counts():
    assert taken(["Name", "E-mail", "Role"], [["A", "a@f.test", "Team Lead Customer Service"]]).keys() == {
        "name",
        "email",
    }
    assert taken(["Name", "E-mail", "Role"], [["A", "a@f.test", "sponsor"]])["role"] == "Role"
    assert taken(["Employee", "Name", "E-mail"], [["10023", "A", "a@f.test"]])["name"] == "Name"
    assert taken(["Employee", "E-mail"], [["Kari", "a@f.test"]])["name"] == "Employee"
    assert "name" not in taken(["Employee", "E-mail"], [["10023", "a@f.test"]])
    assert taken(["E-mail", "Work e-mail"], [["none", "a@f.test"]])["email"] == "Work e-mail"
