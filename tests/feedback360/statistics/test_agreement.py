"""Own answers against others', and others among themselves, worked by hand."""

import pytest

from feedback360.statistics.agreement import (
    Category,
    Norm,
    Seen,
    agreement_index,
    agreement_shift,
    category,
    gap,
    gap_interval,
    gap_norm,
    rwg,
    standardised_gap,
)
from feedback360.statistics.summary import AnswerScale, BorrowedSpread, Summary

OVER, UNDER, IN_LINE = Category.OVER, Category.UNDER, Category.IN_LINE


@pytest.mark.parametrize(
    ("own", "others", "value"), [(4.0, 3.25, 0.75), (3.0, 4.5, -1.5), (None, 3, None), (3, None, None)]
)
def test_the_gap_is_own_minus_others(own, others, value):
    assert gap(own, others) == value


# t(.90; 4) = 1.5332: half 1.5332·√(.64/5) = .5485, with own wobble 1.5332·√(.64/5 + .25/5) = .6469
# t(.90; 11) = 1.3634: half 1.3634·√(.36/12) = .2362, with own wobble 1.3634·√(.36/12 + .25/5) = .3856
CATEGORIES = [
    (4.5, Summary(5, 3.5, 0.64), OVER),  # 1.0 − .6469 = .3531 > .25
    (4.35, Summary(5, 3.5, 0.64), Category.CANNOT_TELL),  # .85 − .6469 = .2031, and .3015 without the wobble
    (2.65, Summary(5, 3.5, 0.64), Category.CANNOT_TELL),
    (2.5, Summary(5, 3.5, 0.64), UNDER),
    (3.5, Summary(5, 3.5, 0.64), IN_LINE),  # ± .5485 inside ± .75
    (3.75, Summary(5, 3.5, 0.64), Category.CANNOT_TELL),  # .7985
    (4.0, Summary(12, 3.5, 0.36), IN_LINE),  # .7362
    (4.24, Summary(12, 3.5, 0.36), Category.CANNOT_TELL),  # .74 is no .75, and .9762 is outside
    (4.25, Summary(12, 3.5, 0.36), OVER),  # .75, from .3644
    (4.2, Summary(12, 3.45, 0.36), OVER),  # .75 on paper, .7499… in binary
    (2.7, Summary(12, 3.45, 0.36), UNDER),
    (5.0, Summary(1, 3.0, 0.0), Category.CANNOT_TELL),
    (5.0, Summary(5, 3.0, 0.0), Category.CANNOT_TELL),
    (None, Summary(5, 3.5, 0.64), Category.NOT_SHOWN),
    (4.5, None, Category.NOT_SHOWN),
]


@pytest.mark.parametrize(("own", "others", "expected"), CATEGORIES)
def test_a_category_is_named_only_if_the_interval_allows(own, others, expected):
    assert category(own, others, items=5) is expected


@pytest.mark.parametrize(("items", "expected"), [(1, "not_shown"), (2, "not_shown"), (3, "over")])
def test_a_category_needs_three_items(items, expected):
    assert category(5.0, Summary(8, 3.0, 0.3), items=items) == expected


def test_a_category_of_equal_answers_borrows_the_cohorts_spread():
    lent = BorrowedSpread(0.36, 40)

    assert category(4.5, Summary(5, 3.0, 0.0), items=5, borrowed=lent) is OVER


def test_the_gap_interval_is_eighty_per_cent():
    found = gap_interval(4.5, Summary(5, 3.5, 0.64))

    assert (found.low, found.high) == (pytest.approx(0.4515, abs=0.0002), pytest.approx(1.5485, abs=0.0002))


SHIFTS = [
    (Seen(4.5, 3.0, OVER), Seen(4.0, 3.5, IN_LINE), 1.0),
    (Seen(3.0, 4.0, UNDER), Seen(3.5, 4.0, IN_LINE), 0.5),
    (Seen(4.0, 4.0, IN_LINE), Seen(4.9, 4.0, OVER), -0.9),
    (Seen(4.5, 3.0, OVER), Seen(4.0, 3.5, Category.CANNOT_TELL), None),
    (Seen(4.5, 3.0, Category.NOT_SHOWN), Seen(4.0, 3.5, IN_LINE), None),
    (Seen(3.0, 4.7, UNDER), Seen(3.9, 4.6, IN_LINE), 1.0),  # others fell by .1 on paper: counts
    (Seen(3.0, 4.0, UNDER), Seen(3.5, 3.8, IN_LINE), None),  # closer only because others fell
]


@pytest.mark.parametrize(("before", "after", "shift"), SHIFTS)
def test_a_shift_counts_if_both_rounds_are_certain_and_nobody_fell(before, after, shift):
    assert agreement_shift(before, after) == (None if shift is None else pytest.approx(shift))


INDICES = [
    ({"a": 4, "b": 3}, {"a": 3.0, "b": 4.0}, 75.0),
    ({"a": 4, "b": 3}, {"a": 4.0, "b": 3.0}, 100.0),
    ({"a": 5}, {"a": 1.0}, 0.0),
    ({"a": 5, "b": 3}, {"a": 3.0, "b": 3.0}, 64.645),  # √(4/2) = 1.4142 of 4
    ({"a": 4, "unseen": 5}, {"a": 3.0, "other": 1.0}, 75.0),
]


@pytest.mark.parametrize(("own", "others", "index"), INDICES)
def test_the_agreement_index_is_the_typical_miss(own, others, index):
    assert agreement_index(own, others) == pytest.approx(index, abs=0.001)


@pytest.mark.parametrize(("own", "others"), [({}, {"a": 3.0}), ({"a": 3.0}, {}), ({"a": 3.0}, {"b": 3.0})])
def test_without_common_items_there_is_no_index(own, others):
    assert agreement_index(own, others) is None


def test_the_index_knows_the_width_of_the_answer_scale():
    assert agreement_index({"a": 4}, {"a": 1.0}, AnswerScale(7)) == pytest.approx(50.0)


@pytest.mark.parametrize(("variance", "expected"), [(0.0, 1.0), (0.5, 0.75), (1.0, 0.5), (2.0, 0.0), (3.5, 0.0)])
def test_rwg_compares_with_answers_at_random(variance, expected):
    """Random answers on five points have the variance 24/12 = 2."""
    assert rwg(variance) == expected


def test_rwg_of_seven_points_compares_with_four():
    assert rwg(1.0, AnswerScale(7)) == 0.75


def test_a_norm_needs_thirty_leaders():
    gaps = [0.0, 0.5] * 15

    assert gap_norm("seven-behaviours/1", gaps[:29]) is None
    norm = gap_norm("seven-behaviours/1", gaps)
    assert (norm.leaders, norm.mean) == (30, 0.25)
    assert norm.sd == pytest.approx((30 / 29) ** 0.5 / 4)


def test_a_norm_of_equal_gaps_is_none():
    assert gap_norm("1", [0.5] * 40) is None


NORM = Norm("seven-behaviours/1", 30, 0.2, 0.5)


@pytest.mark.parametrize(
    ("version", "norm", "expected"),
    [("seven-behaviours/1", NORM, 1.6), ("seven-behaviours/2", NORM, None), ("seven-behaviours/1", None, None)],
)
def test_a_gap_is_standardised_only_within_one_version(version, norm, expected):
    assert standardised_gap(1.0, version, norm) == expected
