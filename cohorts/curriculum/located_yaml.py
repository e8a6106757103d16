"""YAML values with their file, line and field, so that errors can point at them.

Reading does not stop at the first mistake: a wrong value is recorded as a Problem and read as empty, and the caller
raises once with all of them. Files are untrusted: only mappings, lists, texts and numbers are accepted, so no anchors,
tags or deep nesting; and the list of problems is bounded.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from cohorts.curriculum.phrases import Phrase
from cohorts.web.letters import code_of, hidden_letter

MISSING = object()
NOTHING, SOMETHING_ELSE = Phrase("nothing"), Phrase("something else")
A_MAPPING, A_LIST, A_NAME = Phrase("a mapping"), Phrase("a list"), Phrase("the name of a field")
VALID_YAML = Phrase("valid YAML")
COLON_IN_TEXT = "mapping values are not allowed here"  # from ruamel
MAX_SHOWN_CHARACTERS = 80
MAX_CHOICES_CHARACTERS = 1000
MAX_PROBLEMS = 1000  # untrusted files could have a hundred thousand
MAX_LEVELS = 8  # a curriculum needs five levels
MAX_PARTS = 5000  # the parser takes a second for ten thousand; the largest file of a curriculum has 1,100

# Characters that YAML cannot print or treats as line breaks become spaces.
SPACES = re.compile(r"[^\x21-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+")
SLUG = re.compile(r"[a-z0-9-]+")
TEXT_TAG, NUMBER_TAG, NOTHING_TAG = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "null"))
DIGITS = re.compile(r"[-+]?[0-9]{1,9}")


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    field: str
    expected: Phrase
    found: str  # a Phrase, or what the file says

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}: {self.field}" if self.field else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Fields:
    """A mapping: name, line and value of each field."""

    entries: tuple[tuple[str, int, Any], ...]


@dataclass(frozen=True)
class Items:
    """A list: line and value of each item."""

    entries: tuple[tuple[int, Any], ...]


@dataclass(frozen=True)
class Odd:
    """A value that is neither text nor number in YAML, such as `true` or a date, as written."""

    written: str


@dataclass(frozen=True)
class Node:
    """One value of a file. Lines count from 1; a field reads like `steps[2].en.title`."""

    value: Any
    file: str
    line: int
    field: str
    problems: list[Problem]

    def wrong(self, expected: Phrase, found: str | None = None) -> None:
        if self.value is not MISSING:
            self._note(expected, _shown(self.value) if found is None else found)

    def fields(self, *names: str, optional: Collection[str] = ()) -> dict[str, "Node"]:
        """The required and present optional fields of a mapping; any other is a problem."""
        known = (*names, *optional)
        found = dict(self.entries(expected=Phrase("the fields %(names)s", names=", ".join(names))))
        for name in found.keys() - set(known):
            found[name]._note(
                Phrase("one of %(options)s", options=", ".join(known)), Phrase("the unknown field %(name)s", name=name)
            )
        needed = {name: found.get(name) or self._absent(name) for name in names}
        return needed | {name: found[name] for name in optional if name in found}

    def entries(self, expected: Phrase = A_MAPPING) -> Iterator[tuple[str, "Node"]]:
        """The pairs of a mapping whose keys are free."""
        if not isinstance(self.value, Fields):
            self.wrong(expected)
            return
        for key, line, value in self.value.entries:
            yield key, self._inside(f".{key}", value, line)

    def items(self, *, least: int = 1, most: int | None = None) -> list["Node"]:
        if not isinstance(self.value, Items) or len(self.value.entries) < least:
            self.wrong(Phrase("a list with at least one item") if least else A_LIST)
            return []
        if most and (count := len(self.value.entries)) > most:
            self.wrong(Phrase("at most %(most)d items", most=most), Phrase("%(count)d items", count=count))
        return [self._inside(f"[{number}]", value, line) for number, (line, value) in enumerate(self.value.entries)]

    def text(self, *, words: int | None = None, characters: int | None = None) -> str:
        """A non-empty text within a limit of words or characters."""
        text = single_spaced(self.value) if isinstance(self.value, str) else ""
        if not text:
            self.wrong(Phrase("a text"))
        if hidden := hidden_letter(text):
            self.wrong(Phrase("a text without invisible characters"), code_of(hidden))
        if words and len(text.split()) > words:
            self.wrong(Phrase("at most %(most)d words", most=words), Phrase("%(count)d words", count=len(text.split())))
        if characters and len(text) > characters:
            self.wrong(
                Phrase("at most %(most)d characters", most=characters), Phrase("%(count)d characters", count=len(text))
            )
        return text

    def slug(self, characters: int) -> str:
        if not isinstance(self.value, str) or not SLUG.fullmatch(self.value) or len(self.value) > characters:
            self.wrong(Phrase("at most %(most)d of the letters a to z, digits and hyphens", most=characters))
            return ""
        return self.value

    def number(self, least: int, most: int) -> int:
        if type(self.value) is not int or not least <= self.value <= most:
            self.wrong(Phrase("a whole number from %(least)d to %(most)d", least=least, most=most))
            return 0
        return self.value

    def choice(self, options: Collection[str]) -> str:
        if self.value not in options:
            self.wrong(Phrase("one of %(options)s", options=_shortened(", ".join(options), MAX_CHOICES_CHARACTERS)))
            return ""
        return str(self.value)

    def _note(self, expected: Phrase, found: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.file, self.line, self.field, expected, found))

    def _inside(self, step: str, value: Any, line: int) -> "Node":
        return Node(value, self.file, line, f"{self.field}{step}".lstrip("."), self.problems)

    def _absent(self, name: str) -> "Node":
        absent = self._inside(f".{name}", MISSING, self.line)
        if isinstance(self.value, Fields):
            absent._note(Phrase("this field"), NOTHING)
        return absent


class Unreadable(Exception):
    def __init__(self, line: int, expected: Phrase, found: str) -> None:
        super().__init__(line, expected, found)
        self.line, self.expected, self.found = line, expected, found


def single_spaced(text: str) -> str:
    """Collapse white space to single spaces and strip the ends."""
    return SPACES.sub(" ", text).strip(" ")


def read_yaml(file: str, data: bytes | None, problems: list[Problem]) -> Node:
    """The whole file as a node; a missing or unreadable file is a problem."""
    return node_of(file, outcome_of(data), problems)


def outcome_of(data: bytes | None) -> Any:
    """What a file says, or why nobody can tell."""
    try:
        return _parsed(data)
    except Unreadable as error:
        return error


def node_of(file: str, outcome: Any, problems: list[Problem]) -> Node:
    if isinstance(outcome, Unreadable):
        problems.append(Problem(file, outcome.line, "", outcome.expected, outcome.found))
        outcome = MISSING
    return Node(outcome, file, 1, "", problems)


@lru_cache(maxsize=64)
def _parsed(data: bytes | None) -> Any:
    """Parse one file, cached because a draft is read after every change to one of its files."""
    if data is None:
        raise Unreadable(1, Phrase("this file"), NOTHING)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(1 + data.count(b"\n", 0, error.start), Phrase("text in UTF-8"), SOMETHING_ELSE) from error
    try:
        return _document(YAML(typ="safe", pure=True), text)
    except MarkedYAMLError as error:
        raise _invalid(text, error) from error
    except ReaderError as error:
        line = 1 + text.count("\n", 0, error.position)
        raise Unreadable(line, VALID_YAML, Phrase("a character it does not allow")) from error
    except (YAMLError, ArithmeticError, AssertionError, ValueError) as error:  # e.g. escapes of invalid code points
        raise Unreadable(1, VALID_YAML, Phrase("something it has no meaning for")) from error


def _invalid(text: str, error: MarkedYAMLError) -> Unreadable:
    """Report the line itself instead of the parser's message, which is technical and English only."""
    line = error.problem_mark.line if error.problem_mark else 0
    lines = text.splitlines()
    found = repr(_shortened(lines[line].strip())) if line < len(lines) else Phrase("the end of the file")
    if error.problem == COLON_IN_TEXT:
        return Unreadable(line + 1, Phrase("quotation marks around a text with a colon in it"), found)
    return Unreadable(line + 1, VALID_YAML, found)


def _document(yaml: YAML, text: str) -> Any:
    events = _counted(yaml.parse(text))
    next(events)  # stream start
    start = next(events)
    if isinstance(start, StreamEndEvent):
        return None
    if start.version or start.tags:
        raise Unreadable(1, Phrase("YAML without directives"), Phrase("a line that starts with %(sign)s", sign="%"))
    value = _value(next(events), events, yaml.resolver, depth=0)
    next(events)  # document end
    after = next(events)
    if isinstance(after, DocumentStartEvent):
        raise Unreadable(_line(after), Phrase("one document"), Phrase("a second one"))
    return value


def _counted(events: Iterator[Any]) -> Iterator[Any]:
    for number, event in enumerate(events):
        if number > MAX_PARTS:
            raise Unreadable(
                _line(event), Phrase("at most %(most)d values, names and lists", most=MAX_PARTS), Phrase("more")
            )
        yield event


def _value(event: Any, events: Iterator[Any], resolver: Any, depth: int) -> Any:
    if isinstance(event, AliasEvent) or event.anchor:
        raise Unreadable(_line(event), Phrase("everything written out"), Phrase("an anchor (&) or an alias (*)"))
    if event.tag:
        raise Unreadable(_line(event), Phrase("values without tags"), Phrase("the tag %(tag)s", tag=event.tag))
    if depth > MAX_LEVELS:
        raise Unreadable(_line(event), Phrase("at most %(most)d levels", most=MAX_LEVELS), Phrase("one more"))
    match event:
        case MappingStartEvent():
            return Fields(tuple(_fields(events, resolver, depth + 1)))
        case SequenceStartEvent():
            return Items(tuple(_items(events, resolver, depth + 1)))
        case _:
            return _scalar(event, resolver)


def _fields(events: Iterator[Any], resolver: Any, depth: int) -> Iterator[tuple[str, int, Any]]:
    seen: set[str] = set()
    while not isinstance(name := next(events), MappingEndEvent):
        if not isinstance(name, ScalarEvent):
            raise Unreadable(_line(name), A_NAME, SOMETHING_ELSE)
        if len(name.value) > MAX_SHOWN_CHARACTERS or name.value != single_spaced(name.value):
            raise Unreadable(_line(name), A_NAME, repr(_shortened(name.value)))
        _value(name, events, resolver, depth)
        if name.value in seen:
            raise Unreadable(_line(name), Phrase("each field once"), Phrase("%(name)s again", name=name.value))
        seen.add(name.value)
        yield name.value, _line(name), _value(next(events), events, resolver, depth)


def _items(events: Iterator[Any], resolver: Any, depth: int) -> Iterator[tuple[int, Any]]:
    while not isinstance(item := next(events), SequenceEndEvent):
        yield _line(item), _value(item, events, resolver, depth)


def _scalar(event: Any, resolver: Any) -> Any:
    tag = str(resolver.resolve(ScalarNode, event.value, event.implicit))
    if tag == TEXT_TAG:
        return event.value
    if tag == NOTHING_TAG:
        return None
    return int(event.value) if tag == NUMBER_TAG and DIGITS.fullmatch(event.value) else Odd(event.value)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _shown(value: Any) -> str:
    match value:
        case None:
            return NOTHING
        case Fields():
            return A_MAPPING
        case Items():
            return A_LIST
        case Odd():
            return _shortened(value.written)
        case str():
            return repr(_shortened(value))
        case _:
            return str(value)


def _shortened(text: str, most: int = MAX_SHOWN_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
