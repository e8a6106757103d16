"""Words in a comment by which its writer could be recognised: names, days, "only I", addresses, shifts. Pure.

It points out, it never blocks, and it cannot see everything: style gives people away, too. Names are recognised by
their capital letter inside a sentence, not by a list, so that trying names out does not tell who else is asked. The
leader's own name tells nothing about the writer and is left alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NAME = "name"
    DAY = "day"
    ONLY_ME = "only_me"
    ADDRESS = "address"
    PLACE = "place"  # shift, desk, part-time, how long they have been here


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    words: str


_MONTHS = (
    "january|february|march|april|june|july|august|september|october|november|december"
    "|januar|februar|mars|juni|juli|oktober|desember"
)
_WEEKDAYS = (
    "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?"
    "|(?:man|tirs|ons|tors|fre|lør|søn)dag(?:en|er|ene|s)?"
)
# Upper and lower case alike, whole words.
_PATTERNS = {
    Kind.ADDRESS: r"\S+@\S+\.\w+|\+?\d(?:[ ]?\d){7,}",
    Kind.DAY: (
        rf"\d{{1,2}}[./]\s?\d{{1,2}}(?:[./]\d{{2,4}})?|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\.?\s(?:of\s)?(?:{_MONTHS})"
        rf"|in\smay|i\smai|(?:{_MONTHS})|{_WEEKDAYS}|yesterday|last\s(?:week|month)|i\sgår"
        r"|(?:forrige|i\sforrige)\s(?:uke|måned)"
    ),
    Kind.ONLY_ME: (
        r"only\s(?:I|me)|just\sme|I\salone|(?:the|as\sthe)\sonly\s(?:one|person|woman|man)|nobody\selse|no\sone\selse"
        r"|(?:bare|kun)\s(?:jeg|meg)|jeg\salene|den\seneste|eneste\s(?:kvinne|mann|som)|ingen\sandre"
    ),
    Kind.PLACE: (
        r"(?:my|the)\s(?:desk|shift)|(?:early|late|night|evening|morning)[ -]shifts?|part[ -]time"
        r"|(?:since|when)\sI\s(?:started|joined)|when\sI\swas\snew|my\sfirst\s(?:day|week|month|year)"
        r"|(?:\w+|min|mine)\s?vakt(?:en|er|a)?\b|(?:natt|kveld|dag|tidlig|sen)s?(?:vakt|skift)(?:en|et|er|a)?"
        r"|pulten\smin|plassen\smin|deltid|(?:siden|da)\sjeg\s(?:begynte|startet)|da\sjeg\svar\sny"
        r"|min\sførste\s(?:dag|uke|måned)|mitt\sførste\så[rt]"
    ),
}
_FOUND = {kind: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for kind, pattern in _PATTERNS.items()}
# A capital after a small letter, digit or comma and a space: inside a sentence, where neither language writes one.
_CAPITAL = re.compile(r"(?<=[^\W_A-ZÆØÅ],\s)[A-ZÆØÅ][a-zæøåéü-]+|(?<=[^\W_]\s)[A-ZÆØÅ][a-zæøåéü-]+")
_NO_NAMES = frozenset({"English", "Norwegian", "Teams", "Excel", "Norsk"})


def identifying_words(text: str, *, leader: str) -> list[Finding]:
    """What the writer should look at again, in the order of the text, each wording once."""
    found = sorted(_findings(text, leader.casefold().split()), key=lambda each: each[0])
    return list(dict.fromkeys(finding for _start, finding in found))


def _findings(text: str, leader: Iterable[str]) -> Iterator[tuple[int, Finding]]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text):
            if not _meets(match.span(), taken):
                taken.append(match.span())
                yield match.start(), Finding(kind, match.group().strip())
    for match in _CAPITAL.finditer(text):
        word = match.group()
        is_leader = word.casefold().removesuffix("s") in {name.removesuffix("s") for name in leader}
        if word not in _NO_NAMES and not is_leader and not _meets(match.span(), taken):
            yield match.start(), Finding(Kind.NAME, word)


def _meets(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
