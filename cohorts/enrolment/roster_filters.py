"""What of a roster is asked for in the address: `?q=&status=&sponsor=&sort=`. Anything unknown asks for everything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cohorts.enrolment.roster import RosterLine

STATUSES = [
    ("", _("Everybody")),
    ("quiet", _("Gone quiet")),
    ("failed", _("Mail failed")),
    ("waiting", _("Not come in yet")),
    ("paused", _("Away")),
    ("left", _("Left")),
]
IS: dict[str, Callable[[RosterLine], bool]] = {
    "": lambda line: not line.has_left,
    "quiet": lambda line: line.is_quiet,
    "failed": lambda line: line.has_failed,
    "waiting": lambda line: line.is_waiting,
    "paused": lambda line: line.is_paused,
    "left": lambda line: line.has_left,
}
SORTS: dict[str, Callable[[RosterLine], Any]] = {
    "name": lambda line: line.collation,
    "day": lambda line: line.day,
    "practice": lambda line: line.last_practice_on or date.min,
    "sponsor": lambda line: line.sponsor_name.casefold(),
}


@dataclass(frozen=True, slots=True)
class RosterFilters:
    """One question about a roster."""

    q: str = ""
    status: str = ""
    sponsor: int | None = None
    sort: str = "name"

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "RosterFilters":
        status, sort, sponsor = asked.get("status", ""), asked.get("sort", ""), asked.get("sponsor", "")
        return cls(
            q=asked.get("q", "").strip()[:100],
            status=status if status in IS else "",
            sponsor=int(sponsor) if sponsor.isascii() and sponsor.isdigit() else None,
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    def apply(self, lines: Iterable[RosterLine]) -> list[RosterLine]:
        chosen = [line for line in lines if self._wants(line)]
        by_name = sorted(chosen, key=SORTS["name"])
        return sorted(by_name, key=SORTS[self.sort.removeprefix("-")], reverse=self.sort.startswith("-"))

    def _wants(self, line: RosterLine) -> bool:
        words = self.q.casefold().split()
        return (
            IS[self.status](line)
            and (self.sponsor is None or line.sponsor_id == self.sponsor)
            and all(word in f"{line.name} {line.email}".casefold() for word in words)
        )


def status_counts(lines: Sequence[RosterLine]) -> list[tuple[str, str, int]]:
    """Each status with its words and how many are in it."""
    return [(key, str(words), sum(map(IS[key], lines))) for key, words in STATUSES]


def sponsors_in(lines: Sequence[RosterLine]) -> list[tuple[int, str]]:
    """Who follows somebody here, by name: the choices of the sponsor filter."""
    found = {line.sponsor_id: line.sponsor_name for line in lines if line.sponsor_id is not None}
    return sorted(found.items(), key=lambda sponsor: sponsor[1].casefold())
