"""Time zones by city, with a lookup that tolerates spelling."""

from datetime import date, datetime, tzinfo
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

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


@cache
def zone_choices() -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """The same zones as choices of a list, grouped by area, so that typing a city finds it."""
    groups = groupby(offered_zones(), key=lambda name: name.partition("/")[0])
    return tuple((area, [(name, city(name)) for name in names]) for area, names in groups)


def city(name: str) -> str:
    """The city of a zone name: Oslo for `Europe/Oslo`."""
    return name.partition("/")[2].replace("_", " ") or name


def zone_named(text: str) -> ZoneInfo | None:
    """The zone with this full name or city, ignoring case and spaces; None if unknown."""
    name = _by_spelling().get(_spelled(text))
    return ZoneInfo(name) if name else None


def closest_zone(text: str) -> str | None:
    """The zone name most similar to the text; None if nothing is close."""
    near = get_close_matches(_spelled(text), _by_spelling(), n=1, cutoff=0.7)
    return _by_spelling()[near[0]] if near else None


def _spelled(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


@cache
def _by_spelling() -> dict[str, str]:
    cities = {_spelled(city(name)): name for name in offered_zones()}
    return cities | {_spelled(name): name for name in offered_zones()}
