"""A time zone out of what people and systems write, and zones as people search them.

One reading for files, forms and the API: full names with their aliases (US/Eastern, Europe/Kiev), cities and countries
of one zone in English and Norwegian, names of Windows with its lists of cities, and names of kinds of time (Central
European Time, CET). Names and the Windows table are CLDR's, through Babel. An offset or a short name that several
places share is not guessed: `why_unread` says what to write instead.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from babel.core import Locale, get_global
from django.utils.translation import gettext as _

from cohorts.schedule.time_zones import UNIVERSAL, city, offered_zones
from cohorts.web.languages import LANGUAGES

MAX_ZONE_CHARACTERS = 120
OFFSET = re.compile(r"(?:utc|gmt|z)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?")
OFFSET_BEFORE = re.compile(rf"{OFFSET.pattern}\s+(?=[^\W\d])")  # as in "GMT+01:00 Central European Time"
BRACKETS = re.compile(r"\([^()]*\)")
PARTS = re.compile(r"[,;|]| - ")
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "−": "-", "–": "-", "_": " ", "’": "'"})
UNIVERSAL_NAMES = ("UTC", "Etc/UTC", "Zulu", "Coordinated Universal Time", "koordinert universaltid")
KINDS = {"Europe_Central": "Europe/Berlin", "Europe_Eastern": "Europe/Helsinki", "Europe_Western": "Europe/Lisbon"}
SHORT = {
    **dict.fromkeys(("CET", "CEST", "MET", "MEZ", "MESZ", "sentraleuropeisk tid", "norsk tid"), "Europe_Central"),
    **dict.fromkeys(("EET", "EEST"), "Europe_Eastern"),
    **dict.fromkeys(("WET", "WEST"), "Europe_Western"),
}
SHARED = {  # short names that several places have, with a city to write instead
    "gmt": "Europe/London",
    "greenwich mean time": "Europe/London",
    "bst": "Europe/London",
    "ist": "Asia/Kolkata",
    **dict.fromkeys(("est", "edt", "et"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt", "ct"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt", "mt"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pt"), "America/Los_Angeles"),
}
SUGGESTED_CITIES = 2


@dataclass(frozen=True, slots=True)
class ZoneOption:
    """A zone as a list offers it: `Oslo (UTC+01:00)`, which `read_zone` understands, and where that is."""

    name: str
    value: str
    label: str


def read_zone(text: str, *, near: ZoneInfo | None = None) -> ZoneInfo | None:
    """The zone a text names; None if it names none, or several. Case, accents and spaces do not count.

    `near` is the cohort's zone: it is preferred where a name covers it, as Central European Time covers Oslo.
    """
    name = _read(text[:MAX_ZONE_CHARACTERS], str(near) if near else "")
    return ZoneInfo(name) if name else None


def why_unread(text: str, *, language: str = "en") -> str:
    """What to write instead, in a sentence."""
    plain = _spelled(text)
    offset = OFFSET.fullmatch(plain)
    if offset:
        cities = _cities_at(offset, language)
        sentence = _("“%(zone)s” is an offset, and does not say when the clocks change. Write a city.")
        if cities:
            sentence = _(
                "“%(zone)s” is an offset, and does not say when the clocks change. Write a city, such as %(cities)s."
            )
        return sentence % {"zone": text, "cities": _(" or ").join(cities)}
    if plain in SHARED:
        sentence = _("“%(zone)s” stands for several places. Write a city, such as %(cities)s.")
        return sentence % {"zone": text, "cities": city_in(SHARED[plain], language)}
    guess = closest_zone(text)
    if guess:
        return _("“%(zone)s” is not a time zone. Did you mean %(guess)s?") % {"zone": text, "guess": guess}
    return _("“%(zone)s” is not a time zone. Write a city, such as Oslo.") % {"zone": text}


def closest_zone(text: str) -> str | None:
    """The zone name most similar to the text; None if nothing is close."""
    near = get_close_matches(_spelled(text), _places(), n=1, cutoff=0.8)
    return _places()[near[0]] if near else None


@lru_cache(maxsize=16)
def zone_options(language: str, on: date) -> tuple[ZoneOption, ...]:
    """Each zone once, in order of its city, with its offset on this date."""
    names = [name for name in offered_zones() if _canonical(name) == name]
    cities = Counter(city_in(name, language) for name in names)
    options = []
    for name in names:
        place, country = city_in(name, language), _country_of(name, language)
        place = f"{place}, {country}" if cities[place] > 1 and country else place
        value = f"{place} ({_offset(name, on)})" if name != UNIVERSAL else name
        options.append(ZoneOption(name, value, f"{country}, {name}" if country else name))
    return tuple(sorted(options, key=lambda option: _spelled(option.value)))


def zone_in_words(name: str, language: str, on: date) -> str:
    """A zone as its option shows it; the text itself if it is no zone."""
    return _options_by_name(language, on).get(_canonical(name), name)


def city_in(name: str, language: str) -> str:
    """The city of a zone in a language: København for Europe/Copenhagen in Norwegian."""
    known = Locale.parse(language).time_zones.get(name, {}).get("city")
    return str(known) if known else name.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=16)
def _options_by_name(language: str, on: date) -> dict[str, str]:
    return {option.name: option.value for option in zone_options(language, on)}


@lru_cache(maxsize=4096)
def _read(text: str, near: str) -> str | None:
    plain = _spelled(text)
    if not plain or OFFSET.fullmatch(plain) or plain in SHARED:
        return None
    in_brackets = [part.strip("() ") for part in BRACKETS.findall(plain)]
    bare = OFFSET_BEFORE.sub("", " ".join(BRACKETS.sub(" ", plain).split()).strip(" ,;"))
    if bare:  # UTC beside something else is its offset, as in "(UTC) Dublin, Edinburgh, Lisbon, London"
        in_brackets = [part for part in in_brackets if _places().get(part) != UNIVERSAL]
    spellings = (plain, *in_brackets, bare)
    for each in spellings:
        if each in _places():
            return _places()[each]
    for each in spellings:
        if each in _kinds():
            return near if near and _same_clock(near, _kinds()[each]) else _kinds()[each]
    parts = [part.strip() for part in PARTS.split(bare)]
    found = sorted((_places()[part] for part in parts if part in _places()), key=UNIVERSAL.__eq__)
    return near if near in found else next(iter(found), None)


@cache
def _places() -> dict[str, str]:
    """Zone by spelling: full names, aliases, cities and countries of a single zone."""
    found = {_spelled(name): UNIVERSAL for name in UNIVERSAL_NAMES}
    zones = [name for name in offered_zones() if _canonical(name) == name]
    for name in zones:
        for spelling in _spellings(name):
            found.setdefault(_spelled(spelling), name)
    known = set(offered_zones())
    for alias in [*known, *get_global("zone_aliases")]:
        name = _canonical(alias)
        if name in known and ("/" in alias or len(alias) > 3):
            found.setdefault(_spelled(alias), name)
            found.setdefault(_spelled(city(alias)), name)
    zones_of = Counter(get_global("zone_territories").get(name) for name in zones)
    for name in zones:
        if zones_of[get_global("zone_territories").get(name)] == 1:
            for language in LANGUAGES:
                found.setdefault(_spelled(_country_of(name, language)), name)
    found.pop("", None)
    return found


def _spellings(name: str) -> Iterator[str]:
    yield name
    yield city(name)
    for language in LANGUAGES:
        yield city_in(name, language)


@cache
def _kinds() -> dict[str, str]:
    """Zone by spelling of a kind of time: Windows names, CLDR's long names, and unambiguous short ones."""
    windows = {_spelled(name): _canonical(zone) for name, zone in get_global("windows_zone_mapping").items()}
    found = {name: zone for name, zone in windows.items() if zone in offered_zones()}
    for language in LANGUAGES:
        for kind, names in Locale.parse(language).meta_zones.items():
            words = [str(word) for word in dict(names.get("long", {})).values()]
            spelled = [_spelled(word) for word in words]
            zone = KINDS.get(kind) or next((windows[word] for word in spelled if word in windows), None)
            zone = zone or _only_zone_of(kind)
            if zone in offered_zones():
                found |= {word: str(zone) for word in spelled if word not in SHARED}
    return found | {_spelled(name): KINDS[kind] for name, kind in SHORT.items()}


def _only_zone_of(kind: str) -> str | None:
    zones = [name for name, its in get_global("meta_zones").items() if its == kind]
    return zones[0] if len(zones) == 1 else _english_of(kind)


def _english_of(kind: str) -> str | None:
    """The zone of a kind whose English name is a Windows name, so that its names in other languages are known, too."""
    long = dict(Locale.parse("en").meta_zones.get(kind, {}).get("long", {}))
    mapping = get_global("windows_zone_mapping")
    return next((mapping[str(word)] for word in long.values() if str(word) in mapping), None)


@cache
def _canonical(name: str) -> str:
    if name in UNIVERSAL_NAMES:
        return UNIVERSAL
    return str(get_global("zone_aliases").get(name, name))


def _country_of(name: str, language: str) -> str:
    territory = get_global("zone_territories").get(name, "")
    return str(Locale.parse(language).territories.get(territory, "")) if territory != "001" else ""


@lru_cache(maxsize=1024)
def _same_clock(one: str, other: str) -> bool:
    """Whether two zones show the same hour all year."""
    year = datetime.now(UTC).year
    days = (datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=passed) for passed in range(0, 365, 5))
    return all(_at(one, day) == _at(other, day) for day in days)


def _at(name: str, moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo(name)).utcoffset() or timedelta(0)


def _offset(name: str, on: date) -> str:
    minutes = int(_at(name, datetime(on.year, on.month, on.day, 12, tzinfo=UTC)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _cities_at(offset: re.Match[str], language: str) -> list[str]:
    """Cities of large zones whose winter is at this offset."""
    minutes = (int(offset[2]) * 60 + int(offset[3] or 0)) * (-1 if offset[1] == "-" else 1)
    year = datetime.now(UTC).year
    ends = [datetime(year, month, 1, tzinfo=UTC) for month in (1, 7)]
    zones = dict.fromkeys(get_global("windows_zone_mapping").values())
    fitting = (name for name in zones if "/" in name and not name.startswith("Etc/"))
    found = [name for name in fitting if min(_at(name, end) for end in ends) == timedelta(minutes=minutes)]
    return [city_in(_canonical(name), language) for name in found[:SUGGESTED_CITIES]]


def _spelled(text: str) -> str:
    """Without case, accents, underscores and double spaces: the form in which spellings are compared."""
    plain = normalize("NFKD", text.casefold().translate(LETTERS))
    plain = "".join(letter for letter in plain if not combining(letter))
    return re.sub(r"\s*/\s*", "/", " ".join(plain.split()))
