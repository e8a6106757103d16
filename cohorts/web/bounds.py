"""Bounds of single values, asked by actions. Each raises Invalid in the words of the form field with the same bound.

What passes can be stored: PostgreSQL takes neither a null character nor half a surrogate pair. A date of another
century is a slip, and pages would count the days to it.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator, MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms import ChoiceField, DateField, Field
from django.utils.translation import gettext as _

from cohorts.web.letters import code_of, hidden_letter
from cohorts.web.refusals import Invalid

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100  # of any date; what has a nearer end says so in its rules
MAX_DIGITS, MAX_DECIMALS = 12, 3  # of a figure
MAX_EXPONENT = 100


def ensure_text(field: str, text: str, *, most: int, is_required: bool = True) -> None:
    """At most so many characters, all of them storable; more than spaces when it is required."""
    if is_required and not text.strip():
        raise missing(field)
    _ensure(field, text, MaxLengthValidator(most))
    if wrong := wrong_with_letters(text):
        raise Invalid(field, wrong)


def wrong_with_letters(text: str) -> str:
    """Why a text cannot be stored; empty when it can."""
    is_stored = "\0" not in text and (text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text))
    return "" if is_stored else _("This has a character that cannot be stored.")


def ensure_name(field: str, name: str, *, most: int, is_required: bool = True) -> None:
    """A text that stands as a name: in lists, subjects of mails, headers and calendars. One line, as it reads."""
    ensure_text(field, name, most=most, is_required=is_required)
    if wrong := wrong_with_name(name):
        raise Invalid(field, wrong)


def wrong_with_name(name: str) -> str:
    """Why a text cannot stand as a name; empty when it can."""
    hidden = hidden_letter(name)
    if hidden and len(name.splitlines()) > 1:
        return _("This must be a single line. Remove the line break.")
    if hidden:
        return _("This has an invisible character (%(code)s). Type it anew instead of pasting it.") % {
            "code": code_of(hidden)
        }
    return wrong_with_letters(name)


def ensure_number(field: str, number: int, first: int, last: int) -> None:
    for validator in (MinValueValidator(first), MaxValueValidator(last)):
        _ensure(field, number, validator)


def ensure_choice(field: str, value: object, choices: Collection[object]) -> None:
    if value not in choices:
        raise Invalid(field, str(ChoiceField.default_error_messages["invalid_choice"]) % {"value": value})


def ensure_choices(field: str, values: Collection[object], choices: Collection[object], *, none: str = "") -> None:
    """At least one, and each of them one of the choices. `none` says that none was chosen."""
    if not values:
        raise Invalid(field, none) if none else missing(field)
    for value in values:
        ensure_choice(field, value, choices)


def ensure_date(field: str, on: date) -> None:
    if not EARLIEST_YEAR <= on.year <= LATEST_YEAR:
        raise Invalid(field, str(DateField.default_error_messages["invalid"]))


def ensure_not_ahead(field: str, on: date, *, today: date) -> None:
    """A day on which something was measured or counted: today or earlier."""
    ensure_date(field, on)
    if on > today:
        raise Invalid(field, _("That day has not come yet. Choose today or an earlier day."))


def ensure_after_today(field: str, on: date, *, today: date) -> None:
    """A day by which something is to be reached."""
    ensure_date(field, on)
    if on <= today:
        raise Invalid(field, _("Choose a day after today."))


def ensure_figure(field: str, figure: Decimal, *, max_digits: int = MAX_DIGITS) -> None:
    """A number with at most three decimals. Zeros behind them, as a wider column reads them, do not count."""
    exponent = figure.as_tuple().exponent
    is_sane = isinstance(exponent, int) and abs(exponent) <= MAX_EXPONENT  # beyond, taking zeros off ends in Overflow
    plain = figure.normalize() if is_sane else figure
    _ensure(field, plain, DecimalValidator(max_digits, MAX_DECIMALS))


def missing(field: str) -> Invalid:
    return Invalid(field, str(Field.default_error_messages["required"]))


def _ensure(field: str, value: object, validator: object) -> None:
    try:
        validator(value)  # type: ignore[operator]
    except ValidationError as wrong:
        raise Invalid(field, wrong.messages[0]) from None
