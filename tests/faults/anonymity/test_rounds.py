"""AA3: two rounds side by side, and reports on several leaders beside those of one."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations_with_replacement
from random import Random

import pytest

from feedback360.visibility import Release, cohort_cells, rules
from feedback360.visibility.leader import decide
from tests.faults.anonymity import figures
from tests.faults.anonymity.answers import Row, drawn
from tests.faults.anonymity.span import Groups, isolated, unrounded, values
from tests.feedback360.rounds_of_answers import as_earlier, leader_round, questionnaire

ITEMS = questionnaire((2, 1))
ONE = questionnaire((1,))
NOT_ANSWERED: Row = ()


def both_rounds(groups: Groups, before: Sequence[bool], after: Sequence[bool], skips: dict, threshold: int):
    """The values of two rounds in which everybody answers alike; `skips`: (round, rater, item) not seen that time."""

    def rows_of(number: int, took_part: Sequence[bool]) -> list[Row]:
        return [
            tuple(0 if (number, rater, item) in skips else value for item, value in enumerate(row))
            for rater, row in enumerate(groups["team"])
            if took_part[rater]
        ]

    first = leader_round({"team": rows_of(0, before)}, ITEMS, threshold=threshold)
    release = decide(first)
    changed = sum(was != now for was, now in zip(before, after, strict=True))
    second = leader_round(
        {"team": rows_of(1, after)}, ITEMS, threshold=threshold, earlier=[as_earlier(first, release, {"team": changed})]
    )
    return values(first) + values(second)


def attack(random: Random, cases: int):
    tried = solved = 0
    with unrounded(coarse=False):
        for _ in range(cases):
            raters, threshold = random.randint(8, 14), random.choice((3, 4, 5))
            groups = {"team": [list(row) for row in drawn(random, raters, len(ITEMS), skips=0.0)]}
            stay = random.choice((0.6, 0.85, 1.0))
            before = [random.random() < stay for _ in range(raters)]
            after = [random.random() < stay for _ in range(raters)]
            share = random.choice((0.0, 0.0, 0.08))
            skips = {
                (number, rater, item): True
                for number in (0, 1)
                for rater in range(raters)
                for item in range(len(ITEMS))
                if random.random() < share
            }
            found = isolated(
                groups, lambda moved: both_rounds(moved, before, after, skips, threshold), threshold=threshold
            )
            tried, solved = tried + found.tried, solved + found.solved
    return tried, solved


def test_two_rounds_side_by_side_isolate_nobody() -> None:
    tried, solved = attack(Random(90), 25)
    figures.add("AA3", "two rounds, span of all printed in steps of 0.1", tried=tried, found=solved, of="sets below k")

    assert tried > 2_000
    assert solved == 0


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_hundreds_of_pairs_of_rounds_isolate_nobody() -> None:
    tried, solved = attack(Random(180), 800)
    figures.add("AA3", "two rounds, span, 800 pairs", tried=tried, found=solved, of="sets below k")

    assert solved == 0


def test_rounds_are_comparable_only_if_nobody_or_enough_differ() -> None:
    """A6, from the sets themselves: who answered an item in one round and not in the other."""
    random, shown, wrong = Random(6), 0, 0
    for _ in range(20_000):
        people, threshold = range(random.randint(5, 16)), random.choice((3, 4, 5))
        stay = random.choice((0.5, 0.9, 1.0))
        before, after = ({rater for rater in people if random.random() < stay} for _ in range(2))
        seen = random.choice((0.8, 1.0))
        item_before, item_after = ({rater for rater in some if random.random() < seen} for some in (before, after))
        skipped = len(before - item_before) + len(after - item_after)
        if rules.comparable(len(before ^ after), skipped, threshold):
            shown += 1
            wrong += 0 < len(item_before ^ item_after) < threshold
    figures.add(
        "AA3", "pairs of rater sets that count as comparable", tried=shown, found=wrong, of="differ by 1 to k-1"
    )

    assert shown > 5_000
    assert wrong == 0
    assert not rules.comparable(None, 0, 5)


def test_a_joined_group_and_its_parts_are_never_comparable() -> None:
    """Colleagues in one round, team and peers in the next: their difference would be the group that is left out."""
    rows = drawn(Random(5), 9, len(ITEMS), skips=0.0)
    first = leader_round({"colleagues": [*rows, *rows[:2]]}, ITEMS)
    earlier = as_earlier(first, decide(first), {"team": 0, "peers": 0})

    release = decide(leader_round({"team": rows, "peers": rows[:2]}, ITEMS, earlier=[earlier]))

    assert {cell.step for cell in release.cells if cell.kind == "item"} == {0.5}


def learned(common: int, left: int, joined: int, *, drift: int, threshold: int = 5) -> tuple[int, int]:
    """Pairs of rounds of one item in which the answer of somebody who came or left is certain, for an attacker who
    believes that the sum of everybody else's answers moved by at most `drift`."""
    fits, number = defaultdict(set), defaultdict(int)
    everybody = list(combinations_with_replacement(range(1, 6), common))
    for stayed in everybody:
        for old in combinations_with_replacement(range(1, 6), left):
            first = leader_round({"team": [(one,) for one in (*stayed, *old)]}, ONE, threshold=threshold)
            release = decide(first)
            earlier = as_earlier(first, release, {"team": left + joined})
            for new in combinations_with_replacement(range(1, 6), joined):
                for later in _drifted(stayed, drift):
                    second = leader_round(
                        {"team": [(one,) for one in (*later, *new)]}, ONE, threshold=threshold, earlier=[earlier]
                    )
                    key = hash((release, decide(second)))
                    fits[key].add((old, new))
                    number[key] += 1
    certain = sum(number[key] for key, some in fits.items() if any(_is_one(part) for part in zip(*some, strict=True)))
    return sum(number.values()), certain


def _drifted(stayed: Row, drift: int) -> list[Row]:
    up, down = [at for at, one in enumerate(stayed) if one < 5], [at for at, one in enumerate(stayed) if one > 1]
    moved = [stayed]
    if drift and up:
        moved.append((*stayed[: up[0]], stayed[up[0]] + 1, *stayed[up[0] + 1 :]))
    if drift and down:
        moved.append((*stayed[: down[-1]], stayed[down[-1]] - 1, *stayed[down[-1] + 1 :]))
    return moved


def _is_one(answers: Sequence[Row]) -> bool:
    return bool(answers[0]) and len(set(answers)) == 1 and len(set(answers[0])) == 1


def test_what_rounding_leaves_of_who_came_or_left_is_counted() -> None:
    """Rounding cannot hide one person from somebody who knows that all others repeated every answer. Said, not zero."""
    for drift, belief in ((0, "all others repeated every answer"), (1, "one other may have moved by a point")):
        found = [learned(*case, drift=drift) for case in ((8, 1, 0), (5, 0, 1))]
        tried, certain = sum(one[0] for one in found), sum(one[1] for one in found)
        figures.add(
            "AA3", f"who came or left, if {belief}", tried=tried, found=certain, of="rounds", note="cannot be 0"
        )

        assert 0 < certain / tried < (0.25, 0.12)[drift]


def leaders(random: Random, number: int) -> list[Release]:
    rows = [drawn(random, random.randint(5, 10), len(ITEMS), skips=0.0) for _ in range(number)]
    return [decide(leader_round({"team": some}, ITEMS)) for some in rows]


def test_a_cohort_report_knows_only_frozen_releases() -> None:
    """So it tells nothing about raters that the leaders' releases do not tell."""
    releases = leaders(Random(12), 12)
    frozen = [Release.from_bytes(release.to_bytes()) for release in releases]

    assert cohort_cells(frozen) == cohort_cells(releases)
    assert {cell.leaders for cell in cohort_cells(releases)} == {12}
    assert cohort_cells(releases[:4]) == ()


def test_who_knows_all_leaders_but_one_cannot_compute_the_last() -> None:
    """The last leader's printed value, from the cohort's value and everybody else's: more than one fits."""
    random, tried, found = Random(3), 0, 0
    for _ in range(200):
        number = random.randint(5, 12)
        printed = [random.choice((200, 250, 300, 350, 400, 450)) for _ in range(number)]
        step = rules.step_of(number, is_told_apart=False)
        told = rules.printed(sum(printed), number, step)
        known = sum(printed[1:])
        fits = {one for one in range(100, 501, 10) if rules.printed(known + one, number, step) == told}
        tried, found = tried + 1, found + (len(fits) < 2)
    figures.add("AA3", "last leader's value from the cohort and all others", tried=tried, found=found, of="leaders")

    assert found == 0
