"""What a file of a curriculum says, as lines of cells and back, and the phrases about what is wrong with it. Pure.

The lines come from the process that read the upload, which may be in a stranger's hands: taking them raises Garbled
for anything that is not written here.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cohorts.curriculum.located_yaml import DIGITS, MAX_LEVELS, MAX_PARTS, Fields, Items, Odd
from cohorts.curriculum.phrases import Phrase
from cohorts.imports.records import Garbled

MAX_PHRASES_INSIDE = 2
MAX_PHRASE_CHARACTERS = 2_000
# A width in a template could ask for gigabytes of spaces.
TEMPLATE = re.compile(r"(?:[^%]|%%|%\([a-z_]+\)[sdr])*")
NAME = re.compile(r"[a-z_]+")
TEXT, NUMBER, PHRASE = "text", "number", "phrase"


def lines_of(value: Any) -> Iterator[Sequence[str]]:
    match value:
        case Fields():
            yield "fields", str(len(value.entries))
            for name, line, inner in value.entries:
                yield "name", str(line), name
                yield from lines_of(inner)
        case Items():
            yield "items", str(len(value.entries))
            for line, inner in value.entries:
                yield "item", str(line)
                yield from lines_of(inner)
        case Odd():
            yield "odd", value.written
        case int():
            yield NUMBER, str(value)
        case str():
            yield TEXT, value
        case _:
            yield ("nothing",)


def value_of(lines: Iterator[list[str]], depth: int = 0) -> Any:
    if depth > MAX_LEVELS + 1:
        raise Garbled
    match next(lines, []):
        case "fields", count:
            return Fields(tuple((*_named(next(lines, [])), value_of(lines, depth + 1)) for _ in range(_count(count))))
        case "items", count:
            return Items(tuple((_item(next(lines, [])), value_of(lines, depth + 1)) for _ in range(_count(count))))
        case "odd", written:
            return Odd(written)
        case "text", text:
            return text
        case "number", digits:
            return number_of(digits)
        case ["nothing"]:
            return None
    raise Garbled


def number_of(digits: str) -> int:
    if not DIGITS.fullmatch(digits):
        raise Garbled
    return int(digits)


def cells_of(text: str) -> Iterator[str]:
    """A phrase, or what the file says, as cells."""
    if not isinstance(text, Phrase):
        yield from (TEXT, text)
        return
    yield from (PHRASE, text.template, str(len(text.values)))
    for name, value in text.values.items():
        yield name
        yield from (NUMBER, str(value)) if isinstance(value, int) else cells_of(str(value) if value is None else value)


def phrase_of(cells: Iterator[str]) -> str:
    phrase = _value(cells, 0)
    if not isinstance(phrase, str):
        raise Garbled
    return phrase


def _value(cells: Iterator[str], depth: int) -> str | int:
    kind, said = next(cells, ""), next(cells, "")
    if len(said) > MAX_PHRASE_CHARACTERS:
        raise Garbled
    if kind == TEXT:
        return said
    if kind == NUMBER:
        return number_of(said)
    if kind != PHRASE or depth > MAX_PHRASES_INSIDE or not TEMPLATE.fullmatch(said):
        raise Garbled
    values = {}
    for _ in range(_count(next(cells, ""))):
        name = next(cells, "")
        if not NAME.fullmatch(name) or name == "template":
            raise Garbled
        values[name] = _value(cells, depth + 1)
    try:
        return Phrase(said, **values)
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled from error


def _count(digits: str) -> int:
    count = number_of(digits)
    if not 0 <= count <= MAX_PARTS:
        raise Garbled
    return count


def _named(line: list[str]) -> tuple[str, int]:
    if len(line) != 3 or line[0] != "name":
        raise Garbled
    return line[2], number_of(line[1])


def _item(line: list[str]) -> int:
    if len(line) != 2 or line[0] != "item":
        raise Garbled
    return number_of(line[1])
