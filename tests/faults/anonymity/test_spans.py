"""AA1: no combination of the values of one release isolates fewer raters than the threshold."""

from random import Random

import pytest

from tests.faults.anonymity import figures
from tests.faults.anonymity.answers import drawn, splits
from tests.faults.anonymity.span import Groups, Isolated, isolated, unrounded, values
from tests.feedback360.rounds_of_answers import leader_round, questionnaire

ITEMS = questionnaire((2, 2, 1))


def attack(groups: Groups, threshold: int) -> Isolated:
    return isolated(groups, lambda moved: values(leader_round(moved, ITEMS, threshold=threshold)), threshold=threshold)


def attack_all(random: Random, cases: int) -> None:
    """Every split of up to twelve raters in turn, and every threshold."""
    found = []
    sizes = list(splits(12))
    with unrounded(coarse=True):
        for case in range(cases):
            team, peers = sizes[case % len(sizes)]
            skips = random.choice((0.0, 0.1, 0.4))
            groups = {name: drawn(random, n, len(ITEMS), skips=skips) for name, n in (("team", team), ("peers", peers))}
            found.append(attack(groups, random.choice((3, 4, 5))))
    tried, solved = sum(one.tried for one in found), sum(one.solved for one in found)
    figures.add("AA1", f"span of one release, {cases:,} rounds", tried=tried, found=solved, of="sets below k")

    assert tried > 100 * cases / 2
    assert solved == 0


def test_values_of_a_release_isolate_nobody() -> None:
    attack_all(Random(360), len(list(splits(12))))


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_values_of_thousands_of_releases_isolate_nobody() -> None:
    attack_all(Random(361), 5_000)
