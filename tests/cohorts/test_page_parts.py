"""The parts of a brief or an agenda: they keep their keys wherever they go."""

import pytest

from cohorts.curriculum.page_parts import Part, moved, parts_of, stored

WORDS = {"title": "A title", "opening": "First", "closing": "Last"}


def part(key, words="said", minutes=0):
    return Part(key, {"en": {"heading": f"{key} {words}", "text": words}}, minutes)


def test_parts_from_files_are_named_by_their_place():
    texts = {
        "en": WORDS | {"parts": [{"heading": "a", "text": "b"}, {"heading": "c", "text": "d"}]},
        "nb": WORDS | {"parts": [{"heading": "å", "text": "bé"}, {"heading": "sé", "text": "dé"}]},
    }

    assert parts_of(texts) == [
        Part("1", {"en": {"heading": "a", "text": "b"}, "nb": {"heading": "å", "text": "bé"}}),
        Part("2", {"en": {"heading": "c", "text": "d"}, "nb": {"heading": "sé", "text": "dé"}}),
    ]
    assert parts_of({}) == []


def test_stored_parts_come_back_with_their_keys():
    parts = [part("b", minutes=5), part("a", minutes=40)]

    assert parts_of(stored({"en": WORDS}, parts, ["en", "nb"], timed=True)) == parts


@pytest.mark.parametrize(
    ("text", "parts", "languages"),
    [
        ({}, [], []),
        ({"en": dict.fromkeys(WORDS, "")}, [], []),
        ({}, [Part("new", {})], ["en"]),
        ({"en": WORDS}, [], ["en"]),
        ({"en": WORDS, "nb": dict.fromkeys(WORDS, "")}, [part("a")], ["en"]),
        ({"nb": WORDS}, [], ["nb"]),
    ],
)
def test_a_language_nobody_began_is_not_stored(text, parts, languages):
    assert list(stored(text, parts, ["en", "nb"], timed=False)) == languages


@pytest.mark.parametrize(
    ("key", "is_later", "order"),
    [("a", True, "bac"), ("b", False, "bac"), ("a", False, "abc"), ("c", True, "abc"), ("gone", True, "abc")],
)
def test_a_part_moves_one_place_or_stays(key, is_later, order):
    assert [each.key for each in moved(map(part, "abc"), key, is_later=is_later)] == list(order)
