"""Two people, or two tabs, save the same form: which words stand. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Merged:
    """What to save by name, whose words those are when they are somebody else's, and what nobody can decide."""

    values: dict[str, object]
    taken: frozenset[str]
    conflicts: frozenset[str]


def merge(shown: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]) -> Merged:
    """Three ways: what the form showed, what came back, and what is saved by now.

    What only one of the two changed is taken from that one. Where both did, or where nobody knows what was shown, mine
    stays in the form and the name is a conflict.
    """
    values, taken, conflicts = dict(mine), set(), set()
    for name, word in mine.items():
        their = theirs[name]
        if word == their or (name in shown and their == shown[name]):
            continue
        if name in shown and word == shown[name]:
            values[name] = their
            taken.add(name)
        else:
            conflicts.add(name)
    return Merged(values, frozenset(taken), frozenset(conflicts))


def weave(shown: str, mine: str, theirs: str) -> str | None:
    """Two people wrote in one text: both sets of lines, or None where both changed the same line.

    Lines that both added at one place all stay, those that were saved first before the others.
    """
    base = _lines(shown)
    edits = sorted([*_edits(base, _lines(theirs), 0), *_edits(base, _lines(mine), 1)], key=lambda edit: edit[:3])
    woven: list[str] = []
    at, before = 0, None
    for start, end, _who, lines in edits:
        if (start, end, lines) == before:
            continue  # both did the same
        if start < at:
            return None
        woven += [*base[at:start], *lines]
        at, before = end, (start, end, lines)
    return "\n".join([*woven, *base[at:]])


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _edits(base: Sequence[str], other: Sequence[str], who: int) -> Iterator[tuple[int, int, int, Sequence[str]]]:
    """From, to, whose, and the lines that stand there instead."""
    for word, start, end, first, last in SequenceMatcher(None, base, other, autojunk=False).get_opcodes():
        if word != "equal":
            yield start, end, who, other[first:last]
