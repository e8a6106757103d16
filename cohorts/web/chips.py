"""Filters of a list with their counts, each with an address of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its count, as components/chips.html shows it."""

    url: str
    label: str
    count: int
    is_current: bool


def address_of(said: Iterable[tuple[str, str]]) -> str:
    """The query string of these names and words, in their order; a word that is empty is left out."""
    return f"?{urlencode([(name, word) for name, word in said if word])}"
