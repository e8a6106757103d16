"""The merge of what a form showed, what came back and what is saved by now, as a table."""

import pytest

from cohorts.web.merge import merge, weave


@pytest.mark.parametrize(
    ("shown", "mine", "theirs", "value", "whose"),
    [
        ("a", "a", "a", "a", "nobody's"),
        ("a", "b", "a", "b", "mine"),
        ("a", "a", "c", "c", "theirs"),
        ("a", "b", "b", "b", "both"),
        ("a", "b", "c", "b", "conflict"),
        ("a", "", "c", "", "conflict"),
        ("a", "b", "", "b", "conflict"),
        ("", "b", "c", "b", "conflict"),
        ("a", "", "a", "", "mine"),
        ("a", "a", "", "", "theirs"),
        (None, "a", "a", "a", "both"),
        (None, "b", "c", "b", "conflict"),
    ],
)
def test_one_field(shown: str | None, mine: str, theirs: str, value: str, whose: str) -> None:
    merged = merge({} if shown is None else {"x": shown}, {"x": mine}, {"x": theirs})

    assert merged.values == {"x": value}
    assert ("x" in merged.taken, "x" in merged.conflicts) == (whose == "theirs", whose == "conflict")


def test_each_field_is_decided_by_itself() -> None:
    shown = {"a": 1, "b": 1, "c": 1, "d": [1]}
    merged = merge(shown, {"a": 2, "b": 1, "c": 2, "d": [1]}, {"a": 1, "b": 3, "c": 3, "d": [1, 2]})

    assert merged.values == {"a": 2, "b": 3, "c": 2, "d": [1, 2]}
    assert (merged.taken, merged.conflicts) == ({"b", "d"}, {"c"})


@pytest.mark.parametrize(
    ("shown", "mine", "theirs", "woven"),
    [
        ("a", "a\nb", "c\na", "c\na\nb"),
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("", "mine", "theirs", "theirs\nmine"),
        ("a", "a\nmine", "a\ntheirs", "a\ntheirs\nmine"),
        ("a", "a\nsame", "a\nsame", "a\nsame"),
        ("a\nb", "b", "a\nb\nc", "b\nc"),
        ("a", "b", "c", None),
        ("a\nb", "a", "a\nB", None),
        ("a", "", "a\nc", "c"),
    ],
)
def test_two_who_write_in_one_text_keep_their_lines(shown: str, mine: str, theirs: str, woven: str | None) -> None:
    assert weave(shown, mine, theirs) == woven
