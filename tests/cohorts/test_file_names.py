"""Names of downloads and addresses keep what people typed as far as each may."""

import pytest
from django.http import HttpResponse

from cohorts.web.file_names import as_download, file_name, slug_of


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Bjørn Åsen: våren", "bjørn-åsen-våren.csv"),
        ("../../etc/passwd", "etcpasswd.csv"),
        ('a"b\r\nSet-Cookie: x', "ab-set-cookie-x.csv"),
        ("...", "list.csv"),
        ("å" * 300, f"{'å' * 100}.csv"),
    ],
)
def test_a_file_is_named_as_its_thing_on_any_system(words: str, name: str) -> None:
    assert file_name(words, "csv") == name


def test_a_browser_is_told_every_letter_of_the_name() -> None:
    response = HttpResponse()
    as_download(response, "bjørn.csv")
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''bj%C3%B8rn.csv"


@pytest.mark.parametrize(
    ("words", "slug"), [("Ærlig før_alt", "aerlig-for-alt"), ("日本", "untitled"), ("a" * 90, "a" * 50)]
)
def test_an_address_spells_norwegian_letters_in_ascii(words: str, slug: str) -> None:
    assert slug_of(words, most=50, otherwise="untitled") == slug
