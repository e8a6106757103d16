"""Read dates and numbers of a list of figures. Pure: text in, value out, or `Unclear` with a sentence.

The rules:

1. A date is 2026-03-04, 20260304, 2026/03/04 or 4.3.2026, with or without the time. 03/04/2026 is two days in the
   world: it is read if the order was said, or if only one of them can be. A time zone is refused, for it moves days.
2. A number has a point or a comma before its decimals. 1.234 is two numbers in the world and refused; 1 234, 1.234,5
   and 1,234,567 can only be read in one way. At most three decimals count; more are rounded.
3. A percentage is never a number here: figures are counts and sums, from which percentages are worked out.
"""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext as _

THOUSANDTH = Decimal("0.001")
ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
TIME = re.compile(r"[T ]\d\d?[:.]\d\d([:.]\d\d([.,]\d+)?)?$", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d\d?)\2(\d\d?)")
POINTS = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4}|\d\d)")
SLASHES = re.compile(r"(\d\d?)([/-])(\d\d?)\2(\d{4})")
GROUPED = re.compile(r"\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*")
SEPARATORS = re.compile(r"[ .,'’]")
PLAIN = re.compile(r"[0-9]{1,15}\.[0-9]+")
COULD_BE_A_THOUSAND = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


class Order(StrEnum):
    """What stands first in 03/04/2026."""

    UNSAID = ""
    DAY = "day"
    MONTH = "month"


class Unclear(Exception):
    """A cell that can't be read. Its text says why, and what to write instead."""


@lru_cache(maxsize=4_096)
def read_date(text: str, order: Order) -> date:
    if ZONE.search(text) and TIME.search(ZONE.sub("", text)):
        raise Unclear(
            _("“%(date)s” has a time zone, which can move it to another day. Give the local date alone.")
            % {"date": text[:40]}
        )
    day = TIME.sub("", text)
    parts = _parts(day, order)
    if parts is None:
        raise Unclear(_("“%(date)s” is not a date. Write it as 2026-03-27 or 27.3.2026.") % {"date": text[:40]})
    try:
        return date(*parts)
    except ValueError as error:
        raise Unclear(_("There is no %(date)s in the calendar.") % {"date": text[:40]}) from error


def _parts(text: str, order: Order) -> tuple[int, int, int] | None:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := POINTS.fullmatch(text):
        year = int(found[3])
        return year if year > 99 else 2000 + year, int(found[2]), int(found[1])
    if found := SLASHES.fullmatch(text):
        return _by_order(int(found[1]), int(found[3]), int(found[4]), order, text)
    return None


def _by_order(first: int, second: int, year: int, order: Order, text: str) -> tuple[int, int, int]:
    if order == Order.UNSAID and first != second and first <= 12 and second <= 12:
        raise Unclear(
            _(
                "“%(date)s” can be two days. Upload it again and say whether the day or the month is first, "
                "or write it as %(iso)s."
            )
            % {"date": text, "iso": f"{year}-{second:02}-{first:02}"}
        )
    is_month_first = order == Order.MONTH or (order == Order.UNSAID and second > 12)
    return (year, first, second) if is_month_first else (year, second, first)


@lru_cache(maxsize=4_096)
def read_number(text: str) -> Decimal:
    if text.isascii() and text.isdigit():
        return Decimal(text)
    bare = text.replace("\u2212", "-").strip()
    if "%" in bare or bare.casefold().endswith(("percent", "prosent", "per cent")):
        raise Unclear(counts_not_percentages())
    sign, bare = (-1, bare[1:].lstrip()) if bare.startswith("-") else (1, bare)
    return sign * _positive(bare, text).quantize(THOUSANDTH, ROUND_HALF_UP)


def _positive(bare: str, text: str) -> Decimal:
    if COULD_BE_A_THOUSAND.fullmatch(bare):
        raise Unclear(
            _("“%(number)s” can be two numbers. Write %(thousands)s, or %(decimals)s with another zero.")
            % {"number": bare, "thousands": SEPARATORS.sub("", bare), "decimals": bare + "0"}
        )
    whole, decimals = bare, ""
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0 and bare.count(bare[last]) == 1:
        whole, decimals = bare[:last], bare[last + 1 :] or "?"
    digits = SEPARATORS.sub("", whole) if GROUPED.fullmatch(whole) else whole
    number = f"{digits or '0'}.{decimals or '0'}"
    if not PLAIN.fullmatch(number):
        raise Unclear(_("“%(number)s” is not a number. Write it without letters and signs.") % {"number": text[:40]})
    return Decimal(number)


def counts_not_percentages() -> str:
    return _("This is a percentage. Give the two numbers it was worked out from: numerator and denominator.")
