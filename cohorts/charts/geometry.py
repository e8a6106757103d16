"""Chart geometry. Pure: dates and numbers in, frozen shapes out; no words, clock or database.

One unit is one user unit of the SVG: a CSS pixel on a phone, where the drawings are about 360 wide. Their text is
at least 8.5 pt on paper, where a strip takes 95 mm or, when it is long, the whole width, and a line chart 74 mm.
Shapes carry the fill and stroke of the printed page; on screen the style sheet overrides them by class, so both themes
work. Every day differs by shape or pattern, not by colour alone, and reads in grey. A day without practice is quiet,
never an alarm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

HALF_PAGE_WEEKS = 15  # as many as 95 mm hold
CELL = 21
PITCH = 25
WEEKDAY_GUTTER = 38
WEEK_GUTTER = 20

INK, QUIET_INK, PAPER = "#0e5f58", "#55625f", "#ffffff"


class DayState(StrEnum):
    """The state of one day of the path."""

    DONE = "done"
    FILLED_IN = "filled-in"  # practised, and logged up to three days later
    NOT_TODAY = "not-today"  # logged as "not today"
    QUIET = "quiet"  # a working day without a log
    PAUSED = "paused"
    FREE = "free"  # a day off, a weekend, a holiday
    TODAY = "today"  # can still be logged
    AHEAD = "ahead"


@dataclass(frozen=True)
class Day:
    """One date of the path. `number` is its programme day, or None while paused."""

    on: date
    state: DayState
    number: int | None = None


@dataclass(frozen=True)
class Look:
    """How a state is printed: the square, and the mark inside it in fractions of the square."""

    fill: str
    stroke: str
    stroke_width: float = 1
    mark: str = ""
    mark_stroke: str = QUIET_INK


LOOKS = {
    DayState.DONE: Look(INK, INK, mark="check", mark_stroke=PAPER),
    DayState.FILLED_IN: Look("#dcebe5", INK, 1.5, mark="check", mark_stroke=INK),
    DayState.NOT_TODAY: Look("#f9e5d8", "#a04418", mark="dash", mark_stroke="#a04418"),
    DayState.QUIET: Look("#efe8db", "#efe8db", mark="dot"),
    DayState.PAUSED: Look("#f8ebc9", "#f8ebc9", mark="hatch", mark_stroke="#5c4507"),
    DayState.FREE: Look("#f6f1e8", "#f6f1e8"),
    DayState.TODAY: Look(PAPER, "#a04418", 3),
    DayState.AHEAD: Look("none", "#857f70"),
}


@dataclass(frozen=True)
class Cell:
    day: Day
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Group:
    """All days of one state, drawn alike: their squares, and their marks as one path.

    `sample` and `sample_mark` are one square at the origin, for the legend.
    """

    state: DayState
    cells: tuple[Cell, ...]
    marks: str
    sample: Cell
    sample_mark: str
    css_class: str
    fill: str
    stroke: str
    stroke_width: float
    mark_class: str
    mark_stroke: str


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class HeatStrip:
    """Weeks from left to right, Monday on top. `is_long` asks for the whole width."""

    width: float
    height: float
    groups: tuple[Group, ...]
    weekdays: tuple[Text, ...]
    weeks: tuple[Text, ...]
    is_long: bool


def heat_strip(days: Sequence[Day], *, weekday_names: Sequence[str]) -> HeatStrip:
    """Place `days` on a calendar, in any order. `weekday_names` are seven, Monday first; empty ones are left out.

    Raises ValueError when there is no day to place.
    """
    if not days:
        raise ValueError("a heat strip needs at least one day")
    first_monday = _monday(min(day.on for day in days))
    columns = (_monday(max(day.on for day in days)) - first_monday).days // 7 + 1
    return HeatStrip(
        width=WEEKDAY_GUTTER + columns * PITCH,
        height=WEEK_GUTTER + 7 * PITCH,
        groups=tuple(
            _group(state, alike, first_monday)
            for state in DayState
            if (alike := sorted((day for day in days if day.state is state), key=lambda day: day.on))
        ),
        weekdays=tuple(
            Text(0, WEEK_GUTTER + row * PITCH + CELL * 0.7, name) for row, name in enumerate(weekday_names) if name
        ),
        weeks=tuple(
            Text(WEEKDAY_GUTTER + column * PITCH + CELL / 2, WEEK_GUTTER - 8, str(column + 1))
            for column in range(0, columns, 2)
        ),
        is_long=columns > HALF_PAGE_WEEKS,
    )


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _group(state: DayState, days: Sequence[Day], first_monday: date) -> Group:
    look = LOOKS[state]
    corners = [_corner(day, first_monday) for day in days]
    return Group(
        state=state,
        cells=tuple(_cell(day, *corner, look) for day, corner in zip(days, corners, strict=True)),
        marks="".join(_mark(look.mark, *corner) for corner in corners),
        sample=_cell(days[0], 2, 2, look),
        sample_mark=_mark(look.mark, 2, 2),
        css_class=f"day day-{state}",
        fill=look.fill,
        stroke=look.stroke,
        stroke_width=look.stroke_width,
        mark_class=f"mark mark-{state}",
        mark_stroke=look.mark_stroke,
    )


def _corner(day: Day, first_monday: date) -> tuple[float, float]:
    column = (day.on - first_monday).days // 7
    return WEEKDAY_GUTTER + column * PITCH, WEEK_GUTTER + day.on.weekday() * PITCH


def _cell(day: Day, x: float, y: float, look: Look) -> Cell:
    # A stroke extends half outside its rectangle: shrink it, so that all squares align.
    inset = look.stroke_width / 2
    side = CELL - look.stroke_width
    return Cell(day=day, x=x + inset, y=y + inset, width=side, height=side)


# Each mark is strokes, each stroke a chain of points in units inside the square.
MARKS = {
    "": (),
    "check": (((6, 11), (9.5, 14.5), (15.5, 7)),),
    "dash": (((6.5, 10.5), (14.5, 10.5)),),
    "dot": (((10, 10.5), (11, 10.5)),),
    "hatch": (((4, 11), (11, 4)), ((5, 17), (17, 5)), ((11, 18), (18, 11))),
}


def _mark(name: str, x: float, y: float) -> str:
    return "".join(_path([(x + dx, y + dy) for dx, dy in stroke]) for stroke in MARKS[name])


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points))


WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 348, 14, 160


@dataclass(frozen=True)
class Series:
    """One line. None leaves a gap: unknown is not zero."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Tick:
    value: float
    label: str


@dataclass(frozen=True)
class GridLine:
    y: float
    x1: float
    x2: float
    label: Text


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: float
    label: str


@dataclass(frozen=True)
class Line:
    name: str
    path: str
    points: tuple[Point, ...]
    css_class: str
    point_class: str
    stroke: str
    dashes: str
    point_fill: str
    point_stroke: str
    point_radius: float


@dataclass(frozen=True)
class Row:
    """One label of the table beside the chart, with the value of each line; None where a line has a gap."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class LineChart:
    width: float
    height: float
    grid: tuple[GridLine, ...]
    labels: tuple[Text, ...]
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Scale:
    """Maps a value to a position: lowest tick at the bottom, highest at the top."""

    low: float
    high: float
    steps: int

    def x(self, index: int) -> float:
        return round(LEFT + 8 + (RIGHT - LEFT - 16) * (index / max(self.steps - 1, 1)), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - (BOTTOM - TOP) * min(max(share, 0), 1), 1)


def line_chart(series: Sequence[Series], *, labels: Sequence[str], ticks: Sequence[Tick]) -> LineChart:
    """One or two lines over the same `labels`, between the lowest and the highest of `ticks`.

    Raises ValueError for more than two lines, for fewer than two different ticks, or when a line and the labels differ
    in length: a third line belongs in a second chart.
    """
    if len(series) > 2 or any(len(one.values) != len(labels) for one in series):
        raise ValueError("one or two lines, each as long as the labels")
    scale = Scale(min(tick.value for tick in ticks), max(tick.value for tick in ticks), len(labels))
    if scale.low == scale.high:
        raise ValueError("two different ticks are needed")
    every = -(-len(labels) // 7)
    return LineChart(
        width=WIDTH,
        height=HEIGHT,
        grid=tuple(_grid_line(tick, scale) for tick in ticks),
        labels=tuple(
            Text(scale.x(index), BOTTOM + 20, label) for index, label in enumerate(labels) if index % every == 0
        ),
        lines=tuple(_line(one, order, labels, scale) for order, one in enumerate(series)),
        rows=tuple(row for row in _rows(series, labels) if set(row.values) != {None}),
    )


def _rows(series: Sequence[Series], labels: Sequence[str]) -> Iterator[Row]:
    for number, label in enumerate(labels):
        yield Row(label, tuple(one.values[number] for one in series))


def _grid_line(tick: Tick, scale: Scale) -> GridLine:
    y = scale.y(tick.value)
    return GridLine(y, LEFT, RIGHT, Text(LEFT - 8, y + 4, tick.label))


def _line(series: Series, order: int, labels: Sequence[str], scale: Scale) -> Line:
    is_second = order == 1
    points = [
        Point(scale.x(index), scale.y(value), value, labels[index]) if value is not None else None
        for index, value in enumerate(series.values)
    ]
    return Line(
        name=series.name,
        path="".join(_path([(point.x, point.y) for point in run]) for run in _runs(points)),
        points=tuple(point for point in points if point),
        css_class="line line-2" if is_second else "line",
        point_class="point point-2" if is_second else "point",
        stroke="#a04418" if is_second else INK,
        dashes="5 4" if is_second else "none",
        point_fill=PAPER if is_second else INK,
        point_stroke="#a04418" if is_second else PAPER,
        point_radius=7 if is_second else 4,  # where both are equal, a ring around the dot
    )


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """The runs of points between gaps."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]
