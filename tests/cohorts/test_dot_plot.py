"""Where the marks of a dot plot go."""

from dataclasses import replace

import pytest

from cohorts.charts.dot_plot import DESK, PAPER, PHONE, Answer, Layout, Mark, Who, dot_plot
from cohorts.charts.geometry import Tick

TICKS = [Tick(number, f"word {number}") for number in range(1, 6)]
HALF = Layout(left=20, right=60, row_height=40, is_stacked=False)
ENCOURAGING = Answer("Encouraging", "You 1.2 higher", 9, group=3.1, person=3.5, yourself=4.3, most=(2.3, 3.9))


def test_the_scale_runs_from_the_lowest_to_the_highest_word() -> None:
    plot = dot_plot([replace(ENCOURAGING, group=1, person=3, yourself=5)], ticks=TICKS, layout=HALF)

    assert plot.lines == (20, 30, 40, 50, 60)
    assert [mark.x for mark in plot.rows[0].marks] == [20, 40, 60]


def test_each_value_has_a_mark_of_its_own_kind_and_yourself_lies_on_top() -> None:
    marks = dot_plot([ENCOURAGING], ticks=TICKS, layout=HALF).rows[0].marks

    assert [mark.who for mark in marks] == [Who.GROUP, Who.PERSON, Who.YOURSELF]


@pytest.mark.parametrize(("yourself", "is_ring"), [(3.1, True), (3.14, True), (3.5, True), (3.2, False), (4.3, False)])
def test_equal_values_are_a_ring_around_the_dot(yourself: float, *, is_ring: bool) -> None:
    marks = dot_plot([replace(ENCOURAGING, yourself=yourself)], ticks=TICKS, layout=HALF).rows[0].marks

    assert marks[-1].is_ring is is_ring
    assert not any(mark.is_ring for mark in marks[:-1])


def test_what_is_hidden_has_no_mark() -> None:
    row = dot_plot([replace(ENCOURAGING, group=None, person=None, most=None)], ticks=TICKS, layout=HALF).rows[0]

    assert (row.marks, row.band) == ((Mark(Who.YOURSELF, 53.0, is_ring=False),), None)


def test_the_band_spans_where_most_answers_lie() -> None:
    band = dot_plot([replace(ENCOURAGING, most=(2, 4))], ticks=TICKS, layout=HALF).rows[0].band

    assert band is not None
    assert (band.x, band.end) == (30, 50)


def test_words_of_the_scale_that_would_run_into_each_other_are_left_out_on_paper() -> None:
    short = [Tick(number, word) for number, word in enumerate(("Never", "Rarely", "Now", "Often", "Always"), 1)]
    long = [Tick(tick.value, f"{tick.label} and then, says who") for tick in short]
    plots = [dot_plot([ENCOURAGING], ticks=ticks, layout=PAPER) for ticks in (short, long)]

    assert [len(plot.words) for plot in plots] == [5, 3]
    assert [len(plot.lines) for plot in plots] == [5, 5]


@pytest.mark.parametrize("layout", [DESK, PHONE])
def test_rows_keep_their_order_and_do_not_overlap(layout: Layout) -> None:
    names = ["Encouraging", "Clear", "Understanding"]

    plot = dot_plot([replace(ENCOURAGING, label=name) for name in names], ticks=TICKS, layout=layout)

    assert [row.answer.label for row in plot.rows] == names
    steps = [after.y - before.y for before, after in zip(plot.rows, plot.rows[1:], strict=False)]
    assert steps == [layout.row_height] * 2
    assert plot.rows[-1].y + 10 <= plot.height


def test_a_phone_shows_three_words_of_the_scale_flush_with_its_edges() -> None:
    plot = dot_plot([ENCOURAGING], ticks=TICKS, layout=PHONE)

    assert [(word.x, word.label, word.anchor) for word in plot.words] == [
        (0, "word 1", "start"),
        (50, "word 3", "middle"),
        (100, "word 5", "end"),
    ]
    assert all(row.words_y < row.y - 10 for row in plot.rows)


@pytest.mark.parametrize(
    ("answers", "ticks"),
    [([], TICKS), ([ENCOURAGING], TICKS[:1]), ([replace(ENCOURAGING, group=5.2)], TICKS)],
)
def test_what_cannot_be_drawn_is_refused(answers: list[Answer], ticks: list[Tick]) -> None:
    with pytest.raises(ValueError, match=r"row|ticks|scale"):
        dot_plot(answers, ticks=ticks, layout=DESK)
