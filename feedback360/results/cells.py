"""The cells of one release by what they are about, and their values in words. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from feedback360.models import Group
from feedback360.results import words
from feedback360.statistics.agreement import EXACT, GAP
from feedback360.statistics.verdicts import CLAIMING_GROUPS
from feedback360.visibility import Cell, Release

ABOUT_THE_SAME = 0.5
COARSE = 0.5


@dataclass(frozen=True, slots=True)
class Cells:
    """`counted` are the shown groups in which nobody is named; the first of them speaks in the report's sentences."""

    by_place: Mapping[tuple[str, str, str], Cell]
    shown: frozenset[str]

    @classmethod
    def of(cls, release: Release) -> "Cells":
        by_place = {(cell.group, cell.kind, cell.key): cell for cell in release.cells}
        return cls(by_place, frozenset(group.group for group in release.groups if group.shown))

    @property
    def counted(self) -> tuple[str, ...]:
        return tuple(group for group in CLAIMING_GROUPS if group in self.shown)

    @property
    def voice(self) -> str:
        """Whose view the report's sentences give: a counted group, else the manager; empty if there is neither."""
        return next(iter(self.counted), Group.MANAGER if Group.MANAGER in self.shown else "")

    def cell(self, group: str, kind: str, key: str) -> Cell | None:
        """None if nothing was asked, or nothing is shown."""
        found = self.by_place.get((group, kind, key))
        return found if found is not None and found.value is not None else None

    def value(self, group: str, kind: str, key: str) -> float | None:
        found = self.cell(group, kind, key)
        return found.value if found else None

    def values(self, group: str, kind: str, keys: Iterable[str]) -> dict[str, float]:
        found = ((key, self.value(group, kind, key)) for key in keys)
        return {key: value for key, value in found if value is not None}


def number_in(cell: Cell | None) -> str:
    """A value as a table prints it, with what it is a bound of; nothing where none is shown."""
    return words.bounded(cell.value, cell.bound) if cell is not None and cell.value is not None else ""


def said(cell: Cell | None) -> str:
    """A value in a sentence: what is rounded to halves is *about* so much."""
    if cell is None or cell.bound or cell.step < COARSE:
        return number_in(cell)
    return _("about %(number)s") % {"number": number_in(cell)}


def gap_of(own: float | None, others: Cell | None) -> float | None:
    """Own minus others; the smallest it can be where others are a bound; 0 where it may be either way."""
    if own is None or others is None or others.value is None:
        return None
    gap = own - others.value
    if (others.bound == "at_least" and gap > 0) or (others.bound == "at_most" and gap < 0):
        return 0.0
    return gap


def gap_says(own: float | None, others: Cell | None) -> str:
    """The difference in words, or nothing if either is missing."""
    gap = gap_of(own, others)
    if gap is None or others is None:
        return ""
    if abs(gap) < ABOUT_THE_SAME - EXACT:
        return _("About the same")
    points = words.number(abs(gap))
    if others.bound:
        said_so = _("You at least %(points)s higher") if gap > 0 else _("You at least %(points)s lower")
    elif others.step >= COARSE:
        said_so = _("You about %(points)s higher") if gap > 0 else _("You about %(points)s lower")
    else:
        said_so = _("You %(points)s higher") if gap > 0 else _("You %(points)s lower")
    return said_so % {"points": points}


def is_wide(gap: float | None) -> bool:
    return gap is not None and abs(gap) >= GAP - EXACT
