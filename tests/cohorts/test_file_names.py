"""Names of downloads and addresses keep what people typed as far as each may."""

import re

import pytest
from django.http import HttpResponse
from hypothesis import example, given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("team-2.csv", 'attachment; filename="team-2.csv"'),
        ("bjørn-åsen.csv", "attachment; filename=\"bjorn-asen.csv\"; filename*=UTF-8''bj%C3%B8rn-%C3%A5sen.csv"),
        ("weiß.pdf", "attachment; filename=\"weiss.pdf\"; filename*=UTF-8''wei%C3%9F.pdf"),
        ("ー.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E3%83%BC.pdf"),
        ("山田.pdf", "attachment; filename=\"shantian.pdf\"; filename*=UTF-8''%E5%B1%B1%E7%94%B0.pdf"),
    ],
)
def test_a_browser_is_told_every_letter_and_another_program_a_readable_name(name: str, header: str) -> None:
    response = HttpResponse()
    as_download(response, name)
    assert response["Content-Disposition"] == header


@given(words=st.text(st.characters(categories=["L", "N"]), max_size=150))
@example(words="ʺː〳〵ↈ")
def test_no_letter_is_spelled_as_a_sign_that_ends_the_header_or_a_path(words: str) -> None:
    response = HttpResponse()
    as_download(response, file_name(words, "csv"))
    assert re.match(r'attachment; filename="[a-z0-9-]+\.csv"($|; )', response["Content-Disposition"])


@pytest.mark.parametrize(
    ("words", "slug"), [("Ærlig før_alt", "aerlig-for-alt"), ("日本", "riben"), ("…", "untitled"), ("a" * 90, "a" * 50)]
)
def test_an_address_spells_norwegian_letters_in_ascii(words: str, slug: str) -> None:
    assert slug_of(words, most=50, otherwise="untitled") == slug
