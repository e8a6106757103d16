"""A questionnaire's file is read whole, and every mistake is shown at its line and field."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cohorts.curriculum.located_yaml import Problem
from feedback360.questionnaires.content import named
from feedback360.questionnaires.files import (
    MAX_FILE_BYTES,
    SHIPPED,
    QuestionnaireInvalid,
    read_file,
    read_questionnaire,
)
from feedback360.questionnaires.writer import write_file

SEVEN = SHIPPED / "seven-behaviours" / "1.yaml"
Break = Callable[[str, str], Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / SEVEN.parent.name).mkdir()
    return Path(shutil.copy(SEVEN, tmp_path / SEVEN.parent.name / SEVEN.name))


@pytest.fixture
def broken(path: Path) -> Break:
    """Replaces the first occurrence of a text in a valid file."""

    def break_it(old: str, new: str) -> Path:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return break_it


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireInvalid) as caught:
        read_questionnaire(path)
    return caught.value.problems


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_a_file_becomes_a_questionnaire() -> None:
    seven = read_questionnaire(SEVEN)

    asks = next(item for item in seven.items if item.key == "asks-before-answering")
    assert (seven.slug, seven.version, seven.languages) == ("seven-behaviours", 1, ("en", "nb"))
    assert (asks.behaviour, asks.area) == ("understanding", "leadership_role")
    assert asks.asked_of == ("team", "peer", "manager", "self")
    assert seven.scales["nb"].steps[2] == "Omtrent annenhver gang"


def test_each_relation_reads_its_own_words() -> None:
    asks = next(item for item in read_questionnaire(SEVEN).items if item.key == "asks-before-answering")

    def read(relation: str) -> str:
        return asks.sentence(relation=relation, language="en", name="Ingrid")

    assert read("team") == "When I bring a problem, Ingrid first asks what I have tried."
    assert read("peer") == read("team")
    assert read("manager") == "When somebody brings a problem, Ingrid first asks what they have tried."
    assert read("self") == "When somebody brings a problem, I first ask what they have tried."


def test_names_and_items_are_never_taken_for_formats() -> None:
    assert named("{name} {0.__class__}", "{1}") == "{1} {0.__class__}"


def test_a_leader_cannot_say_in_their_own_words() -> None:
    scale = read_questionnaire(SEVEN).scales["en"]

    assert scale.cannot_say("peer") == "I haven’t seen this"
    assert scale.cannot_say("self") == "It hasn’t come up"


def test_a_missing_language_falls_back_to_the_first(broken: Break) -> None:
    seven = read_questionnaire(SEVEN)

    assert seven.language_for("nb") == "nb"
    assert seven.language_for("fi") == "en"


def test_keys_are_grouped_by_behaviour_and_by_area() -> None:
    seven = read_questionnaire(SEVEN)

    assert seven.keys_by_behaviour()["initiative"] == ("tries-suggestions", "asks-for-ideas")
    assert list(seven.keys_by_area()) == ["job_content", "leadership_role", "engagement"]
    assert sum(map(len, seven.keys_by_area().values())) == 16


def test_what_is_written_reads_the_same() -> None:
    seven = read_questionnaire(SEVEN)

    assert read_file(write_file(seven)) == seven


def test_two_readings_agree_and_cannot_be_changed() -> None:
    seven = read_questionnaire(SEVEN)

    assert seven == read_questionnaire(SEVEN)
    with pytest.raises(TypeError):
        seven.titles["en"] = "Mine"  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "field", "expected", "found"),
    [
        ("slug: seven-behaviours", "slug: mine", "slug", "the folder's own name seven-behaviours", "'mine'"),
        ("version: 1", "version: 2", "version", "the file's own number 1", "2"),
        ("languages: [en, nb]", "languages: [en, nb, nb]", "languages", "each language once", "en, nb, nb"),
        ("  nb: Sju kjenn", "  fi: Sju kjenn", "titles.nb", "this field", "nothing"),
        ("Often, Nearly", "Nearly", "scales.en.steps", "5 different words", "a list"),
        ("[Hardly ever, Now", "[Now and then, Now", "scales.en.steps", "5 different words", "a list"),
        ("I haven’t seen this", "I haven’t seen this in all my time here", "scales.en.not_seen",
         "at most 30 characters", "39 characters"),
        ("key: asks-for-ideas", "key: tries-suggestions", "items[15].key", "a key of its own", "'tries-suggestions'"),
        ("behaviour: clear", "behaviour: brave", "items[4].behaviour", "one of goal_minded,", "'brave'"),
        ("area: engagement", "area: pay", "items[2].area", "one of job_content,", "'pay'"),
        ("asked_of: [team, peer, self]", "asked_of: [team, peer]", "items[2].asked_of",
         "self and at least one more", "peer, team"),
        ("asked_of: [team, peer, self]", "asked_of: [self]", "items[2].asked_of",
         "self and at least one more", "self"),
        ("asked_of: [team, peer, self]", "asked_of: [team, boss, self]", "items[2].asked_of[1]",
         "one of team, peer, manager, self", "'boss'"),
        ("I greet people by name", "I greet people by name once more every day in the whole week and in all of it",
         "items[2].en.self", "at most 16 words", "22 words"),
        ("{name} greets", "Somebody greets", "items[2].en.team", "a text with {name} in it", "'When a shift"),
        ("{name} greets", "{name} {0} greets", "items[2].en.team", "a text with {name} in it", "'When a shift"),
        ("I greet people", "{name} greets people", "items[2].en.self", "a text without braces", "'When a shift"),
        ("- key: help-most\n  en:\n    others: Which one thing could {name} do",
         "- key: help-most\n  en:\n    others: Which one thing could they do",
         "questions[1].en.others", "a text with {name} in it", "'Which one thing"),
        ("    self: Hva vil du", "    selv: Hva vil du", "questions[0].nb.self", "this field", "nothing"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_at_its_field(
    broken: Break, old: str, new: str, field: str, expected: str, found: str
) -> None:
    problems = problems_of(broken(old, new))

    assert any(
        problem.field == field and problem.expected.startswith(expected) and problem.found.startswith(found)
        for problem in problems
    ), "\n".join(map(str, problems))


def test_a_mistake_is_shown_at_its_line(broken: Break) -> None:
    path = broken("behaviour: clear", "behaviour: brave")

    (problem,) = problems_of(path)
    assert problem.place == f"seven-behaviours/1.yaml:{line_of(path, 'brave')}: items[4].behaviour"


def test_all_mistakes_are_shown_at_once(broken: Break) -> None:
    broken("behaviour: clear", "behaviour: brave")

    assert len(problems_of(broken("area: engagement", "area: pay"))) == 2


def test_nobody_gets_a_form_without_items(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("peer, ", ""), encoding="utf-8")

    (problem,) = problems_of(path)
    assert (problem.field, problem.found) == ("items", "peer")


def test_more_than_sixteen_items_are_refused(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    start, end = text.index("- key: asks-for-ideas"), text.index("questions:")
    more = text[start:end].replace("asks-for-ideas", "asks-for-more")
    path.write_text(text[:end] + more + text[end:], encoding="utf-8")

    (problem,) = problems_of(path)
    assert (problem.field, problem.expected, problem.found) == ("items", "at most 16 of them", "17")


@pytest.mark.parametrize("data", [b"", b"[]", b"slug", b"\xff", b"a: &a [*a]", b"{" * 50, b"slug: {}\nitems: 4"])
def test_anything_else_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(QuestionnaireInvalid) as caught:
        read_file(data)
    assert caught.value.problems


def test_a_file_too_large_is_not_even_parsed() -> None:
    with pytest.raises(QuestionnaireInvalid, match="at most 65536 bytes"):
        read_file(b"#" * (MAX_FILE_BYTES + 1))
