"""Dates in query strings."""

from datetime import date

from django.http import HttpRequest

from cohorts.web.bounds import EARLIEST_YEAR


def asked_date(request: HttpRequest, today: date) -> date:
    """The date of `?on=2026-03-11`; today if it is missing, invalid, long ago or in the future."""
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return min(on, today) if on.year >= EARLIEST_YEAR else today


def today_url(address: str, on: date, today: date) -> str:
    """The URL of Today, with `?on=` for another date."""
    return address if on == today else f"{address}?on={on.isoformat()}"
