"""A1, A2 and A13: one answer fewer than the threshold, exactly so many, one more, for every kind of cell."""

from collections import Counter
from inspect import signature

import pytest

from feedback360.visibility.inputs import Comment
from feedback360.visibility.leader import decide
from tests.faults.anonymity import figures
from tests.feedback360.rounds_of_answers import leader_round, questionnaire

ITEMS = questionnaire((2, 2))
THRESHOLDS = (3, 4, 5)
COUNTED = ("team", "peers", "colleagues")
KINDS = ("item", "behaviour", "area", "all", "primary")


def rows(raters: int, seen: int | None = None) -> list[list[int]]:
    """Raters of whom so many have seen the items."""
    return [
        [1 + (at + item) % 5 for item in range(len(ITEMS))] if at < (seen or raters) else [0] * 4
        for at in range(raters)
    ]


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("group", COUNTED)
def test_a_group_is_shown_from_the_threshold_on(group: str, threshold: int) -> None:
    few, enough, more = (
        decide(leader_round({group: rows(threshold + by)}, ITEMS, threshold=threshold)) for by in (-1, 0, 1)
    )

    assert (few.cells, few.categories, few.changes) == ((), (), ())
    assert (few.groups[0].asked, few.groups[0].answered, few.groups[0].reason) == (None, None, "too_few")
    assert b'"n":' not in few.to_bytes()
    for release in (enough, more):
        assert {cell.kind for cell in release.cells} == set(KINDS)
        assert all(cell.value is not None for cell in release.cells)


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_each_item_is_counted_by_itself(threshold: int) -> None:
    """Ten raters answered, but this item was seen by one too few; its behaviour then stands on the other item."""
    found = 0
    for by in (-1, 0, 1):
        answers = rows(10)
        for row in answers[threshold + by :]:
            row[0] = 0
        cells = {
            (cell.kind, cell.key): cell
            for cell in decide(leader_round({"team": answers}, ITEMS, threshold=threshold)).cells
        }
        item, behaviour = cells["item", "item-0"], cells["behaviour", "goal_minded"]
        found += by < 0 and item.value is not None

        assert (item.n, item.reason) == ((None, "too_few") if by < 0 else (threshold + by, ""))
        assert by >= 0 or behaviour.value == cells["item", "item-1"].value
    figures.add("AA1", f"an item that one too few have seen, k {threshold}", tried=1, found=found, of="cells")


def test_that_nobody_has_seen_an_item_is_not_told() -> None:
    """It would tell what everybody answered: that they have not seen it."""
    nobody, one = ([[3, 3, 3, 0]] * (6 - seen) + [[3, 3, 3, 4]] * seen for seen in (0, 1))

    assert decide(leader_round({"team": nobody}, ITEMS)) == decide(leader_round({"team": one}, ITEMS))


def test_that_nobody_of_a_group_answered_is_not_told() -> None:
    """It would tell of each of them that they did not."""
    nobody, four = (leader_round({"team": rows(6), "peers": rows(number)}, ITEMS) for number in (0, 4))
    asked = [answers if answers.group == "team" else _asked(answers, 6) for answers in nobody.groups]

    assert decide(_with(nobody, asked)).to_bytes() == decide(four).to_bytes()


def _asked(answers, number: int):
    return type(answers)(answers.group, number, 0, answers.joined, answers.tallies, answers.spreads)


def _with(given, groups):
    return type(given)(given.threshold, given.items, given.questions, given.primary, tuple(groups))


def written(**numbers: int) -> list[Comment]:
    """In an order that does not run group by group."""
    comments = [Comment("keep", group, f"{group} {at}") for group, number in numbers.items() for at in range(number)]
    return sorted(comments, key=lambda comment: comment.text[-1])


def shown(threshold: int = 5, **numbers: int) -> dict[str, int]:
    groups = {group: rows(max(number, threshold)) for group, number in numbers.items()}
    release = decide(leader_round(groups, ITEMS, threshold=threshold, comments=written(**numbers)))
    return {one.group: len(one.texts) for one in release.comments if one.question == "keep"}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_comments_are_shown_from_the_threshold_on(threshold: int) -> None:
    few, enough, more = (shown(threshold, team=threshold + by) for by in (-1, 0, 1))

    assert (few, enough, more) == ({}, {"": threshold}, {"": threshold + 1})
    assert shown(threshold, team=threshold - 1, peers=1) == {"": threshold}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_comments_carry_a_group_only_from_three_more(threshold: int) -> None:
    assert shown(threshold, team=threshold + 3, peers=threshold + 3) == {"peers": threshold + 3, "team": threshold + 3}
    assert shown(threshold, team=threshold + 3, peers=threshold + 2) == {"": 2 * threshold + 5}
    assert shown(threshold, team=threshold + 3, peers=1) == {"": threshold + 4}
    assert shown(threshold, team=threshold + 3) == {"team": threshold + 3}


def test_a_group_that_is_left_out_has_no_comments_either() -> None:
    comments = [*written(team=6), *written(peers=4)]
    release = decide(leader_round({"team": rows(6), "peers": rows(4)}, ITEMS, comments=comments))

    assert [one.texts for one in release.comments] == [tuple(one.text for one in written(team=6))]


def test_comments_of_manager_and_leader_carry_their_name() -> None:
    comments = [*written(team=4, manager=1), Comment("keep", "self", "mine")]
    release = decide(leader_round({"team": rows(6), "manager": rows(1), "self": rows(1)}, ITEMS, comments=comments))

    assert Counter(one.group for one in release.comments) == {"manager": 1, "self": 1}
    assert release.left_out.comment_questions == 2


def test_unlabelled_comments_keep_the_stored_order() -> None:
    comments = written(team=6, peers=6)
    release = decide(leader_round({"team": rows(6), "peers": rows(6)}, ITEMS, comments=comments))

    assert [one.texts for one in release.comments] == [tuple(one.text for one in comments)]


def test_the_fewer_answers_the_coarser_the_numbers() -> None:
    for raters, step in ((5, 0.5), (7, 0.5), (8, 0.1), (12, 0.1)):
        cells = decide(leader_round({"team": rows(raters)}, ITEMS)).cells

        assert {cell.step for cell in cells} == {step}
        assert all((cell.band_low is None) == (cell.agreement is None) for cell in cells)
        assert {cell.band_low is None for cell in cells if cell.kind != "item"} == {step == 0.5}
        assert all(round(cell.value / step, 6).is_integer() for cell in cells if cell.value is not None)


@pytest.mark.parametrize(("raters", "value"), [(3, 4.5), (5, 4.5), (7, 4.5), (8, 4.8), (12, 4.8)])
def test_a_mean_at_the_end_is_a_bound(raters: int, value: float) -> None:
    top, bottom = (
        decide(leader_round({"team": [[answer] * 4] * raters}, ITEMS, threshold=3)).cells for answer in (5, 1)
    )

    assert {(cell.value, cell.bound) for cell in top} == {(value, "at_least")}
    assert {(cell.value, cell.bound) for cell in bottom} == {(round(6 - value, 1), "at_most")}


def test_there_is_nothing_to_filter_by() -> None:
    """AA7, as far as it is pure: what decides takes no question but the round itself, and never a part of it."""
    assert list(signature(decide).parameters) == ["leader_round"]
