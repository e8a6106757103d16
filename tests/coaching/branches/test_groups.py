from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.branches.groups import Range, added, cells_of, range_of, share_of
from coaching.disclosure import MIN_PEOPLE

CELLS = {
    "nobody": ({}, []),
    "too few altogether": ({"a": 4}, []),
    "two small groups are one of five": ({"a": 2, "b": 3}, [["a", "b"]]),
    "each alone": ({"a": 5, "b": 6}, [["a"], ["b"]]),
    "the smallest joins one that would be left": ({"a": 5, "b": 9, "c": 4}, [["b"], ["c", "a"]]),
    "small groups that are enough together": ({"a": 8, "b": 3, "c": 2}, [["a"], ["b", "c"]]),
    "an empty group hides nothing": ({"a": 5, "b": 0}, [["a"]]),
    "one that would be left joins the only other": ({"a": 5, "b": 1}, [["b", "a"]]),
}


@pytest.mark.parametrize(("people", "cells"), CELLS.values(), ids=CELLS.keys())
def test_groups_are_shown_alone_or_together(people, cells):
    assert cells_of(people) == cells


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 12), max_size=7))
def test_no_sum_or_difference_of_cells_speaks_of_fewer_than_five(people):
    cells = cells_of(people)
    sizes = [sum(people[key] for key in cell) for cell in cells]
    whole = sum(people.values())

    assert len({key for cell in cells for key in cell}) == sum(map(len, cells))
    if whole < MIN_PEOPLE:
        assert cells == []
        return
    for count in range(len(sizes) + 1):
        for chosen in combinations(sizes, count):
            assert sum(chosen) == 0 or sum(chosen) >= MIN_PEOPLE
            assert whole - sum(chosen) == 0 or whole - sum(chosen) >= MIN_PEOPLE


RANGES = {
    "four people": ((1, 1, 1, 1), None),
    "all at the top": ((0, 0, 0, 5), Range(75, 100)),
    "the middle half of eight": ((2, 2, 2, 2), Range(0, 75)),
    "two ends": ((3, 0, 0, 3), Range(0, 100)),
    "one low person does not move it": ((1, 0, 0, 9), Range(75, 100)),
    "one high person does not move it": ((9, 0, 0, 1), Range(0, 25)),
}


@pytest.mark.parametrize(("bands", "shown"), RANGES.values(), ids=RANGES.keys())
def test_a_range_holds_the_middle_half_in_quarters(bands, shown):
    assert range_of(bands) == shown


@pytest.mark.parametrize(
    ("count", "people", "shown"),
    [(4, 4, None), (0, 5, Range(0, 25)), (5, 5, Range(75, 100)), (2, 8, Range(25, 50)), (3, 4, None)],
)
def test_a_share_is_shown_as_the_quarter_it_lies_in(count, people, shown):
    assert share_of(count, people) == shown


def test_groups_together_are_added_band_by_band():
    assert added([(1, 0, 0, 2), (0, 3, 0, 1)]) == (1, 3, 0, 3)
    assert added([]) == (0, 0, 0, 0)
