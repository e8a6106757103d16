"""Dates in sentences that are put together in Python: `<time>` on a page, plain words in a mail, a file and the API.

A template writes `__html__`; whatever else takes the text reads the words. `fill` and `join` keep both; `%`, `+` and
f-strings keep the words only.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cohorts.schedule.time_zones import city


class DatedText(str):
    """Words with a date among them. `html` is how they stand on a page, escaped."""

    __slots__ = ("html",)
    html: SafeString

    def __new__(cls, words: str, html: SafeString) -> "DatedText":
        text = super().__new__(cls, words)
        text.html = html
        return text

    def __html__(self) -> SafeString:
        return self.html

    def __str__(self) -> "DatedText":
        return self  # as SafeString does: what asks for a string keeps the page's form

    def __getnewargs__(self) -> tuple[str, SafeString]:  # type: ignore[override]
        return str.__str__(self), self.html


def dated_text(on: date, words: str) -> DatedText:
    """Words that stand for this date or instant, such as *tomorrow*."""
    return DatedText(words, format_html('<time datetime="{}">{}</time>', on.isoformat(), words))


def date_words(on: date, form: str = "DATE_FORMAT", *, is_first: bool = False) -> DatedText:
    """`form` is the name of a format. `is_first` begins a line: Norwegian weekdays have a small letter otherwise."""
    words = date_format(on, form)
    return dated_text(on, capfirst(words) if is_first else words)


def near_words(on: date, today: date) -> DatedText:
    """The weekday of a date that is less than a week ahead, else the date."""
    return date_words(on, "l" if on - today < timedelta(days=7) else "MONTH_DAY_FORMAT")


def moment_words(at: datetime, form: str = "DATETIME_FORMAT") -> DatedText:
    """An aware instant on the clock of its own zone, whose city shows on hover."""
    words = date_format(at, form)
    html = format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), clock_words(at), words)
    return DatedText(words, html)


def clock_words(at: datetime) -> str:
    """Whose clock an aware instant was read from."""
    return _("%(city)s time") % {"city": city(str(at.tzinfo))}


def fill(sentence: str, parts: Mapping[str, object]) -> DatedText:
    """A translated sentence with its `%(name)s` filled in; parts without a date are escaped on the page."""
    html = conditional_escape(sentence) % {name: _escaped(part) for name, part in parts.items()}
    return DatedText(sentence % parts, SafeString(html))


def join(separator: str, parts: Iterable[str]) -> DatedText:
    parts = list(parts)
    return DatedText(separator.join(parts), format_html_join(separator, "{}", ((part,) for part in parts)))


def _escaped(part: Any) -> object:
    """A number stays one, for `%(count)d`."""
    return part if isinstance(part, int | float) else conditional_escape(part)
