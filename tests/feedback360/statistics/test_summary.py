"""Raters' means, their summary and its interval, worked by hand."""

from random import Random

import pytest

from feedback360.statistics.summary import (
    AnswerScale,
    BorrowedSpread,
    Summary,
    behaviour_level,
    borrowed_spread,
    mean_interval,
    rater_mean,
    spread_of,
    summarised,
)

RATER_MEANS = [([4, 3, 5], 4.0), ([4, None, 5], 4.5), ([None, None, 2], 2.0), ([None, None], None), ([], None)]


@pytest.mark.parametrize(("answers", "mean"), RATER_MEANS)
def test_a_rater_counts_only_the_items_they_have_seen(answers, mean):
    assert rater_mean(answers) == mean


# pre of I2: mean 20/6, squares 4·(1/3)² + 2·(2/3)² = 4/3, over 5
SUMMARIES = [
    ([3, 3, 4, 3, 4, 3], Summary(6, 20 / 6, 4 / 15)),
    ([4, 4, 4, 3, 5, 4], Summary(6, 4.0, 0.4)),
    ([1, 5], Summary(2, 3.0, 8.0)),
    ([4.5, None, 3.5], Summary(2, 4.0, 0.5)),
    ([3], Summary(1, 3.0, 0.0)),
]


@pytest.mark.parametrize(("means", "expected"), SUMMARIES)
def test_the_variance_is_over_raters_with_n_minus_1(means, expected):
    found = summarised(means)

    assert found.n == expected.n
    assert found.mean == pytest.approx(expected.mean)
    assert found.variance == pytest.approx(expected.variance)


@pytest.mark.parametrize("means", [[], [None], [None, None]])
def test_nobody_who_has_seen_anything_is_no_summary(means):
    assert summarised(means) is None


def test_the_order_of_raters_does_not_change_their_summary():
    means = [Random(1).choice([3, 10 / 3, 11 / 3, 4.1]) for _ in range(50)]

    assert len({summarised(Random(seed).sample(means, 50)) for seed in range(20)}) == 1


@pytest.mark.parametrize(("n", "variance"), [(0, 0.0), (3, -0.1)])
def test_a_summary_of_nobody_or_negative_spread_is_refused(n, variance):
    with pytest.raises(ValueError):
        Summary(n, 3.0, variance)


LEVELS = [([4.0, 3.0], 3.5), ([4.0, None, 3.0], 3.5), ([None, None], None), ([], None)]


@pytest.mark.parametrize(("items", "level"), LEVELS)
def test_an_item_nobody_saw_is_left_out_of_the_level(items, level):
    assert behaviour_level(items) == level


def test_a_level_is_the_mean_of_items_not_of_answers():
    """Item A: 2 from four raters, item B: 4 from one. The mean of the five answers would be 2.4."""
    assert behaviour_level([2.0, 4.0]) == 3.0


# t(.95; 4) = 2.1318, √(.64/5) = .35777 · t(.90; 4) = 1.5332
INTERVALS = [
    (Summary(5, 3.5, 0.64), 0.90, 2.7373, 4.2627),
    (Summary(5, 3.5, 0.64), 0.80, 2.9515, 4.0485),
    (Summary(7, 4.1, 0.3), 0.90, 3.6977, 4.5023),  # t(.95; 6) = 1.9432, √(.3/7) = .20702
    (Summary(3, 4.6, 0.64), 0.90, 3.2513, 5.0),  # t(.95; 2) = 2.9200, cut off at 5
    (Summary(2, 1.5, 0.5), 0.90, 1.0, 4.6569),  # t(.95; 1) = 6.3138, √(.5/2) = .5
]


@pytest.mark.parametrize(("summary", "level", "low", "high"), INTERVALS)
def test_the_interval_of_a_mean_is_students(summary, level, low, high):
    found = mean_interval(summary, level=level)

    assert (found.low, found.high) == (pytest.approx(low, abs=0.0002), pytest.approx(high, abs=0.0002))


def test_the_interval_ends_where_the_answer_scale_does():
    assert mean_interval(Summary(3, 6.5, 1.0), scale=AnswerScale(7)).high == 7.0


@pytest.mark.parametrize("summary", [Summary(1, 4.0, 0.0), Summary(3, 4.0, 0.0), Summary(6, 13 / 3, 1e-31)])
def test_no_interval_comes_from_zero_spread(summary):
    assert mean_interval(summary) is None


def test_equal_answers_borrow_the_spread_of_the_cohort():
    """I3. t(.95; 28) = 1.7011, √(.36/3) = .34641"""
    found = mean_interval(Summary(3, 3.0, 0.0), borrowed=BorrowedSpread(0.36, 28))

    assert (found.low, found.high) == (pytest.approx(2.4107, abs=0.0002), pytest.approx(3.5893, abs=0.0002))


def test_own_spread_wins_over_the_borrowed_one():
    assert spread_of(Summary(3, 3.0, 0.5), BorrowedSpread(0.36, 28)) == BorrowedSpread(0.5, 2)


def test_one_rater_borrows_nothing():
    assert spread_of(Summary(1, 3.0, 0.0), BorrowedSpread(0.36, 28)) is None


def test_the_borrowed_spread_is_pooled_over_leaders():
    """(9·.4 + 19·.6) / 28 = 15/28"""
    found = borrowed_spread([Summary(10, 3.0, 0.4), Summary(20, 4.5, 0.6)])

    assert found.variance == pytest.approx(15 / 28)
    assert found.df == 28


@pytest.mark.parametrize(("sizes", "lends"), [((9, 20), False), ((10, 20), True), ((30,), True), ((1,) * 30, False)])
def test_a_cohort_lends_its_spread_from_thirty_answers_on(sizes, lends):
    assert (borrowed_spread([Summary(n, 3.0, 0.4 if n > 1 else 0.0) for n in sizes]) is not None) is lends


def test_a_cohort_without_spread_lends_none():
    assert borrowed_spread([Summary(20, 3.0, 0.0), Summary(20, 4.0, 0.0)]) is None
