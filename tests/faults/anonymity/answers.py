"""Rounds to attack: raters' answers, every split into groups, every vector of answers. Seeds are fixed."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from random import Random

from tests.feedback360.rounds_of_answers import Rows

Row = tuple[int, ...]


def drawn(random: Random, raters: int, items: int, *, skips: float = 0.1, agree: float = 1.0) -> list[Row]:
    """As people answer: a leader's level, a rater's leniency, an item's own difference. `agree` 0 makes them equal."""
    level, leniency, noise = random.uniform(2.5, 4.7), 0.6 * agree, 0.7 * agree
    rows = []
    for _ in range(raters):
        own = random.gauss(level, leniency)
        values = [min(5, max(1, round(random.gauss(own, noise)))) for _ in range(items)]
        rows.append(tuple(0 if random.random() < skips else value for value in values))
    return rows


def splits(most: int) -> Iterator[tuple[int, int]]:
    """Every number of team members and peers, up to so many together."""
    return ((team, peers) for team in range(most + 1) for peers in range(most + 1 - team) if team + peers)


def every_round(raters: int, items: int, values: Sequence[int]) -> Iterator[tuple[Row, ...]]:
    """Every round of so many raters, up to the order of raters, which no release depends on."""
    return combinations_with_replacement(list(product(values, repeat=items)), raters)


def columns(rows: Rows) -> list[tuple[int, ...]]:
    return list(zip(*rows, strict=True)) if rows else []
