"""The parts of the brief or of an agenda: in their order, each in all its languages. Pure.

A stored part has a key and stays the same part wherever it moves, so that two people who edit one page do not write
into each other's parts. One that came out of files has none yet: its place is its key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = Mapping[str, Mapping[str, str]]  # language → field → words


@dataclass(frozen=True, slots=True)
class Part:
    """`minutes` is 0 where parts have none."""

    key: str
    text: Words
    minutes: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(word for words in self.text.values() for word in words.values())


def parts_of(texts: Mapping[str, Mapping[str, Any]]) -> list[Part]:
    """The parts of a page as it is stored."""
    columns = {language: text.get("parts", ()) for language, text in texts.items()}
    parts = []
    for number in range(max(map(len, columns.values()), default=0)):
        row = {language: column[number] for language, column in columns.items() if number < len(column)}
        first = next(iter(row.values()))
        words = {language: {name: part[name] for name in ("heading", "text")} for language, part in row.items()}
        parts.append(Part(first.get("key", str(number + 1)), words, first.get("minutes", 0)))
    return parts


def stored(text: Words, parts: Sequence[Part], languages: Sequence[str], *, timed: bool) -> dict[str, dict[str, Any]]:
    """A page as it is stored: languages nobody began are left out, but the first one holds parts just added."""
    page = {}
    for language in languages:
        words = {name: text.get(language, {}).get(name, "") for name in ("title", "opening", "closing")}
        is_begun = any(words.values()) or any(any(part.text.get(language, {}).values()) for part in parts)
        if is_begun or (parts and language == languages[0]):
            page[language] = words | {"parts": [_stored(part, language, timed) for part in parts]}
    return page


def moved(parts: Iterable[Part], key: str, *, is_later: bool) -> list[Part]:
    """The parts with one a place later or earlier; as they are where there is no such place."""
    row = list(parts)
    at = next((number for number, part in enumerate(row) if part.key == key), -1)
    to = at + 1 if is_later else at - 1
    if at >= 0 and 0 <= to < len(row):
        row[at], row[to] = row[to], row[at]
    return row


def by_month(circle: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Agendas in their order, one a month."""
    return [{**meeting, "month": month} for month, meeting in enumerate(circle, start=1)]


def _stored(part: Part, language: str, timed: bool) -> dict[str, Any]:
    words = part.text.get(language, {})
    minutes = {"minutes": part.minutes} if timed else {}
    return {"key": part.key, **minutes, "heading": words.get("heading", ""), "text": words.get("text", "")}
