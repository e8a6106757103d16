"""Dates in JSON: in the story of a goal, and in rows that come as columns of another query. Pure."""

from datetime import date


def day_text(on: date | None) -> str | None:
    return on.isoformat() if on else None


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
