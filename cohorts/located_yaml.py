"""YAML whose every value knows its file, line and field, so that an error can point at it.

Reading never stops at the first mistake: a wrong value is noted as a Problem and read as empty,
and the caller raises once, with everything that is wrong.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

MISSING = object()


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {where}expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Node:
    """One value of a file. Lines count from 1; a field reads like `steps[2].en.title`."""

    value: Any
    file: str
    line: int
    field: str
    problems: list[Problem]

    def wrong(self, expected: str, found: str | None = None) -> None:
        if self.value is not MISSING:
            self._note(expected, _shown(self.value) if found is None else found)

    def fields(self, *names: str) -> dict[str, "Node"]:
        """Exactly these fields of a mapping; one too few or too many is a problem."""
        found = dict(self.entries(expected=f"the fields {', '.join(names)}"))
        for name in found.keys() - set(names):
            found[name]._note(f"one of {', '.join(names)}", f"the unknown field {name}")
        return {name: found.get(name) or self._absent(name) for name in names}

    def entries(self, expected: str = "a mapping") -> Iterator[tuple[str, "Node"]]:
        """The pairs of a mapping whose keys are free."""
        if not isinstance(self.value, CommentedMap):
            self.wrong(expected)
            return
        for key, value in self.value.items():
            yield str(key), self._inside(f".{key}", value, self.value.lc.key(key)[0])

    def items(self) -> list["Node"]:
        if not isinstance(self.value, CommentedSeq) or not self.value:
            self.wrong("a list with at least one item")
            return []
        return [
            self._inside(f"[{number}]", value, self.value.lc.item(number)[0]) for number, value in enumerate(self.value)
        ]

    def text(self, *, words: int | None = None, characters: int | None = None) -> str:
        """A non-empty text of at most so many words or characters."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong("a text")
            return ""
        text = str(self.value).strip()
        if words and len(text.split()) > words:
            self.wrong(f"at most {words} words", f"{len(text.split())} words")
        if characters and len(text) > characters:
            self.wrong(f"at most {characters} characters", f"{len(text)} characters")
        return text

    def number(self, least: int, most: int) -> int:
        if type(self.value) is not int or not least <= self.value <= most:
            self.wrong(f"a whole number from {least} to {most}")
            return 0
        return self.value

    def choice(self, options: Collection[str]) -> str:
        if self.value not in options:
            self.wrong(f"one of {', '.join(options)}")
            return ""
        return str(self.value)

    def _note(self, expected: str, found: str) -> None:
        self.problems.append(Problem(self.file, self.line, self.field, expected, found))

    def _inside(self, step: str, value: Any, line: int) -> "Node":
        return Node(value, self.file, line + 1, f"{self.field}{step}".lstrip("."), self.problems)

    def _absent(self, name: str) -> "Node":
        absent = self._inside(f".{name}", MISSING, self.line - 1)
        if isinstance(self.value, CommentedMap):
            absent._note("this field", "nothing")
        return absent


def read_yaml(path: Path, problems: list[Problem]) -> Node:
    """The whole file as a node; a file that is absent or is no YAML is a problem of its own."""
    try:
        value = YAML().load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        value = _unreadable(path, problems, 1, "this file", "nothing")
    except UnicodeDecodeError as error:
        value = _unreadable(path, problems, 1, "text in UTF-8", str(error.reason))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        value = _unreadable(path, problems, line, "valid YAML", str(error.problem))
    except YAMLError as error:
        value = _unreadable(path, problems, 1, "valid YAML", str(error))
    return Node(value, path.name, 1, "", problems)


def _unreadable(path: Path, problems: list[Problem], line: int, expected: str, found: str) -> Any:
    problems.append(Problem(path.name, line, "", expected, found))
    return MISSING


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case CommentedMap():
            return "a mapping"
        case CommentedSeq():
            return "a list"
        case _:
            return repr(str(value)) if isinstance(value, str) else str(value)
