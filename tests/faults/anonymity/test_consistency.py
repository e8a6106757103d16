"""AA2 and AA13: every rater's answer stays open, given everything that is released together."""

from random import Random

import pytest

from tests.faults.anonymity import figures
from tests.faults.anonymity.answers import columns, drawn, every_round
from tests.faults.anonymity.consistency import Forced, Rounded, alternative, common, forced, pooled
from tests.feedback360.rounds_of_answers import SIXTEEN, leader_round, questionnaire

ALL = (1, 2, 3, 4, 5)
AND_SKIPS = (0, *ALL)


def as_round(items, threshold: int, primary: str = "goal_minded") -> Rounded:
    own = [[3] * len(items)]  # what the leader knows anyway; with it come the categories
    return lambda rows: leader_round({"team": rows, "self": own}, items, threshold=threshold, primary=primary)


def attack(raters: int, shape: tuple[int, ...], values: tuple[int, ...], threshold: int, judged=ALL) -> Forced:
    """Where not all values are listed, a round that fits may be missing: what looks forced is then looked at again."""
    items = questionnaire(shape)
    build = as_round(items, threshold)
    found = forced(every_round(raters, len(items), values), build, judged=frozenset(judged))
    if not found.forced or set(ALL) <= set(values):
        return found
    closed = [
        rows
        for rows in found.rounds
        if any(common(column) in judged and not alternative(rows, at, build) for at, column in enumerate(columns(rows)))
    ]
    return Forced(found.answers, raters * len(closed), tuple(closed))


def report(what: str, found) -> None:
    answers, forced_answers = sum(one.answers for one in found), sum(one.forced for one in found)
    figures.add("AA2", what, tried=answers, found=forced_answers, of="answers forced")

    assert answers > 10_000
    assert [one.rounds[:3] for one in found if one.forced] == []


def test_one_item_forces_no_answer_in_any_round() -> None:
    small = [attack(raters, (1,), AND_SKIPS, threshold) for threshold in (3, 4, 5) for raters in range(threshold, 8)]
    large = [attack(raters, (1,), ALL, 5) for raters in range(8, 13)]
    report("every round of one item, k to 12 raters", [*small, *large])


def test_a_behaviour_of_two_items_forces_no_answer() -> None:
    report(
        "two items: all of 3 raters, 4s and 5s of 5",
        [attack(3, (2,), ALL, 3), attack(5, (2,), (3, 4, 5), 5, judged=(4, 5))],
    )


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_larger_rounds_force_no_answer() -> None:
    report(
        "two and three items, larger rounds",
        [
            attack(3, (2,), AND_SKIPS, 3),
            attack(3, (3,), (3, 4, 5), 3, judged=(4, 5)),
            attack(4, (2,), ALL, 4),
            attack(5, (2,), ALL, 5),
            attack(5, (3,), (3, 4, 5), 5, judged=(4, 5)),
            attack(8, (2,), (3, 4, 5), 5, judged=(4, 5)),
            attack(8, (3,), (4, 5), 5, judged=(5,)),
            attack(9, (1, 1), (3, 4, 5), 5, judged=(4, 5)),
        ],
    )


def attack_whole_rounds(random: Random, rounds: int) -> None:
    """Sixteen items. Only columns of one value can be forced; for each, a round that fits and differs is looked for."""
    answers = closed = 0
    for _ in range(rounds):
        threshold = random.choice((3, 4, 5))
        raters = random.randint(threshold, 12)
        rows = drawn(
            random, raters, len(SIXTEEN), skips=random.choice((0.0, 0.1)), agree=random.choice((0.0, 0.3, 0.6))
        )
        build = as_round(SIXTEEN, threshold, "clear+encouraging")
        for item, column in enumerate(columns(rows)):
            given = sum(value > 0 for value in column)
            answers += given if given >= threshold else 0
            if given >= threshold and common(column) and not alternative(rows, item, build):
                closed += given
    figures.add("AA2", f"sixteen items, {rounds} rounds", tried=answers, found=closed, of="answers forced")

    assert closed == 0


def test_a_whole_round_of_like_minded_raters_forces_no_answer() -> None:
    attack_whole_rounds(Random(16), 12)


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_many_whole_rounds_force_no_answer() -> None:
    attack_whole_rounds(Random(17), 250)


def test_raters_who_pool_their_answers_are_counted() -> None:
    """AA13: what one or two raters learn who tell the leader their own answers. Not zero, and said so to raters.

    Effective k is the number of answers less those that are pooled. The others' answers are certain where those who
    pool are so far from the printed extreme that all others must be at it.
    """
    for pooling in (1, 2):
        found = [
            pooled(every_round(raters, 1, ALL), as_round(questionnaire((1,)), 5), pooling) for raters in range(5, 11)
        ]
        answers, certain = sum(one[0] for one in found), sum(one[1] for one in found)
        small = sum(raters - pooling < 3 for threshold in (5,) for raters in range(threshold, 13))
        what = f"{pooling} rater{'s' * (pooling > 1)} telling the leader their answers"
        figures.add("AA13", f"{what}: fewer than 3 others (k 5)", tried=8, found=small, of="sizes")
        figures.add("AA13", what, tried=answers, found=certain, of="other answers forced", note="cannot be 0")

        assert small == 0
        assert 0 < certain / answers < (0.02, 0.05)[pooling - 1]
