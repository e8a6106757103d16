"""Words that could tell who wrote a comment are pointed out, in English and Norwegian; ordinary praise is not."""

import pytest

from feedback360.answering.identifying_words import Finding, Kind, identifying_words

NAME, DAY, ONLY_ME, ADDRESS, PLACE = Kind.NAME, Kind.DAY, Kind.ONLY_ME, Kind.ADDRESS, Kind.PLACE


def found(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.words) for finding in identifying_words(text, leader="Ingrid Solheim")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You helped Kari and me with the hard calls.", [(NAME, "Kari")]),
        ("She praised, Kari heard it too", [(NAME, "Kari")]),
        ("Du roste Åse foran alle.", [(NAME, "Åse")]),
        ("On Monday you walked past me.", [(DAY, "Monday")]),
        ("the talk on 12.3.2026 helped", [(DAY, "12.3.2026")]),
        ("the talk on 12 March helped", [(DAY, "12 March")]),
        ("Møtet forrige uke var nyttig", [(DAY, "forrige uke")]),
        ("Det du sa på onsdag traff", [(DAY, "onsdag")]),
        ("I was the only one who said so", [(ONLY_ME, "the only one")]),
        ("I think only I have seen it", [(ONLY_ME, "only I")]),
        ("Det var bare jeg som svarte", [(ONLY_ME, "bare jeg")]),
        ("Jeg er den eneste på laget", [(ONLY_ME, "den eneste")]),
        ("Write to me at kari@nordlys.example", [(ADDRESS, "kari@nordlys.example")]),
        ("ring 99 88 77 66", [(ADDRESS, "99 88 77 66")]),
        ("you never come to the night shift", [(PLACE, "night shift")]),
        ("stop by my desk more often", [(PLACE, "my desk")]),
        ("Du er aldri med på nattvakten", [(PLACE, "nattvakten")]),
        ("as I work part-time", [(PLACE, "part-time")]),
        ("da jeg begynte fikk jeg hjelp", [(PLACE, "da jeg begynte")]),
    ],
)
def test_identifying_words_are_found(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ingrid listens first. She asks what I have tried.",
        "I like that Ingrid stays calm, and Solheim humour helps.",
        "Keep asking what we need.\nYou say thank you often.",
        "Du spør før du svarer. Det hjelper meg.",
        "Jeg liker at Ingrid er rolig. Mer av det!",
        "may I suggest more breaks in the meetings?",
        "Mer tydelige mål, takk. Og litt oftere ros.",
    ],
)
def test_ordinary_comments_have_no_findings(text: str) -> None:
    assert found(text) == []


def test_each_wording_is_pointed_out_once_in_text_order() -> None:
    text = "You and Kari, on Monday, told Kari that only I was late"

    assert identifying_words(text, leader="Ingrid") == [
        Finding(NAME, "Kari"),
        Finding(DAY, "Monday"),
        Finding(ONLY_ME, "only I"),
    ]


def test_a_name_is_flagged_whether_or_not_they_are_asked() -> None:
    """There is no list of names to try out: any capital inside a sentence counts."""
    assert found("I spoke with Xyzzyq about it") == [(NAME, "Xyzzyq")]


def test_a_long_text_is_read_in_one_pass() -> None:
    """1,500 characters of the worst kind; a pattern that backtracks would not come back."""
    for piece in ("a@", "1 ", "Kari ", "min vakt", "\t", "den eneste "):
        identifying_words((piece * 1500)[:1500], leader="Ingrid")
