"""What the columns of a list are: by their headers, and by what stands under them. Pure.

Each column gets points for each field, and the best pairs of column and field are taken first. A header that is known
counts most, then one with a known part (`Primary Work Email`), then one that can mean other things, too (`Employee`).
What stands under it counts against it: an e-mail column without an @, a name column of numbers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from cohorts.web.letters import cleaned, folded

MAX_COLUMNS = 200
MAX_HEADER_CHARACTERS = 200
MAX_WORDS = 8
KNOWN, PART, PERHAPS = 100, 80, 50
PRIVATE, DOUBT, FOUND = 70, 60, 20  # less for a private address, less for cells that do not fit, for cells alone
CAMEL = re.compile(r"(?<=[a-zæøåäöü])(?=[A-ZÆØÅÄÖÜ])|(?<=[A-ZÆØÅÄÖÜ])(?=[A-ZÆØÅÄÖÜ][a-zæøåäöü])")
NO_LETTER = re.compile(r"[^\w#]|_")
ASIDE = frozenset("optional required valgfri valgfritt obligatorisk påkrevd frivillig frivilligt pflichtfeld".split())
PERSONAL = frozenset(
    "name legal primary official employee employees worker workers person persons current main full participant ansatt "
    "ansattes medarbeider medarbeiders mitarbeiter mitarbeiters medarbejder anställd leader".split()
)
AT_WORK = PERSONAL | frozenset(
    "work business company corporate office user contact job jobb arbeid bedrift arbejde arbete geschäftlich "
    "geschäftliche dienstlich dienstliche firma default".split()
)
OF_HOME = frozenset(
    "home private personal privat private privé hjemme secondary alternate alternative alternativ other emergency "
    "annen sekundær".split()
)
TEXT_LIKE_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ].*)?")
ZONE_LIKE = re.compile(r"/|utc|gmt|time|zeit|\b[cew]e?s?t\b|oslo|london|stockholm|berlin", re.IGNORECASE)
TRUTHS = frozenset("true false sant usann wahr falsch sand falsk".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The headers a kind of list knows. `contents` says what stands under a field: email, name or zone."""

    headers: Mapping[str, str]
    perhaps: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the only words a column of this field holds


class Guesser:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.values = {name: frozenset(values) for name, values in vocabulary.values.items()}
        self.words = {
            word for known in (vocabulary.headers, vocabulary.perhaps) for part in known for word in part.split()
        }
        self.points = lru_cache(4_096)(self._points)

    def known(self, row: Iterable[str], cells: Sequence[Sequence[str]] | None = None) -> dict[str, tuple[int, int]]:
        """Column and points by field. `cells` are what stands under each column."""
        offers = []
        for at, header in enumerate(islice(row, MAX_COLUMNS)):
            under = cells[at] if cells is not None and at < len(cells) else ()
            for name, points in self.points(header[:MAX_HEADER_CHARACTERS]).items():
                offers.append((points - self._doubts(name, points, under), -at, name))
        found: dict[str, tuple[int, int]] = {}
        taken = set()
        for points, at, name in sorted(offers, reverse=True):
            if points > 0 and name not in found and at not in taken:
                found[name] = -at, points
                taken.add(at)
        if {"first_name", "last_name", "name"} <= found.keys() and found["name"][1] < PART:
            del found["name"]  # `Worker` beside first and last name is a number, or the name again
        return dict(sorted(found.items(), key=lambda each: each[1][0]))

    def is_header(self, cell: str, name: str) -> bool:
        """Whether this cell says nothing but what its column is."""
        is_address = "@" in cell and "." in cell.rpartition("@")[2]
        return not is_address and self.points(cell[:MAX_HEADER_CHARACTERS]).get(name, 0) >= PART

    def _points(self, header: str) -> dict[str, int]:
        words = header_words(header)
        if self.words.isdisjoint(words) or len(words) > MAX_WORDS:
            return {}
        found: dict[str, int] = {}
        less = PRIVATE if OF_HOME & set(words) else 0
        core = [word for word in words if word not in OF_HOME]
        for start in range(len(core)):
            for end in range(len(core), start, -1):
                part, rest = " ".join(core[start:end]), [*core[:start], *core[end:]]
                name = self.vocabulary.headers.get(part)
                if name and self._is_aside(rest, name):
                    found[name] = max(found.get(name, 0), (PART if rest else KNOWN) - less)
                name = self.vocabulary.perhaps.get(part)
                if name and not rest:
                    found[name] = max(found.get(name, 0), PERHAPS - less)
        return found

    def _is_aside(self, words: Sequence[str], name: str) -> bool:
        """Whether words around a known header say nothing else: `work` of an address, but not of a name."""
        return (AT_WORK if self.vocabulary.contents.get(name) != "name" else PERSONAL).issuperset(words)

    def _doubts(self, name: str, points: int, cells: Sequence[str]) -> int:
        said = [cell for cell in cells if any(letter.isalnum() for letter in cell)]
        if not said:
            return 0
        if name in self.values:
            parts = [part for cell in said for part in re.split(r"[,;/&+]", cell)]
            return 0 if _share(folded(part.strip()) in self.values[name] for part in parts) >= 0.5 else 2 * KNOWN
        match self.vocabulary.contents.get(name):
            case "email":
                return 0 if any("@" in cell for cell in said) else PRIVATE
            case "name":
                return DOUBT if _share(not is_like_a_name(cell) for cell in said) >= 0.5 else 0
            case "zone":
                return DOUBT if points <= PERHAPS and not any(map(ZONE_LIKE.search, said)) else 0
        return 0


def header_words(header: str) -> list[str]:
    """`userPrincipalName` and `USER_PRINCIPAL-NAME*` as user, principal, name; numbers in front are no words."""
    plain = folded(cleaned(CAMEL.sub(" ", header))).replace("'", "").replace("\u2019", "")
    words = NO_LETTER.sub(" ", plain.replace("#", " # ")).split()
    while words and words[0].isdigit():
        words = words[1:]
    return [word for word in words if word not in ASIDE]


def is_like_a_name(cell: str) -> bool:
    return (
        any(letter.isalpha() for letter in cell)
        and "@" not in cell
        and not TEXT_LIKE_DATE.fullmatch(cell)
        and folded(cell) not in TRUTHS
    )


def without_header(cells: Sequence[Sequence[str]]) -> dict[str, int]:
    """The columns of a list that has no headers: the one of addresses, and the first one of names."""
    emails = [at for at, column in enumerate(cells) if column and _share("@" in cell for cell in column) >= 0.8]
    names = [
        at
        for at, column in enumerate(cells)
        if at not in emails and column and _share(map(is_like_a_name, column)) == 1
    ]
    return {"name": names[0], "email": emails[0]} if emails and names and "@" in cells[emails[0]][0] else {}


def _share(tests: Iterable[bool]) -> float:
    told = list(tests)
    return sum(told) / len(told)
