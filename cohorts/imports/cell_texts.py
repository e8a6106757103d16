"""The text of a cell. Pure."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

# Spaces of no width, and the marks of direction that come with what is pasted. The two overrides stay, for a name to be
# refused by: nobody pastes them by accident. Joiners stay within words.
INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
)
LOOSE_JOINER = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\\x00-\\x7f])")
MAX_COMPOSED_CHARACTERS = 120  # sorting the accents of one letter takes the square of their number


def clean(cell: str) -> str:
    """Without surrounding space, invisible characters and line breaks; letters in one part."""
    if cell.isascii():
        return " ".join(cell.split())
    cell = LOOSE_JOINER.sub("", cell.translate(INVISIBLE))
    if len(cell) <= MAX_COMPOSED_CHARACTERS:
        cell = unicodedata.normalize("NFC", cell)
    return " ".join(cell.split())


def plain_text(value: object) -> str:
    """The text of a value of a workbook."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def counted_text(value: object) -> str:
    """The same where numbers are counted: dates without time, numbers as they are written."""
    if isinstance(value, float) and isfinite(value):
        return written(Decimal(value))
    return value.date().isoformat() if isinstance(value, datetime) else plain_text(value)


def written(number: Decimal) -> str:
    """A number that can be read in one way only: with four decimals, for three after a point could mean a thousand."""
    return f"{number:.0f}" if number == number.to_integral_value() else f"{number:.4f}"
