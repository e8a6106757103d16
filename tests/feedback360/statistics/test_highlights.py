"""Strengths, hidden strengths and blind spots at their edges."""

import pytest

from feedback360.statistics.highlights import highlights

EDGES = [
    (4.5, 3.74, "blind"),
    (4.5, 3.75, ""),  # not below 3.75
    (4.24, 3.5, ""),  # gap .74
    (4.2, 3.45, "blind"),  # .75 on paper, .7499… in binary
    (3.4, 4.15, "hidden"),  # the same the other way
    (3.0, 4.01, "hidden"),
    (3.0, 4.0, "strength"),  # not above 4
    (3.5, 4.2, "strength"),  # gap .7
    (5.0, 4.0, "strength"),
    (4.0, 3.99, ""),
    (None, 4.0, "strength"),
    (None, 2.0, ""),
]


@pytest.mark.parametrize(("own", "others", "where"), EDGES)
def test_an_item_is_in_at_most_one_list(own, others, where):
    found = highlights({} if own is None else {"item": own}, {"item": others})

    lists = {"strength": found.strengths, "hidden": found.hidden_strengths, "blind": found.blind_spots}
    assert [name for name, items in lists.items() if items] == ([where] if where else [])


def test_each_list_has_five_at_most_with_the_clearest_first():
    others = {f"low{at}": 1.0 + at / 10 for at in range(7)} | {f"high{at}": 4.1 + at / 10 for at in range(7)}
    own = {item: 5.0 if item.startswith("low") else 3.0 for item in others}

    found = highlights(own, others)

    assert found.blind_spots == ("low0", "low1", "low2", "low3", "low4")
    assert found.hidden_strengths == ("high6", "high5", "high4", "high3", "high2")
    assert found.strengths == ()
    assert highlights({}, others).strengths == ("high6", "high5", "high4", "high3", "high2")


def test_an_item_only_the_leader_answered_is_no_highlight():
    assert highlights({"item": 5.0}, {}) == highlights({}, {})
