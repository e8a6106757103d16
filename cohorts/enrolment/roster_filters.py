"""Filters of a roster from the query string: `?q=&status=&sponsor=&sort=`. Unknown values are ignored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cohorts.enrolment.roster import RosterLine
from cohorts.enrolment.status import Key
from cohorts.web.chips import Chip, address_of
from cohorts.web.inputs import key_from

STATUSES = {
    "": _("All"),
    Key.NOT_SIGNED_IN: _("Not signed in"),
    Key.SUSPENDED: _("Suspended"),
    Key.MAIL_FAILED: _("Mail failed"),
    Key.QUIET: _("Gone quiet"),
    Key.OFF: _("Off today"),
    Key.PAUSED: _("Paused"),
    Key.APP: _("In app only"),
    Key.PRACTISED: _("Practised today"),
    Key.LEFT: _("Left"),
}
SORTS: dict[str, Callable[[RosterLine], Any]] = {
    "today": lambda line: line.status.urgency,
    "name": lambda line: line.collation,
    "practice": lambda line: line.last_practice_on or date.min,
    "sponsor": lambda line: line.sponsor_name.casefold(),
}
SORTED = "today"


@dataclass(frozen=True, slots=True)
class RosterFilters:
    """The filters of one request."""

    q: str = ""
    status: str = ""
    sponsor: int | None = None
    sort: str = SORTED
    is_choosing: bool = False

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "RosterFilters":
        status, sort, sponsor = asked.get("status", ""), asked.get("sort", ""), asked.get("sponsor", "")
        return cls(
            q=asked.get("q", "").strip()[:100],
            status=status if status in STATUSES else "",
            sponsor=key_from(sponsor),
            sort=sort if sort.removeprefix("-") in SORTS else SORTED,
            is_choosing="choose" in asked,
        )

    def apply(self, lines: Iterable[RosterLine]) -> list[RosterLine]:
        chosen = [line for line in lines if self._has_status(line) and self._wants(line)]
        by_name = sorted(chosen, key=SORTS["name"])
        return sorted(by_name, key=SORTS[self.sort.removeprefix("-")], reverse=self.sort.startswith("-"))

    def chips(self, lines: Iterable[RosterLine]) -> list[Chip]:
        """Each status that somebody has, counted within what else is asked for, with its address."""
        found = [line for line in lines if self._wants(line)]
        counts = {str(key): sum(line.status.key == key for line in found) for key in Key}
        counts[""] = len(found) - counts[Key.LEFT]
        return [
            Chip(self._address(key), str(label), counts[key], key == self.status)
            for key, label in STATUSES.items()
            if counts[key] or key in ("", self.status)
        ]

    def kept(self, *but: str) -> list[tuple[str, str]]:
        """What the address says besides these, for a form that asks for one of them."""
        said = {"q": self.q, "status": self.status, "sponsor": str(self.sponsor or ""), "sort": self.sort}
        said["sort"] = "" if self.sort == SORTED else self.sort
        said["choose"] = "1" if self.is_choosing else ""
        return [(name, word) for name, word in said.items() if word and name not in but]

    def _address(self, status: str) -> str:
        return address_of([*self.kept("status"), ("status", str(status))])

    def _has_status(self, line: RosterLine) -> bool:
        return line.status.key == self.status if self.status else not line.has_left

    def _wants(self, line: RosterLine) -> bool:
        words = self.q.casefold().split()
        text = f"{line.name} {line.email} {line.sponsor_name}".casefold() if words else ""
        return (self.sponsor is None or line.sponsor_id == self.sponsor) and all(word in text for word in words)


def sponsors_in(lines: Sequence[RosterLine]) -> list[tuple[int, str]]:
    """Who follows somebody here, by name: the choices of the sponsor filter."""
    found = {line.sponsor_id: line.sponsor_name for line in lines if line.sponsor_id is not None}
    return sorted(found.items(), key=lambda sponsor: sponsor[1].casefold())
