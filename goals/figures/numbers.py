"""Numbers of a KPI in words."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.web.inputs import figure_words
from goals.models import Unit

PLACES = {Unit.SHARE: 1, Unit.SECONDS: 0, Unit.RATE: 2, Unit.COUNT: 1}


def factor(unit: str) -> int:
    """From a quotient to the unit shown: a share is shown in per cent."""
    return 100 if unit == Unit.SHARE else 1


def says(unit: str, value: float | Decimal) -> str:
    """A value in the unit shown, without trailing zeros."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-PLACES[Unit(unit)]), ROUND_HALF_UP)
    number = figure_words(rounded)
    if unit == Unit.SHARE:
        return _("%(number)s %%") % {"number": number}
    return _("%(number)s s") % {"number": number} if unit == Unit.SECONDS else number


def axis_says(unit: str) -> Callable[[float], str]:
    return lambda value: says(unit, value)


def axis_names(weeks: int) -> Callable[[date], str]:
    """Dates below the axis: with the year once there is more than one of it."""
    form = "SHORT_MONTH_DAY_FORMAT" if weeks <= 52 else "YEAR_MONTH_FORMAT"
    return lambda on: date_format(on, form)


def short(on: date) -> str:
    return date_format(on, "SHORT_MONTH_DAY_FORMAT")
