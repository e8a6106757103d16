"""What leaves the wall: `feedback360.visibility.decide`, for any answers and any skipped items."""

from hypothesis import given
from hypothesis import strategies as st

from feedback360.visibility import Release
from feedback360.visibility.inputs import Comment, LeaderRound
from feedback360.visibility.leader import decide
from tests.feedback360.rounds_of_answers import Rows, as_earlier, leader_round, questionnaire

ITEMS = questionnaire((3, 2))
COUNTED = ("team", "peers", "colleagues")

rater = st.lists(st.integers(0, 5), min_size=len(ITEMS), max_size=len(ITEMS))


@st.composite
def rounds(draw: st.DrawFn) -> tuple[LeaderRound, dict[str, Rows]]:
    names = draw(st.sampled_from([("team",), ("team", "peers"), ("colleagues",), ("team", "peers", "manager", "self")]))
    rows = {name: draw(st.lists(rater, max_size=2 if name in {"manager", "self"} else 12)) for name in names}
    comments = [
        Comment(question, name, f"{question} {name} {at}")
        for question in ("keep", "change")
        for name in names
        for at in range(draw(st.integers(0, len(rows[name]))))
    ]
    comments = draw(st.permutations(comments))
    return leader_round(rows, ITEMS, threshold=draw(st.sampled_from([3, 4, 5])), comments=comments), rows


def later(draw_round: tuple[LeaderRound, dict[str, Rows]], before: LeaderRound, changed: int) -> LeaderRound:
    now, rows = draw_round
    earlier = as_earlier(before, decide(before), dict.fromkeys(rows, changed))
    return leader_round(rows, ITEMS, threshold=now.threshold, comments=now.comments, earlier=[earlier])


@given(drawn=rounds(), before=rounds(), changed=st.integers(0, 24))
def test_no_cell_has_fewer_answers_than_the_threshold(drawn, before, changed) -> None:
    given_round = later(drawn, before[0], changed)

    release = decide(given_round)

    for cell in release.cells:
        if cell.group in COUNTED:
            assert (cell.n is None) == (cell.value is None)
            assert cell.n is None or cell.n >= given_round.threshold
            assert cell.value is not None or (cell.low, cell.band_low, cell.agreement) == (None, None, None)
    for group in release.groups:
        assert group.group not in COUNTED or group.shown == (len(drawn[1][group.group]) >= given_round.threshold)
        assert group.shown or group.group not in COUNTED or (group.asked, group.answered) == (None, None)


@given(drawn=rounds())
def test_numbers_of_answers_are_those_that_were_given(drawn) -> None:
    given_round, rows = drawn
    places = {item.key: at for at, item in enumerate(ITEMS)}

    for cell in decide(given_round).cells:
        if cell.kind == "item" and cell.n is not None:
            assert cell.n == sum(row[places[cell.key]] > 0 for row in rows[cell.group])


@given(drawn=rounds())
def test_comments_come_out_by_question_and_only_when_enough_wrote(drawn) -> None:
    given_round, _rows = drawn
    written = given_round.comments
    release = decide(given_round)
    counted = {group.group for group in release.groups if group.shown and group.group in COUNTED}

    for one in release.comments:
        if one.group not in {"manager", "self"}:
            writers = [c for c in written if c.question == one.question and c.group in counted]
            assert len(writers) >= given_round.threshold
            assert one.group == "" or len(one.texts) >= given_round.threshold + 3
            assert one.texts == tuple(c.text for c in writers if one.group in {"", c.group})


@given(drawn=rounds(), before=rounds(), changed=st.integers(0, 24))
def test_a_release_survives_its_bytes_and_repeats(drawn, before, changed) -> None:
    given_round = later(drawn, before[0], changed)
    content = decide(given_round).to_bytes()

    assert decide(given_round).to_bytes() == content
    assert Release.from_bytes(content) == decide(given_round)
    assert Release.from_bytes(content).to_bytes() == content
