"""Names stand on one line and show as they are stored: what they may hold, typed and in lists."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.validators import validate_email
from hypothesis import given, strategies

from cohorts.curriculum.wordings import STEP_WORDINGS
from cohorts.imports.uploads import stored_name
from cohorts.models import Organisation
from cohorts.people.imports.plan import Defaults, plan_intake
from cohorts.people.imports.values import PLAIN_ADDRESS, known_again, wrong_with_address
from cohorts.web.bounds import ensure_name, wrong_with_name
from cohorts.web.refusals import Invalid
from goals.teams.rules import member_names
from tests.people_files import read_people

TURNED = "RLO \u202egnp.exe"

ACCEPTED = [
    "Åse-Kristin Bjørnstjerne-Ødegård",
    "Martin King, Jr.",
    "O\u2019Brien\u00a0d\u2019Arc",
    "أحمد بن علي",
    "דוד כהן",
    "علی\u200cرضا",  # a joiner that Persian spelling asks for
    "क्\u200dष",  # and one of Devanagari
    "王小明",
    "สมชาย ใจดี",
    "Kim 🎉👩\u200d💻 Li",
    "",
]
BROKEN = ["Ada\nNordmann", "Ada\r\nBcc: all@firm.test", "Ada\u2028Nordmann", "Ada\x85Nordmann", "Ada\x0bNordmann"]
HIDDEN = ["\t", "\x07", "\x7f", "\u00ad", "\u061c", "\u200b", "\u200e", "\u200f", "\ufeff", "\U000e0041"]
TURNING = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("name", ACCEPTED)
def test_names_of_every_script_are_accepted(name: str) -> None:
    assert wrong_with_name(name) == ""


@pytest.mark.parametrize("name", BROKEN)
def test_a_name_with_a_line_break_is_refused(name: str) -> None:
    assert wrong_with_name(name) == "This must be a single line. Remove the line break."


@pytest.mark.parametrize("letter", [*HIDDEN, *TURNING], ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_name_with_a_hidden_letter_is_refused_by_its_code(letter: str) -> None:
    assert f"invisible character (U+{ord(letter):04X})" in wrong_with_name(f"Ada{letter} Nordmann")


@pytest.mark.parametrize("name", ["Ada\0", "Ada\ud800"])
def test_a_name_that_cannot_be_stored_is_refused(name: str) -> None:
    assert wrong_with_name(name)


def test_a_name_has_a_length_and_may_be_required() -> None:
    for name in ("", "  ", "x" * 41):
        with pytest.raises(Invalid):
            ensure_name("name", name, most=40)
    ensure_name("name", "", most=40, is_required=False)


PASTED = """Name;Email
Åse Berg;\u202aase@firma.test\u202c
Kim\u200e Li;\u200ekim@firma.test
RLO \u202egnp.exe;r@firma.test
"""


def test_a_list_loses_pasted_marks_and_leaves_out_a_turned_name() -> None:
    people = read_people(PASTED.encode(), "people.csv")
    plan = plan_intake(people.rows, [], people.columns, Defaults(zone="Europe/Oslo", language="nb"))

    ase, kim, turned = plan.outcomes
    assert [(row.row.name, row.email, row.problems) for row in (ase, kim)] == [
        ("Åse Berg", "ase@firma.test", ()),
        ("Kim Li", "kim@firma.test", ()),
    ]
    assert [(problem.field, problem.sentence) for problem in turned.problems] == [
        ("name", "This has an invisible character (U+202E). Type it anew instead of pasting it.")
    ]


def test_a_list_keeps_the_joiners_within_words() -> None:
    people = read_people("Navn;E-post\nعلی\u200cرضا;\u200cali@firm.test\u200d\n".encode(), "list.csv")

    assert [(row.name, row.email) for row in people.rows] == [("علی\u200cرضا", "ali@firm.test")]


def test_an_address_names_the_hidden_letter_it_cannot_have() -> None:
    assert "U+202A" in wrong_with_address("\u202aase@firm.test")


def test_names_of_a_team_are_typed_one_a_line() -> None:
    assert member_names("names", "Kari A\r\nJT\tB, ML\u2028Bo", present=[]).new == ("Kari A", "JT B", "ML", "Bo")
    with pytest.raises(Invalid, match="202E"):
        member_names("names", "Kari\n\u202eJT", present=[])


def test_the_name_of_an_upload_shows_its_real_ending() -> None:
    with pytest.raises(Invalid, match="202E"):
        stored_name("list\u202evsc.exe")


def test_titles_of_steps_are_held_to_the_same() -> None:
    title = next(wording for wording in STEP_WORDINGS if wording.name == "title")
    assert list(title.wrong("A clear aim", "en")) == []
    assert "202E" in " ".join(title.wrong("A clear \u202eaim", "en"))


@pytest.mark.django_db
def test_an_organisation_is_not_opened_under_a_turned_name() -> None:
    with pytest.raises(CommandError, match="202E"):
        call_command("create_organisation", "turned", TURNED, "a@firm.test", "Ada", stdout=StringIO())
    assert not Organisation.objects.filter(slug="turned").exists()


@given(strategies.from_regex(PLAIN_ADDRESS, fullmatch=True).filter(lambda email: len(email) <= 254))
def test_what_is_taken_for_an_address_at_once_is_one(email: str) -> None:
    validate_email(email)


def test_what_was_found_for_a_long_cell_is_not_kept() -> None:
    asked = list[int]()

    @known_again(10)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    assert [length(text) for text in ("Oslo", "Oslo", "x" * 255, "x" * 255)] == [4, 4, 255, 255]
    assert asked == [4, 255, 255]
