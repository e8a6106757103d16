"""Reports on several leaders, from their frozen releases alone. Pure.

Nothing about raters can leave here that a leader's release does not already hold. What is guarded is the leader: who
knows all reports but one must not be able to subtract that one. So leaders are counted as raters are: five or more for
a cell, steps of 0.5 below eight leaders and 0.1 from there, bounds at the ends, and no smallest or largest. Shares of
leaders are given from ten leaders on and in quarters, because each quarter then fits at least two numbers of leaders.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from feedback360.visibility import rules
from feedback360.visibility.inputs import ATTRIBUTED
from feedback360.visibility.release import Cell, Release

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MIN_LEADERS = 5
SHARES_FROM = 10  # leaders
QUARTER = 25  # per cent
LEVELS = ("low", "middle", "high")  # below 3, from 3 to below 4, from 4
KINDS = ("behaviour", "area", "all")


@dataclass(frozen=True, slots=True)
class CohortCell:
    """`kind` value: `key` is a behaviour, an area or "all". `kind` responses: `value` is a share of those asked.

    `shares` is per cent of leaders by level, category or outcome; empty below ten leaders.
    """

    kind: str  # behaviour · area · all · responses · category · change
    group: str
    key: str
    leaders: int
    value: float | None = None
    bound: str = ""
    step: float | None = None
    shares: Mapping[str, int] | None = None


def cohort_cells(releases: Sequence[Release]) -> tuple[CohortCell, ...]:
    """Cells of a cohort or an organisation; one that fewer than five leaders have is left out."""
    return (*_levels(releases), *_responses(releases), *_categories(releases), *_changes(releases))


def _levels(releases: Sequence[Release]) -> Iterator[CohortCell]:
    found = _gathered(
        ((cell.kind, cell.group, cell.key), cell) for release in releases for cell in release.cells if _counts(cell)
    )
    for (kind, group, key), cells in found.items():
        values = [round(100 * cell.value) for cell in cells if cell.value is not None]
        step = rules.step_of(len(values), is_told_apart=False)
        value, bound = rules.printed(sum(values), len(values), step)
        shares = _shares([_level(value) for value in values], LEVELS)
        yield CohortCell(kind, group, key, len(values), value / 100, bound, step / 100, shares)


def _counts(cell: Cell) -> bool:
    return cell.kind in KINDS and cell.value is not None and cell.group not in ATTRIBUTED


def _level(hundredths: int) -> str:
    return LEVELS[0] if hundredths < 300 else LEVELS[1] if hundredths < 400 else LEVELS[2]


def _responses(releases: Sequence[Release]) -> Iterator[CohortCell]:
    """Of the groups that are shown; the others' numbers are in no release. In quarters below ten leaders."""
    found = _gathered(
        (group.group, (group.asked, group.answered))
        for release in releases
        for group in release.groups
        if group.shown and group.group not in ATTRIBUTED
    )
    for group, pairs in found.items():
        asked, answered = sum(pair[0] or 0 for pair in pairs), sum(pair[1] or 0 for pair in pairs)
        step = 5 if len(pairs) >= SHARES_FROM else QUARTER
        yield CohortCell(
            "responses", group, "", len(pairs), rules.rounded(100 * answered, asked, step) / 100, step=step / 100
        )


def _categories(releases: Sequence[Release]) -> Iterator[CohortCell]:
    found = _gathered(
        ((one.group, one.key), one.category)
        for release in releases
        for one in release.categories
        if one.kind in KINDS and one.category != "not_shown"
    )
    for (group, key), names in found.items():
        yield CohortCell("category", group, key, len(names), shares=_shares(names, sorted(set(names))))


def _changes(releases: Sequence[Release]) -> Iterator[CohortCell]:
    found = _gathered(
        ((one.group, one.key if one.kind == "behaviour" else one.kind), one)
        for release in releases
        for one in release.changes
        if one.value is not None
    )
    for (group, key), changes in found.items():
        step = rules.step_of(len(changes), is_told_apart=False)
        total = sum(round(100 * one.value) for one in changes if one.value is not None)
        outcomes = [one.outcome for one in changes]
        yield CohortCell(
            "change", group, key, len(changes), rules.rounded(total, len(changes), step) / 100, step=step / 100,
            shares=_shares(outcomes, sorted(set(outcomes))),
        )  # fmt: skip


def _gathered(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """By key, in order of first appearance, of at least five leaders."""
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: values for key, values in found.items() if len(values) >= MIN_LEADERS}


def _shares(names: Sequence[str], order: Iterable[str]) -> Mapping[str, int] | None:
    """Per cent of leaders in quarters. They need not add up to a hundred."""
    if len(names) < SHARES_FROM:
        return None
    return {name: rules.rounded(100 * names.count(name), len(names), QUARTER) for name in order}
