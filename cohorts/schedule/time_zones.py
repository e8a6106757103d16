"""Time zones: those offered, their city, and the date in one."""

from datetime import date, datetime, tzinfo
from functools import cache
from zoneinfo import available_timezones

AREAS = frozenset({"Africa", "America", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
UNIVERSAL = "UTC"


def local_date(moment: datetime, zone: tzinfo) -> date:
    """The date on a calendar in this zone."""
    return moment.astimezone(zone).date()


@cache
def offered_zones() -> tuple[str, ...]:
    """Every `Area/City` zone in alphabetical order, then UTC. Fixed offsets and abbreviations are left out."""
    named = (name for name in available_timezones() if name.partition("/")[0] in AREAS and "/" in name)
    return (*sorted(named), UNIVERSAL)


def city(name: str) -> str:
    """The city of a zone name: Oslo for `Europe/Oslo`."""
    return name.partition("/")[2].replace("_", " ") or name
