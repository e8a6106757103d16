"""The sponsors of a cohort, and which of them have gone silent. No database.

The rule: a sponsor is silent who has opened nothing for more than a week, the page of their leaders and its mails'
links alike, while a leader of theirs has been under way for longer than that. What somebody only read in their mailbox
is not recorded, so it does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.enrolment.roster import RosterLine
from cohorts.schedule.path import LENGTH

SILENT_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SponsorLine:
    """One sponsor with their leaders under way in this cohort. `seen_on` is None when they have never been here."""

    pk: int
    name: str
    leaders: int
    seen_on: date | None
    is_silent: bool


def sponsors_of(lines: Iterable[RosterLine]) -> list[SponsorLine]:
    """Everybody who supports a leader under way, by name."""
    found: dict[int, list[RosterLine]] = {}
    for line in lines:
        if line.sponsor_id is not None and not line.has_left and 1 <= line.day <= LENGTH:
            found.setdefault(line.sponsor_id, []).append(line)
    return sorted((_sponsor(pk, theirs) for pk, theirs in found.items()), key=lambda each: each.name.casefold())


def _sponsor(pk: int, theirs: list[RosterLine]) -> SponsorLine:
    first = theirs[0]
    has_had_time = any(line.day > SILENT_AFTER.days for line in theirs)
    is_away = first.sponsor_seen_on is None or first.today - first.sponsor_seen_on > SILENT_AFTER
    return SponsorLine(pk, first.sponsor_name, len(theirs), first.sponsor_seen_on, has_had_time and is_away)
