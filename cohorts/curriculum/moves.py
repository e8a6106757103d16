"""How far somebody is in a newer version of their curriculum, told from how far they are in the one they have.

What they met, they have met: a step is the same step in every version that has its key, on whatever day it stands
there. So no core step is lost by a move and none comes twice; a core step that is new on a day already behind them
comes next, as any core step that was missed does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cohorts.schedule.path import Cursor


@dataclass(frozen=True, slots=True)
class VersionStep:
    """One step of a version as a move sees it: its row, its identity, its day."""

    pk: int
    key: str
    day: int
    is_core: bool


def met_keys(steps: Iterable[VersionStep], cursor: Cursor) -> set[str]:
    """What lies behind a cursor. An extra that lapsed lies behind it, too."""
    return {
        step.key
        for step in steps
        if step.day <= (cursor.last_core if step.is_core else cursor.last_extra) or step.pk in cursor.met
    }


def moved(cursor: Cursor, after: Iterable[VersionStep], met: Collection[str]) -> Cursor:
    """The cursor in the newer version: as far as every core step was met, and what was met beyond that."""
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
