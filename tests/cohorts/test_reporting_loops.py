import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.people.reporting_loops import loop_sentence, loops_in
from tests.work import work

LOOPS = {
    "nobody": ({}, []),
    "a line": ({1: [2], 2: [3]}, []),
    "two report to each other": ({1: [2], 2: [1]}, [{1, 2}]),
    "three in a ring, with people below and above": ({0: [1], 1: [2, 9], 2: [3], 3: [1], 9: [10]}, [{1, 2, 3}]),
    "two loops": ({1: [2], 2: [1], 3: [4], 4: [3], 5: [3]}, [{1, 2}, {3, 4}]),
    "a loop by the second of two lines": ({1: [2, 5], 2: [3], 5: [1]}, [{1, 5}]),
}


@pytest.mark.parametrize(("lines", "loops"), LOOPS.values(), ids=LOOPS.keys())
def test_loops_are_found_and_nothing_else(lines, loops):
    assert [set(loop) for loop in loops_in(lines)] == loops


@given(st.dictionaries(st.integers(0, 8), st.sets(st.integers(0, 8), max_size=2), max_size=9))
def test_each_loop_leads_back_to_its_start(lines):
    for loop in loops_in(lines):
        assert all(after in lines[who] for who, after in zip(loop, [*loop[1:], loop[0]], strict=True))


@given(st.permutations(range(8)), st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_lines_that_only_go_up_have_no_loop(order, pairs):
    lines = {who: [above for below, above in pairs if below == who and order[above] > order[who]] for who in range(8)}

    assert loops_in(lines) == []


def test_the_search_grows_with_the_lines_alone():
    def pairs(count):
        return {who: [who ^ 1] for who in range(count)}

    few, many = work(lambda: loops_in(pairs(100))), work(lambda: loops_in(pairs(1000)))

    assert many < few * 15


def test_a_long_loop_is_shortened():
    assert loop_sentence(["A", "B"]) == "A and B report to each other."
    assert loop_sentence(["A", "B", "C"]).endswith("A → B → C → A.")
    assert loop_sentence(list("ABCDEFG")).endswith("A → B → C → D → ….")
