"""What is refused of KPIs and their figures, one sentence a refusal. Actions, forms and the import ask the same."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts.web.bounds import (
    ensure_choice,
    ensure_date,
    ensure_figure,
    ensure_name,
    ensure_not_ahead,
    ensure_number,
    ensure_text,
    missing,
)
from cohorts.web.refusals import Invalid
from goals.models import Better, Family, Kpi, Unit

MAX_NAME, MAX_WORDS, MAX_METHOD, MAX_CHANGE = 80, 120, 600, 160
MAX_WINDOW_DAYS = 30
MAX_DIGITS = 15  # of a day's count or sum, three of them decimals
MAX_SHOWN = 10**8
MAX_SHARE = Decimal("1.5")  # above, it is a percentage typed as a count, not a slip


def ensure_kpi(
    *,
    name: str,
    family: str,
    unit: str,
    better: str,
    low: Decimal | None,
    high: Decimal | None,
    numerator: str,
    denominator: str,
) -> None:
    ensure_name("name", name, most=MAX_NAME)
    ensure_choice("family", family, Family.values)
    ensure_choice("unit", unit, Unit.values)
    ensure_choice("better", better, Better.values)
    ensure_text("numerator", numerator, most=MAX_WORDS)
    ensure_text("denominator", denominator, most=MAX_WORDS, is_required=unit != Unit.COUNT)
    if family in (Family.FCR, Family.CSAT) and unit != Unit.SHARE:
        raise Invalid("unit", _("This kind of KPI is a share: so many of so many."))
    if family == Family.AHT and unit != Unit.SECONDS:
        raise Invalid("unit", _("Handling time is in seconds each."))
    for field, value in (("low", low), ("high", high)):
        if value is None and better == Better.BAND:
            raise missing(field)
        if value is not None:
            ensure_shown(field, unit, value)
    if low is not None and high is not None and low >= high:
        raise Invalid("high", _("The second number must be above the first."))


def ensure_method(
    *,
    kpi: Kpi,
    text: str,
    window_days: int | None,
    same_issue: str,
    channels: str,
    source: str,
    from_on: date,
) -> None:
    """First-contact resolution must say over how many days, what counts as the same matter, and in which channels."""
    ensure_text("text", text, most=MAX_METHOD)
    is_fcr = kpi.family == Family.FCR
    ensure_text("same_issue", same_issue, most=MAX_CHANGE, is_required=is_fcr)
    ensure_text("channels", channels, most=MAX_WORDS, is_required=is_fcr)
    ensure_text("source", source, most=MAX_WORDS, is_required=False)
    if window_days is None and is_fcr:
        raise missing("window_days")
    if window_days is not None:
        ensure_number("window_days", window_days, 1, MAX_WINDOW_DAYS)
    ensure_monday("from_on", from_on)


def ensure_monday(field: str, on: date) -> None:
    ensure_date(field, on)
    if on.weekday():
        raise Invalid(field, _("A week begins on a Monday. Choose one."))


def ensure_shown(field: str, unit: str, value: Decimal) -> None:
    """A number in the unit shown, such as a target: a share in per cent."""
    ensure_figure(field, value)
    ensure_number(field, value, 0, 100 if unit == Unit.SHARE else MAX_SHOWN)  # type: ignore[arg-type]


def ensure_expected_days(days: int) -> None:
    ensure_number("expected_days", days, 1, 7)


def ensure_counted(
    *,
    unit: str,
    on: date,
    numerator: Decimal,
    denominator: Decimal,
    asked: Decimal | None = None,
    today: date,
) -> None:
    """One day's counts or sums. A denominator of 0 is a day without a value."""
    ensure_not_ahead("on", on, today=today)
    for field, value in (("numerator", numerator), ("denominator", denominator), ("asked", asked)):
        if value is not None:
            _ensure_count(field, value, is_whole=unit == Unit.SHARE)
    if unit == Unit.SHARE:
        _ensure_share(numerator, denominator)
    if not denominator and numerator:
        raise Invalid("denominator", _("Something was counted, so this cannot be 0."))
    if asked is not None and asked < denominator:
        raise Invalid("asked", _("More answered than were asked."))


def _ensure_count(field: str, value: Decimal, *, is_whole: bool) -> None:
    ensure_figure(field, value, max_digits=MAX_DIGITS)
    if value < 0:
        raise Invalid(field, _("This cannot be below 0."))
    if is_whole and value != value.to_integral_value():
        raise Invalid(field, _("Enter counts here, not a percentage: so many of so many."))


def _ensure_share(numerator: Decimal, denominator: Decimal) -> None:
    if numerator > denominator * MAX_SHARE:
        raise Invalid("numerator", _("A share is at most 100 %. Enter two counts: so many of so many."))
    if numerator > denominator:
        raise Invalid("numerator", _("This is more than there were in all."))


def ensure_rebase(*, from_on: date, change: str, weeks_after: int, fewest: int) -> None:
    ensure_monday("from_on", from_on)
    ensure_text("change", change, most=MAX_CHANGE)
    if weeks_after < fewest:
        raise Invalid(
            "from_on",
            _("There are %(weeks)d complete weeks from then on. New limits need at least %(fewest)d.")
            % {"weeks": weeks_after, "fewest": fewest},
        )


def ensure_note(*, monday_on: date, text: str, today: date) -> None:
    ensure_monday("monday_on", monday_on)
    ensure_text("text", text, most=MAX_CHANGE, is_required=False)
    if monday_on > today + timedelta(days=366):
        raise Invalid("monday_on", _("This week is too far ahead."))
