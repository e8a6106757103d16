"""What a released report prints about simulated rounds: their answers through `feedback360.visibility.decide`.

The wall rounds: values in steps, spreads as one of a few classes rounded up, ranges outward. So what is printed is more
cautious than the formulas in `figures`; here both are measured in the same rounds, with the same bars.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from feedback360.statistics.agreement import Category
from feedback360.statistics.change import Outcome
from feedback360.visibility import Release
from feedback360.visibility.inputs import Item
from feedback360.visibility.leader import decide
from tests.feedback360.calibration.figures import COHORT, LEVELS, UNSEEN, Share, share
from tests.feedback360.calibration.raters import BEHAVIOURS, PRIMARY, draw, opinion_for, opinions, truth
from tests.feedback360.rounds_of_answers import EVERYBODY, Rows, as_earlier, leader_round

AREAS = {"job_content": (0, 1, 6, 7, 8), "leadership_role": (4, 5, 13, 14, 15), "engagement": (2, 3, 9, 10, 11, 12)}
WOBBLE = 0.5
PAIR = "clear+encouraging"
SCALES = {
    **{("behaviour", key): items for key, items in BEHAVIOURS.items()},
    **{("area", key): items for key, items in AREAS.items()},
    ("all", "all"): tuple(range(16)),
    ("primary", PAIR): PRIMARY,
}


def _named(groups: dict[str, tuple[int, ...]], item: int) -> str:
    return next(name for name, items in groups.items() if item in items)


ITEMS = tuple(Item(f"item-{item:02}", _named(BEHAVIOURS, item), _named(AREAS, item), EVERYBODY) for item in range(16))


def _rows(rng: np.random.Generator, leaders: int, n: int, about: np.ndarray) -> list[Rows]:
    drawn = draw(rng, leaders, n, about)
    rows: list[Rows] = (drawn.answers * (rng.random(drawn.answers.shape) >= UNSEEN)).tolist()
    return rows


def _own(rng: np.random.Generator, leaders: int, level: float) -> list[Rows]:
    """The leader's own answers, which wobble by half a point from item to item around the level they mean."""
    meant = opinions(level) + rng.normal(scale=WOBBLE, size=(leaders, 1, 16))
    rows: list[Rows] = np.clip(np.rint(meant), 1, 5).astype(int).tolist()
    return rows


@dataclass(frozen=True)
class Covered:
    """By kind of scale: how often the printed range of a mean holds the truth."""

    by_kind: dict[str, Share]


@cache
def means_covered(seed: int, runs: int, n: int, level: float) -> Covered:
    rng, held = np.random.default_rng(seed), {kind: [] for kind, _key in SCALES}  # type: dict[str, list[bool]]
    true = {scale: truth(opinion_for(level), items) for scale, items in SCALES.items()}
    for rows in _rows(rng, runs, n, opinions(level)):
        for cell in decide(leader_round({"team": rows}, ITEMS, primary=PAIR)).cells:
            if cell.low is not None and cell.high is not None:
                held[cell.kind].append(cell.low - 1e-9 <= true[cell.kind, cell.key] <= cell.high + 1e-9)
    return Covered({kind: share(cases) for kind, cases in held.items()})


def second_rounds(
    seed: int, runs: int, n: int, level: float, *, by: float = 0.0, moved: Sequence[int] = range(16)
) -> Iterator[Release]:
    """The releases of a second round, answered by other people than the first."""
    rng = np.random.default_rng(seed)
    for _cohort in range(-(-runs // COHORT)):
        before, after = (
            _rows(rng, COHORT, n, opinions(level)),
            _rows(rng, COHORT, n, opinions(level, by=by, moved=moved)),
        )
        for early, late in zip(before, after, strict=True):
            first = leader_round({"team": early}, ITEMS, primary=PAIR)
            earlier = as_earlier(first, decide(first), {"team": 2 * n})
            yield decide(leader_round({"team": late}, ITEMS, primary=PAIR, earlier=[earlier]))


def says(release: Release, outcome: Outcome) -> bool:
    return any(change.outcome == outcome for change in release.changes)


@cache
def false_claims(seed: int, runs: int, n: int, level: float) -> dict[Outcome, Share]:
    found = list(second_rounds(seed, runs, n, level))
    return {outcome: share([says(one, outcome) for one in found]) for outcome in (Outcome.IMPROVED, Outcome.DECLINED)}


def false_behind_the_gate(seed: int, runs: int, n: int, level: float) -> Share:
    still = {key for key, items in BEHAVIOURS.items() if not set(items) <= set(PRIMARY)}
    return share(
        [
            any(one.outcome == Outcome.IMPROVED and one.key in still for one in release.changes)
            for release in second_rounds(seed, runs, n, level, by=1.0, moved=PRIMARY)
        ]
    )


@cache
def power(seed: int, runs: int, n: int, level: float, by: float) -> dict[str, Share]:
    """By kind of scale, primary and behaviour: how often *improved* is said of a scale that rose."""
    said: dict[str, list[bool]] = {"primary": [], "behaviour": []}
    for release in second_rounds(seed, runs, n, level, by=by):
        for change in release.changes:
            said[change.kind].append(change.outcome == Outcome.IMPROVED)
    return {kind: share(cases) for kind, cases in said.items()}


def changes_covered(seed: int, runs: int, n: int, level: float, by: float) -> Share:
    """How often the printed range of a change of the primary scale holds the truth."""
    true = truth(opinion_for(level + by), PRIMARY) - truth(opinion_for(level), PRIMARY)
    return share(
        [
            change.low - 1e-9 <= true <= change.high + 1e-9
            for release in second_rounds(seed, runs, n, level, by=by)
            for change in release.changes
            if change.kind == "primary" and change.low is not None and change.high is not None
        ]
    )


@cache
def categories(seed: int, runs: int, n: int, gap: float) -> dict[Category, Share]:
    """What is printed about areas, where the leader's own level is `gap` above the others' in true answers."""
    rng, level = np.random.default_rng(seed), LEVELS["middle"]
    others, own = _rows(rng, runs, n, opinions(level)), _own(rng, runs, level + gap)
    said = [
        category.category
        for rows, alone in zip(others, own, strict=True)
        for category in decide(leader_round({"team": rows, "self": alone}, ITEMS, primary=PAIR)).categories
        if category.kind == "area"
    ]
    return {name: share([one == name for one in said]) for name in Category}
