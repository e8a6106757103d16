"""Rows being planned, packed: of a long list, only some are objects at a time. Pure."""

import marshal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from cohorts.people.imports.file import PersonRow

ROWS_A_PACK = 2_000
OPEN_PACKS = 5  # a list as short as this is never packed


class Problem(NamedTuple):
    """What is wrong in one row: the field, its column in the file, and a sentence that says how to fix it."""

    field: str
    column: str
    sentence: str


@dataclass(slots=True)
class Draft:
    """One row being planned."""

    row: PersonRow
    said: PersonRow  # the row without cells that say there is nothing
    email: str = ""
    spelled: str = ""  # the name as names are compared; empty if it can be nobody's
    is_reachable: bool = False  # the address can receive mail
    zone: str = ""
    language: str = ""
    roles: frozenset[str] = frozenset()
    manager_email: str = ""
    manager_name: str = ""
    sponsor_email: str = ""
    sponsor_name: str = ""
    is_merged: bool = False
    is_set_aside: bool = False
    choices: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_standing(self) -> bool:
        return not (self.problems or self.is_merged or self.is_set_aside)


plain_values = attrgetter(*(name for name in Draft.__slots__ if name not in {"row", "said", "problems"}))


class Drafts:
    """The drafts of a list in its order, each at its place. Walking through them keeps what is changed on the way."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self.packs: list[list[Draft] | bytes] = []
        open_pack: list[Draft] = []
        for draft in drafts:
            open_pack.append(draft)
            if len(open_pack) == ROWS_A_PACK:
                self.packs.append(self._kept(len(self.packs), open_pack))
                open_pack = []
        self.packs.append(open_pack)

    def __iter__(self) -> Iterator[Draft]:
        for at, pack in enumerate(self.packs):
            drafts = _opened(pack)
            yield from drafts
            self.packs[at] = self._kept(at, drafts)

    def unchanged(self) -> Iterator[Draft]:
        """Walk through them without keeping changes, which is faster."""
        for pack in self.packs:
            yield from _opened(pack)

    def some(self, places: Iterable[int]) -> Iterator[Draft]:
        """Walk through those at some places, in their order, without keeping changes."""
        for at, those in _by_pack(places):
            drafts = _opened(self.packs[at])
            yield from (drafts[place % ROWS_A_PACK] for place in those)

    def at(self, places: Iterable[int]) -> dict[int, Draft]:
        """Those at some places, to be changed and put back."""
        where = sorted(places)
        return dict(zip(where, self.some(where), strict=True))

    def put_back(self, changed: Mapping[int, Draft]) -> None:
        for at, places in _by_pack(changed):
            drafts = _opened(self.packs[at])
            for place in places:
                drafts[place % ROWS_A_PACK] = changed[place]
            self.packs[at] = self._kept(at, drafts)

    @staticmethod
    def _kept(at: int, drafts: list[Draft]) -> list[Draft] | bytes:
        return drafts if at < OPEN_PACKS else marshal.dumps([_packed(draft) for draft in drafts])


def _by_pack(places: Iterable[int]) -> Iterator[tuple[int, Iterator[int]]]:
    """The number of each pack, and the places in it; both in order."""
    return groupby(sorted(places), key=lambda place: place // ROWS_A_PACK)


def _packed(draft: Draft) -> tuple[object, ...]:
    said = None if draft.said is draft.row else tuple(draft.said)
    return tuple(draft.row), said, plain_values(draft), list(map(tuple, draft.problems))


def _opened(pack: list[Draft] | bytes) -> list[Draft]:
    if isinstance(pack, list):
        return pack
    drafts = []
    for row, said, values, problems in marshal.loads(pack):  # noqa: S302 - written above, in this process
        known = PersonRow(*row)
        draft = Draft(known, known if said is None else PersonRow(*said), *values)
        draft.problems = [Problem(*problem) for problem in problems]
        drafts.append(draft)
    return drafts
