"""The regions and further kinds of holidays of each country that change which days are off.

Codes are those of the `holidays` package. `regions.json` has, by country and code, the names in English and Norwegian
of the regions whose days off differ from the country's: from CLDR 41 (`common/subdivisions/en.xml` and `no.xml`,
Unicode License v3), with the package's own name or ours where CLDR has none. A test compares it with the package.
"""

import json
from functools import cache
from pathlib import Path

import holidays
from django.utils.translation import gettext_lazy as _

from cohorts.web.languages import LANGUAGES

KINDS = {
    "bank": _("Bank holidays"),
    "de_facto": _("Days most people have off, such as Midsummer Eve"),
    "government": _("Holidays of public offices"),
    "half_day": _("Half days, such as Christmas Eve"),
    "optional": _("Optional holidays"),
    "catholic": _("Catholic holidays"),
    "protestant": _("Protestant holidays"),
}


@cache
def _regions() -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("regions.json").read_text("utf-8"))
    return read


@cache
def regions_of(country: str, language: str) -> dict[str, str]:
    """Name by code of the regions of a country, sorted by name; empty where all have the country's days off."""
    at = LANGUAGES.index(language) if language in LANGUAGES else 0  # regions.json has them in this order
    names = {code: both[at] for code, both in _regions().get(country, {}).items()}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def is_region(code: str) -> bool:
    """Whether any country has a region of this code."""
    return any(code in regions for regions in _regions().values())


@cache
def kinds_of(country: str) -> tuple[str, ...]:
    """Kinds of holidays that can be closed in addition to the public ones of a country, in the order offered."""
    known = holidays.country_holidays(country).supported_categories if country else ()
    return tuple(kind for kind in KINDS if kind in known)
