"""Form controls that several packages share."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from cohorts.web.addresses import plain_address
from cohorts.web.bounds import MAX_DECIMALS, MAX_DIGITS, ensure_date, wrong_with_name
from cohorts.web.letters import visible


class TextField(forms.CharField):
    """Typed text with one spelling, so that a limit counts what the browser counted. All text fields of ours are."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(normalised(value) if isinstance(value, str) else value)


class NameField(TextField):
    """A name, or another text that stands in lists, subjects and calendars. `ensure_name` is its rule."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(visible(value) if isinstance(value, str) else value)

    def validate(self, value: str) -> None:
        super().validate(value)
        if wrong := wrong_with_name(value):
            raise ValidationError(wrong)


class AddressField(forms.EmailField):
    """An e-mail address, typed or pasted, in the one spelling under which it is stored."""

    default_error_messages: ClassVar = {"invalid": _("Write a whole e-mail address, such as kari@example.com.")}

    def to_python(self, value: Any) -> Any:
        return plain_address(super().to_python(value) or "")


def normalised(text: str) -> str:
    """Line breaks as the one letter a browser counts, accents composed, without the NUL that PostgreSQL refuses.

    Never longer than before: the few letters that composing would take apart stay as they are.
    """
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    composed = normalize("NFC", text)
    return composed if len(composed) <= len(text) else text


def key_from(text: str) -> int | None:
    """The key or number that an address or a form names; None for what PostgreSQL could not even compare."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def date_input() -> forms.DateInput:
    """The browser's own date picker, with the value in the one format it accepts."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CalendarDateField(forms.DateField):
    """A date with room to count from it. All date fields of ours are."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": date_input(), **options})

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None:
            ensure_date("", value)


class FigureField(forms.DecimalField):
    """A figure with up to three decimals, typed with a comma or a point. Shown in the reader's own way."""

    def __init__(self, **options: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_digits": MAX_DIGITS, "decimal_places": MAX_DECIMALS, "widget": box, **options})

    def to_python(self, value: Any) -> Any:
        return super().to_python(_with_point(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return figure_words(value) if isinstance(value, Decimal) else value


def figure_words(value: Decimal) -> str:
    """A figure without trailing zeros, in the reader's own way."""
    whole = value == value.to_integral_value()
    return number_format(value.quantize(Decimal(1)) if whole else value.normalize(), force_grouping=False)


def _with_point(text: str) -> str:
    return "".join(text.split()).replace(",", ".").replace("\u2212", "-")
