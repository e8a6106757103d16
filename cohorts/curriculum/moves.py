"""Map a cursor to a newer curriculum version. Pure.

A step is the same in every version that has its key, on any day. So a move loses no core step and repeats none; a new
core step on a day already passed comes next, like any missed core step.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cohorts.schedule.path import Cursor


@dataclass(frozen=True, slots=True)
class VersionStep:
    """One step of a version: row, key and day."""

    pk: int
    key: str
    day: int
    is_core: bool


def met_keys(steps: Iterable[VersionStep], cursor: Cursor) -> set[str]:
    """The keys of steps before the cursor, lapsed extras included."""
    return {
        step.key
        for step in steps
        if step.day <= (cursor.last_core if step.is_core else cursor.last_extra) or step.pk in cursor.met
    }


def moved(cursor: Cursor, after: Iterable[VersionStep], met: Collection[str]) -> Cursor:
    """The cursor in the newer version: up to where every core step was received, plus those received beyond."""
    later = sorted(after, key=lambda step: step.day)
    first_unmet = next((step.day for step in later if step.is_core and step.key not in met), None)
    behind = [step.day for step in later if step.is_core and (first_unmet is None or step.day < first_unmet)]
    last_core = max(behind, default=0)
    beyond = {
        step.pk for step in later if step.key in met and step.day > (last_core if step.is_core else cursor.last_extra)
    }
    return Cursor(last_core, cursor.last_extra, cursor.last_on, frozenset(beyond))


def core_ahead(cursor: Cursor, steps: Iterable[VersionStep]) -> int:
    """How many core steps are still to come."""
    return sum(step.is_core and step.day > cursor.last_core and step.pk not in cursor.met for step in steps)
