"""Change between two rounds, worked by hand. The first case is that of rooms.md I2."""

from itertools import combinations

import pytest
from scipy.stats import ttest_ind

from feedback360.statistics.change import Change, Outcome, Pair, change_of, is_at_ceiling, is_held
from feedback360.statistics.summary import AnswerScale, BorrowedSpread, Summary, summarised
from feedback360.statistics.verdicts import judged

BEFORE, AFTER = [3, 3, 4, 3, 4, 3], [4, 4, 4, 3, 5, 4]


def changed(before, after):
    return change_of(Pair(summarised(before), summarised(after)))


def test_the_change_of_the_worked_example():
    change = changed(BEFORE, AFTER)

    assert change.value == pytest.approx(0.667, abs=0.001)
    assert change.error == pytest.approx(0.333, abs=0.001)
    assert change.df == pytest.approx(9.6, abs=0.05)
    assert (change.low, change.high) == (pytest.approx(0.06, abs=0.005), pytest.approx(1.27, abs=0.005))
    assert change.visible_from() == pytest.approx(0.90, abs=0.005)


@pytest.mark.parametrize(
    ("before", "after"),
    [(BEFORE, AFTER), ([3, 3.5, 4, 2, 5], [4, 4, 4.5, 3, 5, 4, 4, 2]), ([4.5, 4, 5] * 2, [4, 4, 5, 3, 2, 3, 4])],
)
def test_one_sided_shares_are_those_of_scipys_welch_test(before, after):
    change = changed(before, after)

    better = ttest_ind(after, before, equal_var=False, alternative="greater")
    assert change.p_improved == pytest.approx(better.pvalue, abs=1e-9)
    assert change.p_improved + change.p_declined == pytest.approx(1.0)
    ends = ttest_ind(after, before, equal_var=False).confidence_interval(0.90)
    assert (change.low, change.high) == (pytest.approx(ends.low), pytest.approx(ends.high))


def test_the_visible_change_grows_with_a_stricter_level():
    change = Change(value=0.3, error=0.4, df=8.0)

    assert change.visible_from() == pytest.approx((1.8595 + 0.8889) * 0.4, abs=0.0005)
    assert change.visible_from(0.05 / 7) > change.visible_from(0.05 / 2) > change.visible_from()


def test_a_zero_spread_in_one_round_does_not_shrink_the_interval():
    """After: 4 4 4 4 4. Without a cohort there is no change to state, however wide the other round."""
    assert changed([3, 3, 4, 3, 4], [4] * 5) is None


def test_equal_answers_are_compared_with_the_cohorts_spread():
    """I3: 3 3 3 3 3 → 4 4 4 4 4, s² = .36 with 28 df in both: SE = √(.36/5 · 2) = .3795, df 56."""
    lent = BorrowedSpread(0.36, 28)

    change = change_of(Pair(Summary(5, 3.0, 0.0), Summary(5, 4.0, 0.0), lent, lent))

    assert change.value == 1.0
    assert change.error == pytest.approx(0.3795, abs=0.0001)
    assert change.df == pytest.approx(56)


def test_one_round_of_equal_answers_borrows_only_for_itself():
    """.4/5 with 4 df and .36/5 with 28 df: (.08 + .072)² / (.08²/4 + .072²/28) = 12.94"""
    change = change_of(Pair(Summary(5, 3.4, 0.4), Summary(5, 4.0, 0.0), None, BorrowedSpread(0.36, 28)))

    assert change.error == pytest.approx(0.152**0.5)
    assert change.df == pytest.approx(12.94, abs=0.01)


def permutation_p(before, after):
    """Share of all ways to deal the answers to two rounds that differ at least as much, in either direction."""
    answers, differences = [*before, *after], []
    for chosen in combinations(range(len(answers)), len(after)):
        late = [answers[at] for at in chosen]
        early = (sum(answers) - sum(late)) / len(before)
        differences.append(abs(sum(late) / len(after) - early))
    observed = abs(sum(after) / len(after) - sum(before) / len(before))
    return sum(difference >= observed - 1e-9 for difference in differences) / len(differences)


def test_the_worked_example_is_borderline_and_no_summary_tells():
    """I2: Welch says improved, the 924 ways to deal the twelve answers say p .18. After a round has closed the answers
    are gone, so the outcome is Welch's alone; decision 0021 says what that costs."""
    from_summaries = judged(Pair(summarised(BEFORE), summarised(AFTER)), {}).primary

    assert permutation_p(BEFORE, AFTER) == pytest.approx(0.18, abs=0.005)
    assert from_summaries.outcome is Outcome.IMPROVED


@pytest.mark.parametrize(
    ("mean", "points", "ceiling"), [(4.5, 5, True), (4.49, 5, False), (6.5, 7, True), (5.0, 7, False)]
)
def test_the_ceiling_begins_half_a_point_below_the_end(mean, points, ceiling):
    assert is_at_ceiling(Summary(6, mean, 0.2), AnswerScale(points)) is ceiling


@pytest.mark.parametrize(("low", "held"), [(-0.3, True), (-0.31, False), (0.1, True)])
def test_a_level_is_held_within_three_tenths(low, held):
    assert is_held(low) is held
