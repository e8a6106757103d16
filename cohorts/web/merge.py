"""Two people, or two tabs, save the same form: which words stand. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


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
