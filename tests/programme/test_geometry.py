"""Where the marks of the two charts go."""

from datetime import date, timedelta

import pytest

from cohorts.charts.geometry import LOOKS, MARKS, Day, DayState, Row, Series, Tick, heat_strip, line_chart

MONDAY = date(2026, 3, 2)
NAMES = ["Mon", "", "Wed", "", "Fri", "", ""]
TICKS = [Tick(0, "0 %"), Tick(50, "50 %"), Tick(100, "100 %")]


def days(count: int, state: DayState = DayState.DONE, first: date = MONDAY) -> list[Day]:
    return [Day(first + timedelta(days=number), state, number + 1) for number in range(count)]


def cells(strip):
    return {cell.day.on: cell for group in strip.groups for cell in group.cells}


def test_a_week_is_one_column_with_monday_on_top():
    placed = cells(heat_strip(days(8), weekday_names=NAMES))

    column = [placed[MONDAY + timedelta(days=number)] for number in range(7)]
    assert {cell.x for cell in column} == {column[0].x}
    assert [cell.y - column[0].y for cell in column] == [0, 25, 50, 75, 100, 125, 150]
    assert placed[MONDAY + timedelta(days=7)].x - column[0].x == 25


def test_a_path_that_starts_on_thursday_keeps_its_weekdays():
    thursday = MONDAY + timedelta(days=3)

    placed = cells(heat_strip(days(5, first=thursday), weekday_names=NAMES))

    assert placed[thursday].y > placed[MONDAY + timedelta(days=7)].y
    assert placed[MONDAY + timedelta(days=7)].x - placed[thursday].x == 25


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (7, 1), (8, 2), (90, 13), (97, 14)])
def test_the_drawing_is_as_wide_as_its_weeks(count, columns):
    strip = heat_strip(days(count), weekday_names=NAMES)

    assert (strip.width, strip.height) == (38 + columns * 25, 195)
    assert [week.text for week in strip.weeks] == [str(number) for number in range(1, columns + 1, 2)]
    assert [weekday.text for weekday in strip.weekdays] == ["Mon", "Wed", "Fri"]


def test_days_alike_are_one_group_in_the_order_of_the_states():
    some = [
        *days(2, DayState.AHEAD, MONDAY + timedelta(days=5)),
        *days(3),
        Day(MONDAY + timedelta(days=3), DayState.QUIET),
    ]

    groups = heat_strip(some, weekday_names=NAMES).groups

    assert [(group.state, len(group.cells)) for group in groups] == [("done", 3), ("quiet", 1), ("ahead", 2)]
    assert [group.marks.count("M") for group in groups] == [3, 1, 0]


def test_every_square_ends_on_the_same_line_however_thick_its_edge():
    edges = set()
    for state in DayState:
        cell = heat_strip([Day(MONDAY, state)], weekday_names=NAMES).groups[0].cells[0]
        edges.add((cell.x - LOOKS[state].stroke_width / 2, cell.x + cell.width + LOOKS[state].stroke_width / 2))

    assert edges == {(38, 59)}


def test_no_two_states_look_alike_in_grey():
    def grey(colour: str) -> int | None:
        if colour == "none":
            return None
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return round((red * 0.3 + green * 0.59 + blue * 0.11) / 24)

    looks = {(look.mark, grey(look.fill), grey(look.stroke), look.stroke_width) for look in LOOKS.values()}

    assert len(looks) == len(LOOKS) == len(DayState)
    assert {look.mark for look in LOOKS.values()} == set(MARKS)


def test_a_strip_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        heat_strip([], weekday_names=NAMES)


def test_a_line_goes_from_the_lowest_tick_to_the_highest():
    chart = line_chart([Series("Practised", (0, 50, 100))], labels=["1", "2", "3"], ticks=TICKS)

    points = chart.lines[0].points
    assert [point.y for point in points] == [160, 87, 14] == [line.y for line in chart.grid]
    assert [point.x for point in points] == [54, 197, 340]


def test_what_is_not_known_is_a_gap_and_not_zero():
    chart = line_chart([Series("Practised", (10, 20, None, 30))], labels=["1", "2", "3", "4"], ticks=TICKS)

    line = chart.lines[0]
    assert line.path.count("M") == 2
    assert [point.label for point in line.points] == ["1", "2", "4"]


def test_values_beyond_the_ticks_stay_in_the_drawing():
    chart = line_chart([Series("Practised", (-5, 120))], labels=["1", "2"], ticks=TICKS)

    assert [point.y for point in chart.lines[0].points] == [160, 14]


def test_a_second_line_differs_by_dashes_and_hollow_points():
    chart = line_chart([Series("With", (1, 2)), Series("Without", (2, 1))], labels=["1", "2"], ticks=TICKS)

    first, second = chart.lines
    assert (first.dashes, second.dashes) == ("none", "5 4")
    assert first.point_fill != second.point_fill


def test_where_both_lines_agree_one_is_a_ring_around_the_other():
    chart = line_chart([Series("With", (1, 2)), Series("Without", (1, 2))], labels=["1", "2"], ticks=TICKS)

    first, second = chart.lines
    assert [(point.x, point.y) for point in first.points] == [(point.x, point.y) for point in second.points]
    assert second.point_radius >= first.point_radius + 2  # as wide as its own edge


def test_the_table_has_a_row_for_each_label_that_has_a_value():
    chart = line_chart(
        [Series("With", (1, None, None)), Series("Without", (2, 1, None))], labels=["1", "2", "3"], ticks=TICKS
    )

    assert chart.rows == (Row("1", (1, 2)), Row("2", (None, 1)))


@pytest.mark.parametrize(
    ("count", "shown"), [(1, ["1"]), (7, list("1234567")), (13, ["1", "3", "5", "7", "9", "11", "13"])]
)
def test_labels_are_thinned_to_seven(count, shown):
    labels = [str(number) for number in range(1, count + 1)]

    chart = line_chart([Series("Practised", (1.0,) * count)], labels=labels, ticks=TICKS)

    assert [label.text for label in chart.labels] == shown


@pytest.mark.parametrize(
    ("series", "ticks"),
    [
        ([Series("Short", (1,))], TICKS),
        ([Series("One", (1, 2))] * 3, TICKS),
        ([Series("Flat", (1, 2))], [Tick(3, "3")]),
    ],
)
def test_what_cannot_be_drawn_is_refused(series, ticks):
    with pytest.raises(ValueError, match=r"needed|as long as"):
        line_chart(series, labels=["1", "2"], ticks=ticks)
