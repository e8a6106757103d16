"""Which groups of a branch may be shown, and as which range. Pure.

The rules:

1. A cell has at least five people behind it, counted for that figure.
2. Cells of one figure never share anybody, and together they are the whole. What is left beside the cells shown is
   one more cell of at least five, or nothing: the smallest cell that could stand alone joins it when it must. So no sum
   and no difference of what is shown speaks of fewer than five.
3. A figure is a range, the quarters between which the middle half of the people lie, and never one person's value.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from coaching.disclosure import MIN_PEOPLE

QUARTERS = 4

Key = TypeVar("Key", bound=Hashable)
Bands = tuple[int, int, int, int]  # how many people have 0 to 24, 25 to 49, 50 to 74, 75 to 100 per cent
NOBODY: Bands = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Range:
    """In per cent, quarters as the bounds: half of the people lie between them."""

    low: int
    high: int


def cells_of(people: Mapping[Key, int]) -> list[list[Key]]:
    """The groups to show, each alone, and last the ones that are shown together. Empty when the whole is too small."""
    alone = sorted((key for key, count in people.items() if count >= MIN_PEOPLE), key=lambda key: people[key])
    together = [key for key, count in people.items() if 0 < count < MIN_PEOPLE]
    if together and alone and sum(people[key] for key in together) < MIN_PEOPLE:
        together.append(alone.pop(0))
    cells = [[key] for key in people if key in alone]
    return [*cells, together] if sum(people[key] for key in together) >= MIN_PEOPLE else cells


def added(bands: Iterable[Bands]) -> Bands:
    """Several groups as one."""
    first, second, third, fourth = (sum(column) for column in zip(NOBODY, *bands, strict=True))
    return first, second, third, fourth


def range_of(bands: Bands) -> Range | None:
    """Where the middle half lies; nothing for fewer than five people."""
    people = sum(bands)
    if people < MIN_PEOPLE:
        return None
    return Range(_quarter_of(bands, people / QUARTERS) * 25, (_quarter_of(bands, people * 3 / QUARTERS) + 1) * 25)


def share_of(count: int, people: int) -> Range | None:
    """The quarter in which a share lies; nothing for fewer than five people."""
    if people < MIN_PEOPLE:
        return None
    quarter = min(QUARTERS - 1, QUARTERS * count // people)
    return Range(quarter * 25, (quarter + 1) * 25)


def _quarter_of(bands: Sequence[int], rank: float) -> int:
    """The band in which the person with this rank is, counted from the lowest."""
    reached = 0
    for band, count in enumerate(bands):
        reached += count
        if reached >= rank:
            return band
    return len(bands) - 1
