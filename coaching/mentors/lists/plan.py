"""What both lists share: the outcome of each row, and the plan of all. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Happens(StrEnum):
    """What will happen to a row."""

    INVITED = "invited"  # somebody new, with a profile
    PROFILE = "profile"  # a member gets a profile
    PAIRED = "paired"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    LEFT_OUT = "left_out"


ACTING = frozenset({Happens.INVITED, Happens.PROFILE, Happens.PAIRED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row and what it will do, with the values it will write. Problems are pairs of column and sentence."""

    number: int
    name: str
    email: str
    happens: Happens
    values: Mapping[str, Any]
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListPlan:
    """The outcome of every row in file order."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(str(outcome.happens) for outcome in self.outcomes))

    @property
    def acting(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.happens in ACTING]

    @property
    def left_out(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.problems]

    @property
    def fingerprint(self) -> str:
        """A hash that is equal exactly if the same would happen, checked on confirmation."""
        said = [[each.number, each.happens, each.name, each.email, dict(each.values)] for each in self.outcomes]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
