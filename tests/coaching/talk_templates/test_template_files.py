"""A talk template's file is read whole, every mistake is shown at its line, and every version stays."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coaching.models import SessionKind
from coaching.talk_templates.content import CALIBRATION, KINDS
from coaching.talk_templates.files import (
    MAX_FILE_BYTES,
    SHIPPED,
    TemplateInvalid,
    newest,
    read_template,
    template,
    templates_for,
)
from cohorts.curriculum.located_yaml import Problem

Break = Callable[[str, str], Path]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The first version of each template."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "shelf", ignore=shutil.ignore_patterns("[!1].yaml")))


@pytest.fixture
def broken(shelf: Path) -> Break:
    """Replaces the first occurrence of a text in the side-by-side template."""

    def break_it(old: str, new: str) -> Path:
        path = shelf / "side-by-side" / "1.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return break_it


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(TemplateInvalid) as caught:
        read_template(path)
    return caught.value.problems


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def next_version(shelf: Path, key: str, old: str, new: str) -> None:
    text = (shelf / key / "1.yaml").read_text(encoding="utf-8")
    assert old in text
    changed = text.replace("version: 1", "version: 2", 1).replace(old, new, 1)
    (shelf / key / "2.yaml").write_text(changed, encoding="utf-8")


def test_a_file_becomes_a_template_in_two_languages() -> None:
    side = read_template(SHIPPED / "side-by-side" / "1.yaml")

    assert (side.key, side.version, side.kinds, side.minutes) == ("side-by-side", 1, ("side_by_side",), 30)
    norwegian = side.in_language("nb")
    assert [box.key for box in norwegian.boxes[:3]] == ["own-view", "moment", "effect"]
    assert norwegian.title == "Medlytt"
    assert [part.who for part in norwegian.agenda] == ["both", "both", "leader", "partner", "both", "leader"]
    own, moment = norwegian.boxes[:2]
    assert (own.whose, own.leader_first) == ("leader", False)
    assert (moment.whose, moment.leader_first, moment.most) == ("partner", True, 600)


def test_a_page_in_a_third_language_reads_the_english_words() -> None:
    grow = read_template(SHIPPED / "grow" / "1.yaml")

    assert grow.in_language("sv") == grow.in_language("en")


def test_template_kinds_are_session_kinds_and_calibration() -> None:
    assert set(KINDS) == {*SessionKind.values, CALIBRATION}


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("minutes: 30", "minutes: 31", "agenda", "31 minutes together"),
        ("minutes: 30", "minutes: 300", "minutes", "a whole number from 1 to 60"),
        ("who: leader", "who: coach", "agenda[2].who", "one of leader, partner, both"),
        ("whose: leader", "whose: admin", "boxes[0].whose", "one of shared, leader, partner"),
        ("kinds: [side_by_side]", "kinds: [pair]", "kinds[0]", "one of one_to_one, side_by_side"),
        ("kinds: [side_by_side]", "kinds: [calibration]", "kinds", "criteria in a calibration, and in no other kind"),
        ("key: moment", "key: own-view", "boxes[1].key", "a key of its own"),
        ("characters: 1500", "characters: 15000", "boxes[0].characters", "a whole number from 100 to 10000"),
        ("whose: leader\n", "whose: shared\n", "boxes", "a box of the leader before those that wait for it"),
        ("leader_first: yes", "leader_first: maybe", "boxes[1].leader_first", "one of yes, no"),
        ("whose: partner", "whose: leader", "boxes[1].leader_first", "a box the partner writes in"),
        ("  nb: Velg én", "  dk: Velg én", "agenda[0].nb", "this field"),
        ("version: 1", "version: 3", "version", "the file's own number 1"),
        ("key: side-by-side", "key: listening", "key", "the folder's own name side-by-side"),
        ("nb: Medlytt", f"nb: {'a' * 41}", "title.nb", "at most 40 characters"),
        ("closing:", "score: 5\nclosing:", "score", "one of key, version"),
    ],
)
def test_a_mistake_is_named_with_what_is_expected(broken: Break, old: str, new: str, field: str, expected: str) -> None:
    problem = next(each for each in problems_of(broken(old, new)) if each.field == field)

    assert str(problem.expected).startswith(expected)


def test_every_mistake_of_a_template_is_shown_at_its_line(broken: Break) -> None:
    broken("who: leader", "who: coach")
    path = broken("whose: leader", "whose: admin")

    found = {(problem.line, problem.field) for problem in problems_of(path)}

    assert (line_of(path, "who: coach"), "agenda[2].who") in found
    assert (line_of(path, "whose: admin"), "boxes[0].whose") in found


def test_a_template_file_that_is_too_large_is_not_read(broken: Break) -> None:
    path = broken("key: side-by-side", "#" * MAX_FILE_BYTES + "\nkey: side-by-side")

    assert [str(problem.expected) for problem in problems_of(path)] == [f"at most {MAX_FILE_BYTES} bytes"]


def test_new_sessions_get_the_newest_version_and_old_ones_keep_theirs(shelf: Path) -> None:
    next_version(shelf, "grow", "en: Take one matter", "en: Carry one matter")

    offered = next(each for each in templates_for("one_to_one", shelf=shelf) if each.key == "grow")
    planned_before = template("grow", 1, shelf=shelf)

    assert offered.version == 2
    assert offered.in_language("en").purpose.startswith("Carry one")
    assert planned_before is not None
    assert planned_before.in_language("en").purpose.startswith("Take one")


def test_the_tenth_version_is_newer_than_the_ninth(shelf: Path) -> None:
    text = (shelf / "grow" / "1.yaml").read_text(encoding="utf-8")
    for number in range(2, 11):
        (shelf / "grow" / f"{number}.yaml").write_text(text.replace("version: 1", f"version: {number}", 1))

    latest = newest("grow", shelf=shelf)

    assert latest is not None
    assert latest.version == 10


def test_a_withdrawn_template_is_not_offered_and_still_read(shelf: Path) -> None:
    next_version(shelf, "grow", "kinds: [one_to_one, mentor]", "kinds: []")

    assert "grow" not in {each.key for each in templates_for("one_to_one", shelf=shelf)}
    assert template("grow", 1, shelf=shelf) == template("grow", 1)


def test_there_is_no_template_for_a_session_without_one() -> None:
    assert template("", 1) is None
    assert template("grow", 99) is None
    assert newest("nowhere") is None


def test_shorter_talks_are_offered_first() -> None:
    offered = templates_for("one_to_one")

    assert [(each.minutes, each.key) for each in offered] == [
        (20, "hard-day"),
        (30, "grow"),
        (45, "career"),
        (45, "clear"),
        (45, "first-meeting"),
    ]
    assert [each.key for each in templates_for("drop_in")] == ["drop-in"]
    assert [each.key for each in templates_for("side_by_side")] == ["side-by-side"]
    assert [each.key for each in templates_for(CALIBRATION)] == ["listening-calibration"]
