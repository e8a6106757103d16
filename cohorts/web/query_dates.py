"""Dates in query strings."""

from datetime import date

from django.http import HttpRequest


def asked_date(request: HttpRequest, today: date) -> date:
    """The date of `?on=2026-03-11`; today if it is missing, invalid or in the future."""
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        return today


def today_url(address: str, on: date, today: date) -> str:
    """The URL of Today, with `?on=` for another date."""
    return address if on == today else f"{address}?on={on.isoformat()}"
