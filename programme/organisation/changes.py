"""What was lately changed in a section, from the audit trail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cohorts.models import AuditEntry
from programme.trail.entries import lines

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One entry: what was done, the old and the new value if it has any, who, and when in the reader's zone."""

    did: str
    about: str
    old: str
    new: str
    who: str
    at: datetime


def lately(verbs: Collection[str], *, zone: ZoneInfo) -> list[Change]:
    """The newest first."""
    found = AuditEntry.objects.filter(verb__in=verbs).order_by("-number")[:SHOWN]
    return [
        Change(
            line.did,
            line.about,
            str(line.entry.details.get("old", "")),
            str(line.entry.details.get("new", "")),
            line.who,
            line.at,
        )
        for line in lines(found, zone=zone)
    ]
