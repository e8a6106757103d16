"""Consistency attack: every vector of answers that fits everything released, and what all of them have in common.

Rounding is treated as what it is: a printed value stands for all answers that print it, and so does the release as a
whole, with values, bounds, intervals, bands, agreement, categories and changes together. No release depends on the
order of raters, so a rater's answer to an item is forced if, and only if, in every round that fits all who answered the
item gave the same value.

Where there are too many rounds to list them, `alternative` looks for one that fits and differs: finding it proves that
nobody's answer is forced. Not finding it counts as forced, so the figure is an upper limit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, permutations
from random import Random

from feedback360.visibility import Release
from feedback360.visibility.inputs import LeaderRound
from feedback360.visibility.leader import decide
from tests.faults.anonymity.answers import Row, columns

Rounded = Callable[[Sequence[Row]], LeaderRound]
MIXED = 0
WANDERS = 2_000


@dataclass(frozen=True)
class Forced:
    """Answers (rater × item) in some cell, those of them that have one possible value, and the rounds they are in."""

    answers: int
    forced: int
    rounds: tuple[Sequence[Row], ...]


def forced(
    every: Iterable[Sequence[Row]], as_round: Rounded, *, judged: frozenset[int] = frozenset(range(1, 6))
) -> Forced:
    """`every` holds all rounds with so many raters, or all from some values only: then `judged` leaves out those values
    whose neighbours are missing, because rounds that fit may be missing with them."""
    commons: dict[int, list[int]] = {}
    rounds: dict[int, list[Sequence[Row]]] = {}
    answers = 0
    for rows in every:
        leader_round = as_round(rows)
        release = decide(leader_round)
        shown = _shown(release)
        answers += sum(shown[item.key] for item in leader_round.items if item.key in shown)
        same = [
            common(column) if item.key in shown else MIXED
            for item, column in zip(leader_round.items, columns(rows), strict=True)
        ]
        key = hash(release)
        before = commons.setdefault(key, same)
        commons[key] = [one if one == other else MIXED for one, other in zip(before, same, strict=True)]
        if any(one in judged for one in same):
            rounds.setdefault(key, []).append(rows)
    examples, forced_answers = [], 0
    for key, same in commons.items():
        for rows in rounds.get(key, []) if any(one in judged for one in same) else []:
            forced_answers += sum(
                sum(value > 0 for value in column)
                for one, column in zip(same, columns(rows), strict=True)
                if one in judged
            )
            examples.append(rows)
    return Forced(answers, forced_answers, tuple(examples))


def pooled(every: Iterable[Sequence[Row]], as_round: Rounded, pooling: int) -> tuple[int, int]:
    """Of rounds of one item: answers of the others, and those of them that `pooling` raters' answers leave one value.

    `every` must hold all rounds. Each choice of raters counts by itself, up to raters who gave the same.
    """
    fits: dict[tuple[int, Sequence[Row]], set[int]] = defaultdict(set)
    number: Counter[tuple[int, Sequence[Row]]] = Counter()
    for rows in every:
        key = hash(decide(as_round(rows)))
        for known in sorted(set(combinations(rows, pooling))):
            others = list((Counter(rows) - Counter(known)).elements())
            fits[key, known].add(common(columns(others)[0]))
            number[key, known] += sum(value > 0 for (value,) in others)
    certain = sum(number[key] for key, some in fits.items() if len(some) == 1 and MIXED not in some)
    return number.total(), certain


def _shown(release: Release) -> dict[str, int]:
    return {cell.key: cell.n for cell in release.cells if cell.kind == "item" and cell.group == "team" and cell.n}


def common(column: Sequence[int]) -> int:
    """The value that all who answered gave, if they did."""
    given = {value for value in column if value}
    return given.pop() if len(given) == 1 else MIXED


def alternative(rows: Sequence[Row], item: int, as_round: Rounded, *, known: frozenset[int] = frozenset()) -> bool:
    """Whether a round fits the release in which those who gave one value to this item, `known` aside, gave others.

    Tried: one rater moves by one; two move by one in opposite directions; then several such pairs in any items.
    """
    release = decide(as_round(rows))
    others = chain(_moved(rows, item, known), _wandered(rows, known))
    return any(
        not common(columns([row for at, row in enumerate(other) if at not in known])[item])
        and decide(as_round(other)) == release
        for other in others
    )


def _moved(rows: Sequence[Row], item: int, known: frozenset[int]) -> Iterator[Sequence[Row]]:
    movable = [at for at, row in enumerate(rows) if row[item] and at not in known]
    single = [{at: by} for at in movable for by in (1, -1)]
    for moves in [*single, *({up: 1, down: -1} for up, down in permutations(movable, 2))]:
        if all(1 <= rows[at][item] + by <= 5 for at, by in moves.items()):
            yield [(*row[:item], row[item] + moves.get(at, 0), *row[item + 1 :]) for at, row in enumerate(rows)]


def _wandered(rows: Sequence[Row], known: frozenset[int]) -> Iterator[Sequence[Row]]:
    random = Random(len(rows))
    movable = [at for at in range(len(rows)) if at not in known]
    for _ in range(WANDERS):
        other = [list(row) for row in rows]
        for _ in range(random.randint(1, 5)):
            item, (up, down) = random.randrange(len(rows[0])), random.sample(movable, 2)
            if rows[up][item] and rows[down][item]:
                other[up][item] += 1
                other[down][item] -= 1
        if all(
            (now == 0) == (was == 0) and now <= 5
            for moved, row in zip(other, rows, strict=True)
            for now, was in zip(moved, row, strict=True)
        ):
            yield [tuple(row) for row in other]
