"""A text that one language lacks is read in the first language that has it."""

import pytest

from cohorts.models.curriculum import first_available, in_language


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "Clear", "nb": "Klar"}, "nb", ("Klar", "nb")),
        ({"en": "Clear"}, "nb", ("Clear", "en")),
        ({"en": "Clear", "nb": ""}, "nb", ("Clear", "en")),
        ({"nb": "", "en": "Clear"}, "sv", ("Clear", "en")),
        ({"nb": ""}, "nb", ("", "nb")),
        ({}, "nb", (None, "nb")),
    ],
)
def test_the_first_language_with_a_text_is_used(texts, language, expected) -> None:
    assert first_available(texts, language) == expected


def test_fields_of_a_language_nobody_wrote_in_come_from_another() -> None:
    assert in_language({"en": {"title": "Clear"}, "nb": {}}, "nb") == ({"title": "Clear"}, "en")
    assert in_language({}, "nb") == ({}, "nb")
