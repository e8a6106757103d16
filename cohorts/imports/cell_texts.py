"""The text of a cell. Pure."""

from datetime import date, datetime
from decimal import Decimal
from math import isfinite

NO_VALUE = "#FORMULA!"  # of a formula whose value was not stored


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
