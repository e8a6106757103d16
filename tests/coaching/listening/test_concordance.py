"""Agreement of observers, with hand-worked cases."""

from fractions import Fraction

import pytest

from coaching.listening.concordance import Concordance, concordance, together


@pytest.mark.parametrize(
    ("scores", "agreeing", "pairs"),
    [
        ([4, 4, 2], 1, 3),  # (4,4) in, (4,2) out, (4,2) out
        ([4, 4], 1, 1),
        ([3, 4], 1, 1),
        ([2, 4], 0, 1),
        ([1, 2, 3], 2, 3),
        ([1, 5, 1, 5], 2, 6),
        ([3, 3, 3, 3, 3], 10, 10),
        ([4], 0, 0),
        ([], 0, 0),
    ],
)
def test_pairs_within_one_step_over_all_pairs(scores: list[int], agreeing: int, pairs: int) -> None:
    assert concordance(scores) == Concordance(pairs, agreeing)
    assert concordance(scores[::-1]) == Concordance(pairs, agreeing)


def test_one_observer_alone_has_no_share() -> None:
    assert concordance([4]).share is None
    assert not concordance([4]).meets_target
    assert concordance([4, 4, 2]).share == Fraction(1, 3)


@pytest.mark.parametrize(
    ("agreeing", "pairs", "met"), [(17, 20, True), (84, 100, False), (85, 100, True), (3, 3, True)]
)
def test_the_target_is_85_per_cent_of_the_pairs(agreeing: int, pairs: int, met: bool) -> None:
    assert Concordance(pairs, agreeing).meets_target is met


@pytest.mark.parametrize(
    ("agreeing", "pairs", "unclear"),
    [(7, 10, False), (6, 10, True), (6, 9, False), (0, 9, False), (0, 10, True), (69, 100, True), (70, 100, False)],
)
def test_wording_is_unclear_over_30_per_cent_of_ten_pairs(agreeing: int, pairs: int, unclear: bool) -> None:
    assert Concordance(pairs, agreeing).is_wording_unclear is unclear


def test_pairs_are_made_within_a_contact_and_never_across() -> None:
    """Across the two contacts, 1 and 5 would be four steps apart."""
    assert together([[1, 1], [5, 5]]) == Concordance(2, 2)
    assert together([]) == Concordance()
