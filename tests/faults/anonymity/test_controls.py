"""AA14: each defence taken away in turn; the attack that it keeps off must then succeed.

Without this, attacks that find nothing would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import pytest

from feedback360.visibility import cohort_cells, inputs, rules
from feedback360.visibility import figures as decided
from feedback360.visibility.inputs import Comment
from feedback360.visibility.leader import decide
from tests.faults.anonymity import figures
from tests.faults.anonymity.answers import every_round
from tests.faults.anonymity.consistency import forced
from tests.faults.anonymity.defences import without
from tests.faults.anonymity.span import Groups, isolated, unrounded, values
from tests.faults.anonymity.test_rounds import both_rounds
from tests.feedback360.rounds_of_answers import as_earlier, leader_round, questionnaire

ITEMS = questionnaire((2, 1))
TEAM = ((3, 4, 2), (4, 4, 3), (2, 3, 3), (3, 3, 4), (4, 2, 3), (3, 2, 2), (2, 4, 4), (4, 3, 2), (3, 3, 3))
SKIPPED = tuple((0 if at > 2 else 3, *row[1:]) for at, row in enumerate(TEAM))  # three have seen the first item
PEERS = TEAM[:3]


def finds_few(groups: Groups, release: Callable[[Groups], list[float]] | None = None) -> bool:
    """Whether values isolate fewer raters than five."""
    return isolated(groups, release or (lambda moved: values(leader_round(moved, ITEMS))), threshold=5).solved > 0


def finds_few_exactly(groups: Groups, release: Callable[[Groups], list[float]] | None = None) -> bool:
    with unrounded(coarse=True):
        return finds_few(groups, release)


def finds_few_in_two_rounds(before: range, after: range, skips: dict[tuple[int, int, int], bool]) -> bool:
    took_part = [[rater in some for rater in range(10)] for some in (before, after)]
    with unrounded(coarse=False):
        return finds_few(
            {"team": [list(row) for row in (*TEAM, TEAM[0])]}, lambda moved: both_rounds(moved, *took_part, skips, 5)
        )


def forces(raters: int, shape: tuple[int, ...], numbers: tuple[int, ...], threshold: int = 5) -> bool:
    items = questionnaire(shape)
    every = every_round(raters, len(items), numbers)
    return forced(every, lambda rows: leader_round({"team": rows}, items, threshold=threshold)).forced > 0


def merged(groups: Groups) -> list[float]:
    """What some products do: a group that is too small goes into the total of all."""
    rows = [row for some in groups.values() for row in some]
    return values(leader_round({"team": groups["team"], "colleagues": rows}, ITEMS))


def with_totals(groups: Groups) -> list[float]:
    rows = [row for some in groups.values() for row in some]
    return values(leader_round(groups, ITEMS)) + values(leader_round({"team": rows}, ITEMS))


def with_own_means(groups: Groups) -> list[float]:
    """The mean of raters' own means, as a first reading of formula 7 would have it."""
    means = [sum(seen) / len(seen) for row in groups["team"] if (seen := [value for value in row[:2] if value])]
    return [*values(leader_round(groups, ITEMS)), sum(means) / len(means)]


def apart_after_joined(groups: Groups) -> list[float]:
    """Colleagues in the first round; team and peers in the second, where the peers are too few."""
    first = leader_round({"colleagues": [*groups["team"], *groups["peers"]]}, ITEMS)
    earlier = as_earlier(first, decide(first), {"team": 0, "peers": 0})
    return values(first) + values(leader_round(groups, ITEMS, earlier=[earlier]))


def apart_exactly() -> bool:
    with unrounded(coarse=False):
        return finds_few({"team": TEAM[:8], "peers": TEAM[:2]}, apart_after_joined)


def shows_comments_of_few(writers: dict[str, int]) -> bool:
    comments = [Comment("keep", group, str(at)) for group, number in writers.items() for at in range(number)]
    release = decide(leader_round({"team": TEAM, "peers": TEAM[:6]}, ITEMS, comments=comments))
    return any(len(one.texts) < 5 for one in release.comments)


def tells_the_last_leader() -> bool:
    """Whether only one value of the last of five leaders fits, for somebody who knows the others' reports."""
    items = questionnaire((1, 2))

    def told(last: int) -> object:
        releases = [decide(leader_round({"team": [(value, 3, 3)] * 5}, items)) for value in (3, 3, 4, 2, last)]
        return cohort_cells(releases)

    return [value for value in range(1, 6) if told(value) == told(2)] == [2]


def per_survey(answers: Any, **rest: Any) -> Any:
    return _shown(answers, **{**rest, "threshold": 1})


def class_of_its_own(variance: float, n: int, items: int) -> float:
    return next(spread for spread in (0.0, *rules.SPREADS) if sqrt(variance) <= spread + rules.TINY)


def regardless_of_skips(changed: int | None, skipped: int, threshold: int) -> bool:
    return changed is not None and (changed == 0 or changed >= threshold)


_shown, _step_of = decided.shown, rules.step_of


@dataclass(frozen=True)
class Defence:
    name: str
    instead: dict[str, Any]
    attack: Callable[[], bool]
    safe: Callable[[], bool] | None = None  # the same attack on what the product does, where `attack` has it undone


NO_BOUND = {rules.FINE: (501, 500), rules.COARSE: (501, 500)}
COLLEAGUES_ARE_OTHERS = {**inputs.RELATIONS, "colleagues": frozenset({"colleague"})}

DEFENCES = [
    Defence(
        "threshold for each item",
        {"figures.shown": per_survey},
        lambda: finds_few_exactly({"team": SKIPPED}),
    ),
    Defence(
        "small groups are left out, not merged",
        {},
        lambda: finds_few_exactly({"team": TEAM[:6], "peers": PEERS}, merged),
        lambda: finds_few_exactly({"team": TEAM[:6], "peers": PEERS}),
    ),
    Defence(
        "no totals",
        {},
        lambda: finds_few_exactly({"team": TEAM[:6], "peers": SKIPPED[:6]}, with_totals),
        lambda: finds_few_exactly({"team": TEAM[:6], "peers": SKIPPED[:6]}),
    ),
    Defence(
        "scales from values of items",
        {},
        lambda: finds_few_exactly({"team": [(0, *TEAM[0][1:]), *TEAM[1:7]]}, with_own_means),
        lambda: finds_few_exactly({"team": [(0, *TEAM[0][1:]), *TEAM[1:7]]}),
    ),
    Defence("coarse numbers below eight", {"rules.FINE_FROM": 1}, lambda: forces(3, (1,), (1, 2, 3, 4, 5), 3)),
    Defence("bounds at the ends", {"rules.TOP": NO_BOUND}, lambda: forces(8, (1,), (1, 2, 3, 4, 5))),
    Defence(
        "classes of spread",
        {"rules.spread_class": lambda variance, n, items: sqrt(variance)},
        lambda: forces(8, (1,), (1, 2, 3, 4, 5)),
    ),
    Defence(
        "a lowest class that holds unequal answers",
        {"rules.spread_class": class_of_its_own},
        lambda: forces(8, (1,), (1, 2, 3, 4, 5)),
    ),
    Defence("no spread below five", {"rules.SPREAD_FROM": 3}, lambda: forces(3, (2,), (0, 1, 2, 3, 4, 5), 3)),
    Defence("agreement is cut off", {"rules.LEAST_ITEM_VARIANCE": 0.0}, lambda: forces(8, (1,), (1, 2, 3, 4, 5))),
    Defence(
        "a later round of nearly the same raters is coarse",
        {"rules.step_of": lambda answers, *, is_told_apart: _step_of(answers, is_told_apart=False)},
        lambda: finds_few_in_two_rounds(range(9), range(1, 9), {}),
    ),
    Defence(
        "who skips counts as somebody who differs",
        {"rules.comparable": regardless_of_skips},
        lambda: finds_few_in_two_rounds(range(9), range(9), {(0, 0, 0): True}),
    ),
    Defence(
        "joined groups are not compared with their parts",
        {"earlier.RELATIONS": COLLEAGUES_ARE_OTHERS},
        apart_exactly,
    ),
    Defence(
        "comments from the threshold on",
        {"rules.is_enough": lambda answers, threshold: answers > 0},
        lambda: shows_comments_of_few({"team": 1}),
    ),
    Defence(
        "comments by group from three more on",
        {"rules.may_label": lambda writers, threshold: True},
        lambda: shows_comments_of_few({"team": 5, "peers": 1}),
    ),
    Defence(
        "values of cohorts are rounded",
        {"rules.printed": lambda hundredths, parts, step: (hundredths / parts, "")},
        tells_the_last_leader,
    ),
]


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda defence: defence.name)
def test_without_a_defence_its_attack_succeeds(defence: Defence) -> None:
    assert not (defence.safe or defence.attack)()

    with without(defence.instead):
        is_red = defence.attack()

    figures.add_control(defence.name, is_red=is_red)
    assert is_red
