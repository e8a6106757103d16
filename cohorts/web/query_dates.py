"""What an address asks for."""

from datetime import date

from django.http import HttpRequest


def asked_date(request: HttpRequest, today: date) -> date:
    """`?on=2026-03-11` in the address; today when it is missing, not a date, or still ahead."""
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        return today


def today_url(address: str, on: date, today: date) -> str:
    """The address of Today, carrying the date when it is another one."""
    return address if on == today else f"{address}?on={on.isoformat()}"
