"""How support feels, for groups only."""

from itertools import combinations_with_replacement

import pytest

from coaching.sponsoring.corners import Corner, corner_of, sentence_of
from coaching.sponsoring.felt_support import Felt, FeltFigure, figure_of


def felt(value=4, *, checked_up_on=2, threshold=5):
    return Felt((value, value, value, value, checked_up_on), threshold)


@pytest.mark.parametrize(("leaders", "is_shown"), [(2, False), (4, False), (5, True)])
def test_fewer_than_five_leaders_show_nothing(leaders, is_shown):
    assert (figure_of([felt()] * leaders) is not None) is is_shown


def test_three_are_enough_where_that_was_promised():
    assert figure_of([felt(threshold=3)] * 3) == FeltFigure(4.0, 3)


def test_a_smaller_group_chosen_later_opens_nothing_older():
    older, newer = [felt(threshold=5)] * 3, [felt(threshold=3)]

    assert figure_of([*older, *newer]) is None


def test_feeling_checked_up_on_lowers_the_figure():
    assert figure_of([felt(3, checked_up_on=1)] * 5) == FeltFigure(3.5, 5)
    assert figure_of([felt(3, checked_up_on=5)] * 5) == FeltFigure(2.5, 5)


def test_the_figure_moves_only_with_a_whole_group():
    first = [felt(4)] * 5

    for more in range(1, 5):
        assert figure_of([*first, *[felt(1, checked_up_on=5)] * more]) == figure_of(first)
    assert figure_of([*first, *[felt(1, checked_up_on=5)] * 5]) == FeltFigure(2.5, 10)


def test_no_figure_tells_that_everybody_answered_alike():
    assert figure_of([felt(5, checked_up_on=1)] * 5) == FeltFigure(4.5, 5, "at_least")
    assert figure_of([felt(1, checked_up_on=5)] * 5) == FeltFigure(1.5, 5, "at_most")
    for values in combinations_with_replacement(range(1, 6), 5):
        figure = figure_of([felt(value, checked_up_on=6 - value) for value in values])
        alike = sum(values) * 2 / 10
        assert figure.value % 0.5 == 0
        assert abs(figure.value - alike) <= 0.5


@pytest.mark.parametrize(
    ("follow_through", "value", "corner"),
    [
        (60, 3.5, Corner.THERE),
        (100, 3.0, Corner.BUSY),
        (59, 4.0, Corner.TRUSTED),
        (0, 1.5, Corner.ABSENT),
    ],
)
def test_each_corner_has_its_sentence(follow_through, value, corner):
    assert corner_of(follow_through, value) == corner
    assert sentence_of(corner)
    assert len({sentence_of(each) for each in Corner}) == len(Corner)


def test_busy_but_felt_as_control_is_named():
    assert "control" in sentence_of(Corner.BUSY)
