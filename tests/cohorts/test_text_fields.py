"""One normaliser for everything that is typed: line breaks, composed letters, no NUL."""

import pytest
from django import forms

from cohorts.web.inputs import TextField, normalised

WRITTEN_APART = "A\u030ase"  # Å as a Mac's file system writes it
COMPOSED = "Åse"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("one\r\ntwo", "one\ntwo"),
        ("one\rtwo", "one\ntwo"),
        ("one\n\r\n\ntwo", "one\n\n\ntwo"),
        (WRITTEN_APART, COMPOSED),
        ("a\0b", "ab"),
        ("\u0958", "\u0958"),  # composing would take two letters for this one, and then it would not fit
        ("👩‍💻\t«ok»", "👩‍💻\t«ok»"),
        ("", ""),
    ],
)
def test_a_text_has_one_spelling(typed: str, stored: str) -> None:
    assert normalised(typed) == stored
    assert normalised(stored) == stored
    assert len(stored) <= len(typed)


@pytest.mark.parametrize("text", ["y\r\n" * 5, WRITTEN_APART * 3 + "y", "\0" * 99 + "y" * 10])
def test_a_limit_counts_what_is_stored(text: str) -> None:
    field = TextField(max_length=10, strip=False)

    assert field.clean(text) == normalised(text)
    with pytest.raises(forms.ValidationError):
        field.clean(text + "yy")
