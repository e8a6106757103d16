"""Where the marks of a run chart go, and that page and paper draw the same."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from cohorts.charts.run_chart import run_chart
from cohorts.charts.run_shapes import (
    DESK,
    HALF,
    PAPER,
    PHONE,
    Bar,
    Bound,
    Layout,
    Limits,
    RunChart,
    RunPoint,
    Shade,
    Strip,
    Target,
)

MONDAY = date(2026, 3, 2)
SQUARE = Layout(width=208, height=100, font=10, dates=2)


def weeks(*values: float) -> list[RunPoint]:
    return [RunPoint(MONDAY + timedelta(weeks=index), value, f"{value:g} %") for index, value in enumerate(values)]


def draw(points: list[RunPoint], layout: Layout = SQUARE, **options: object) -> RunChart:
    return run_chart(points, layout=layout, says=lambda value: f"{value:g}", names=str, **options)  # type: ignore[arg-type]


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)]


def test_a_missing_week_keeps_its_room_on_the_axis() -> None:
    xs = [x for x, _ in places(draw([*weeks(1, 2), RunPoint(MONDAY + timedelta(weeks=4), 3)]).dots)]

    assert xs[1] - xs[0] == pytest.approx((xs[2] - xs[0]) / 4, abs=0.1)


def test_points_come_in_the_order_of_their_dates() -> None:
    points = weeks(1, 2, 3)

    assert draw(points[::-1]) == draw(points)


def test_a_line_starts_anew_where_a_point_says_so() -> None:
    points = weeks(1, 2, 3)
    broken = [*points[:2], RunPoint(points[2].on, 3, starts_anew=True)]

    assert (draw(points).line.count("M"), draw(broken).line.count("M")) == (1, 2)


def test_relative_steps_do_not_drift() -> None:
    points = weeks(*(index % 7 / 3 for index in range(156)))
    chart = draw(points, DESK)
    x, y = places(chart.line)[0]
    for dx, dy in re.findall(r"l(-?[\d.]+) (-?[\d.]+)", chart.line):
        x, y = x + float(dx), y + float(dy)

    assert (x, y) == pytest.approx(places(chart.dots)[-1])


def test_a_week_that_is_not_complete_is_hollow() -> None:
    chart = draw([*weeks(1, 2), RunPoint(MONDAY + timedelta(weeks=2), 3, is_hollow=True)])

    assert (len(places(chart.dots)), len(places(chart.hollow))) == (2, 1)


def test_crowded_points_are_a_line_without_dots() -> None:
    assert len(places(draw(weeks(*range(20))).dots)) == 20
    assert len(places(draw(weeks(*range(60))).dots)) == 1


def test_the_axis_goes_on_to_a_date_ahead() -> None:
    chart = draw(weeks(1, 2), until=MONDAY + timedelta(weeks=2))

    assert places(chart.dots)[-1][0] == pytest.approx((chart.left + chart.right) / 2, abs=0.1)


def test_words_beside_the_newest_point_stay_inside() -> None:
    chart = draw(weeks(1, 2, 3), end_says="71 % now")

    assert chart.end
    assert chart.end.x + len("71 % now") * 5.6 <= SQUARE.width


def test_a_constant_series_has_a_scale_of_its_own() -> None:
    assert len(draw(weeks(0, 0, 0)).grid) >= 2
    assert len(draw(weeks(85)).grid) >= 2


def test_no_two_ticks_say_the_same() -> None:
    chart = run_chart(weeks(0.71, 0.714), layout=SQUARE, says=lambda value: f"{value:.0%}", names=str)

    assert len({line.label.text for line in chart.grid}) == len(chart.grid)


def test_everything_drawn_is_on_the_scale() -> None:
    limits = Limits(5, tuple(Bound(point.on, 2, 9) for point in weeks(1, 2)))
    chart = draw(weeks(4, 6), limits=[limits], target=Target(12, "target 12"))

    assert chart.target
    assert chart.top <= chart.target.y <= chart.bottom
    assert all(chart.top <= float(y) <= chart.bottom for y in re.findall(r"[ML][\d.]+ ([\d.]+)H", chart.areas[0].band))


def test_alike_limits_are_straight_and_others_step() -> None:
    points = weeks(4, 6, 5)
    straight = Limits(5, tuple(Bound(point.on, 2, 9) for point in points))
    steps = Limits(5, tuple(Bound(point.on, 2 + number, 9) for number, point in enumerate(points)))

    assert draw(points, limits=[straight]).areas[0].band.count("H") == 2
    assert draw(points, limits=[steps]).areas[0].band.count("H") == 6


@pytest.mark.parametrize("value", [1, 9])
def test_the_words_of_the_target_stand_away_from_the_points(value: float) -> None:
    chart = draw(weeks(value, value, value, 5, 5, 5, 5, 5), target=Target(5, "at 5"))

    assert chart.target
    assert chart.target.label.anchor == "start"


def test_bars_stand_below_the_same_axis() -> None:
    points = weeks(4, 6, 5)
    outside = Bar(MONDAY - timedelta(weeks=1), 99)
    chart = draw(points, strip=Strip("practices", (outside, Bar(points[1].on, 3))))

    assert chart.strip
    assert chart.strip.path.count("z") == 1
    assert chart.strip.highest.text == "3"
    assert float(chart.strip.path[1:].split(" ")[0]) == pytest.approx(places(chart.dots)[1][0] + 0.5, abs=0.1)
    assert [row.bar for row in chart.rows] == [None, 3, None]


def test_shades_carry_their_word() -> None:
    (shade,) = draw(weeks(1, 2, 3), shades=[Shade(MONDAY, MONDAY + timedelta(days=6), "light")]).shades

    assert (shade.label.text, shade.width > 40) == ("light", True)


def test_a_run_chart_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        draw([])


@pytest.mark.parametrize("layout", [PHONE, HALF, DESK, PAPER])
def test_text_is_at_least_12_units(layout: Layout) -> None:
    assert layout.font >= 12


def test_page_and_paper_draw_with_one_fragment() -> None:
    points = [RunPoint(point.on, point.value, point.says, is_marked=point.value > 5) for point in weeks(4, 6)]
    chart = draw(points, PAPER, target=Target(5.5, "target 5.5"))
    page = render_to_string(
        "components/charts/_run_chart.html",
        {"desk": chart, "phone": draw(points, PHONE), "title": "Higher", "id": "one", "value_heading": "Share"},
    )
    paper = render_to_string("components/charts/_run_chart_printed.html", {"chart": chart, "title": "Higher"})
    drawing = re.search(r"<svg viewBox=\"0 0 660.*?</svg>", paper, re.DOTALL)

    assert drawing
    assert drawing.group() in page
    assert '<td class="number">6 %</td>' in page
    assert "<table" not in paper


def test_a_norwegian_page_keeps_points_in_coordinates() -> None:
    with translation.override("nb"):
        paper = render_to_string(
            "components/charts/_run_chart_printed.html", {"chart": draw(weeks(1, 2, 4), PAPER), "title": "Høyere"}
        )

    assert not re.search(r' [xyd]\d?="[^"]*,', paper)
