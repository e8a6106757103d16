"""Dates on pages as `<time>`: a machine reads the attribute, a person the text. An hour names its zone on hover."""

from datetime import date, datetime
from functools import partial

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.defaultfilters import date as in_words
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from cohorts.schedule.date_words import clock_words, dated_text, moment_words

register = template.Library()
# As Django's own `date`: an instant arrives in the zone of the page.
local_filter = partial(register.filter, expects_localtime=True)


@local_filter
def day(on: date | None, form: str = "DATE_FORMAT") -> str:
    """`{{ goal.due_on|day:"MONTH_DAY_FORMAT" }}`. Nothing for no date, so that `default` may follow."""
    return dated_text(on, in_words(on, form)).html if on else ""


@local_filter
def capital_day(on: date | None, form: str = "WEEKDAY_FORMAT") -> str:
    """A day that begins a line: Norwegian weekdays have a small letter otherwise."""
    return dated_text(on, capfirst(in_words(on, form))).html if on else ""


@local_filter
def moment(at: datetime | None, form: str = "DATETIME_FORMAT") -> str:
    """`{{ visit.starts_at|moment }}`, with its hour. A time on the wall, without a zone, has its place beside it."""
    if at is None:
        return ""
    return dated_text(at, in_words(at, form)).html if timezone.is_naive(at) else moment_words(at, form).html


@register.filter
def ago(at: datetime | None) -> str:
    """`{{ session.began_at|ago }}`: 3 hours ago, and on hover when that was."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    when = f"{in_words(local, 'DATETIME_FORMAT')}, {clock_words(local)}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), when, naturaltime(at))
