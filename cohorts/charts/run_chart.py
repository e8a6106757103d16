"""A run chart: values by date on a true time axis. Pure: dates and numbers in, frozen shapes out.

One unit is a pixel at the width of the layout. The page shows the drawing that fits the room it has, so that text never
gets smaller than 12 px; paper has a drawing of its own. A point is joined to the one before it, unless it says that the
line starts anew there. The shapes are in `run_shapes.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from math import ceil, floor, log10

from cohorts.charts.geometry import GridLine, Text
from cohorts.charts.run_shapes import (
    Area,
    Label,
    Layout,
    Limits,
    Row,
    RunChart,
    RunPoint,
    Shade,
    ShadeBox,
    Strip,
    StripShape,
    Target,
    TargetLine,
)

Says = Callable[[float], str]
Names = Callable[[date], str]


TOP = 18
STRIP_ROOM, STRIP_HEIGHT = 56, 34
DOTS_FROM = 5  # Closer points, in pixels, are a line without dots.
LETTER = 0.56  # Average width of a letter, in font sizes.


@dataclass(frozen=True)
class _Scale:
    start: date
    days: int
    left: float
    right: float
    low: float
    high: float
    bottom: float

    def x(self, on: date, shift: float = 0) -> float:
        share = ((on - self.start).days + shift) / self.days
        return round(self.left + (self.right - self.left) * min(max(share, 0), 1), 1)

    def y(self, value: float) -> float:
        return round(self.bottom - (self.bottom - TOP) * (value - self.low) / (self.high - self.low), 1)

    def at(self, point: RunPoint) -> tuple[float, float]:
        return self.x(point.on), self.y(point.value)


def run_chart(
    points: Sequence[RunPoint],
    *,
    layout: Layout,
    says: Says,
    names: Names,
    until: date | None = None,
    target: Target | None = None,
    limits: Sequence[Limits] = (),
    shades: Sequence[Shade] = (),
    strip: Strip | None = None,
    end_says: str = "",
) -> RunChart:
    """Place `points`, in any order, on a time axis to the last of them or `until`.

    `says` writes a number, `names` a date, `end_says` stands beside the newest point. Raises ValueError without points.
    """
    if not points:
        raise ValueError("a run chart needs at least one point")
    points = sorted(points, key=lambda point: point.on)
    low, high = _range(points, target, limits)
    ticks = _ticks(low, high, says)
    left = round(max(len(tick) for _, tick in ticks) * LETTER * layout.font + 8, 1)
    start, end = points[0].on, max(until or points[-1].on, points[-1].on)
    days = max((end - start).days, 1)
    bottom = layout.height - 26
    scale = _Scale(
        start=start,
        days=days,
        left=left,
        right=_right(layout, left, (points[-1].on - start).days / days, end_says),
        low=low,
        high=high,
        bottom=bottom,
    )
    places = [scale.at(point) for point in points]
    is_dense = len(points) > 1 and (places[-1][0] - places[0][0]) / (len(points) - 1) < DOTS_FROM
    end_label = Label(round(places[-1][0] + 9, 1), round(places[-1][1] + 4.5, 1), end_says) if end_says else None
    whole = [place for point, place in zip(points, places, strict=True) if not point.is_hollow and not point.is_quiet]
    foot = bottom + (STRIP_ROOM if strip else 0)
    return RunChart(
        width=layout.width,
        height=layout.height + (STRIP_ROOM if strip else 0),
        font=layout.font,
        left=left,
        right=scale.right,
        top=TOP,
        bottom=bottom,
        grid=tuple(
            GridLine(scale.y(value), left, scale.right, Text(left - 8, scale.y(value) + 4.5, tick))
            for value, tick in ticks
        ),
        dates=_dates(scale, end, layout, foot + 19, names),
        shades=tuple(_shade(shade, scale) for shade in shades),
        areas=tuple(_area(one, scale) for one in limits if one.bounds),
        target=_target(target, scale, places, end_label, layout) if target else None,
        whiskers="".join(
            f"M{x:g} {scale.y(point.interval[0]):g}V{scale.y(point.interval[1]):g}"
            for point, (x, _) in zip(points, places, strict=True)
            if point.interval
        ),
        line=_line(points, places),
        weight=1.5 if is_dense else 2,
        dots=_dots(whole[-1:] if is_dense else whole),
        hollow=_dots([place for point, place in zip(points, places, strict=True) if point.is_hollow]),
        quiet=_dots([place for point, place in zip(points, places, strict=True) if point.is_quiet]),
        rings=_rings([place for point, place in zip(points, places, strict=True) if point.is_marked]),
        end=end_label,
        strip=_strip(strip, scale, foot) if strip else None,
        rows=_rows(points, strip),
    )


def _range(points: Sequence[RunPoint], target: Target | None, limits: Sequence[Limits]) -> tuple[float, float]:
    """All that is drawn, and some air."""
    values = [point.value for point in points]
    values += [edge for point in points if point.interval for edge in point.interval]
    values += [edge for one in limits for bound in one.bounds for edge in (bound.low, bound.high)]
    if target:
        values.append(target.value)
    low, high = min(values), max(values)
    air = (high - low) * 0.08 or abs(high) * 0.05 or 1
    return low - air, high + air


def _ticks(low: float, high: float, says: Says) -> list[tuple[float, str]]:
    """Two to four round numbers, each with its own words."""
    rough = (high - low) / 3
    step = 10 ** floor(log10(rough))
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= rough)
    values = [number * step for number in range(ceil(low / step), floor(high / step) + 1)]
    if len(values) < 2:
        values = [number * step / 2 for number in range(ceil(2 * low / step), floor(2 * high / step) + 1)]
    words = {says(value): value for value in values}
    return [(value, word) for word, value in words.items()]


def _right(layout: Layout, left: float, share: float, end_says: str) -> float:
    """Where the axis ends: further left, if the words beside the newest point need the room."""
    right = layout.width - 8.0
    if end_says and share:
        room = layout.width - 10 - len(end_says) * LETTER * layout.font
        right = min(right, left + (room - left) / share)
    return round(right, 1)


def _line(points: Sequence[RunPoint], places: Sequence[tuple[float, float]]) -> str:
    """Relative steps: half the bytes of coordinates."""
    path = []
    last = (0, 0)
    for index, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        here = (round(x * 10), round(y * 10))
        if index == 0 or point.starts_anew:
            path.append(f"M{x:g} {y:g}")
        else:
            path.append(f"l{(here[0] - last[0]) / 10:g} {(here[1] - last[1]) / 10:g}")
        last = here
    return "".join(path)


def _dots(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"M{x:g} {y:g}h.01" for x, y in places)


def _rings(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"M{x - 7:g} {y:g}a7 7 0 1 0 14 0a7 7 0 1 0-14 0" for x, y in places)


def _area(limits: Limits, scale: _Scale) -> Area:
    """Steps half-way between points, so that each point has its own limits above and below it."""
    places = [scale.x(bound.on) for bound in limits.bounds]
    edges = [places[0] - 3, *((one + two) / 2 for one, two in pairwise(places)), places[-1] + 3]
    steps = []
    for (low, high), alike in groupby(
        enumerate(limits.bounds), key=lambda numbered: (numbered[1].low, numbered[1].high)
    ):
        numbers = [number for number, _ in alike]
        steps.append((edges[numbers[0]], edges[numbers[-1] + 1], scale.y(low), scale.y(high)))
    above = "".join(f"{'L' if index else 'M'}{x:g} {high:g}H{end:g}" for index, (x, end, _, high) in enumerate(steps))
    below = "".join(f"L{end:g} {low:g}H{x:g}" for x, end, low, _ in reversed(steps))
    return Area(band=f"{above}{below}Z", mean=f"M{edges[0]:g} {scale.y(limits.mean):g}H{edges[-1]:g}")


def _shade(shade: Shade, scale: _Scale) -> ShadeBox:
    x, end = scale.x(shade.start), scale.x(shade.end, 1)
    return ShadeBox(x, round(max(end - x, 2), 1), Text(round((x + end) / 2, 1), scale.bottom - 6, shade.says))


def _target(
    target: Target, scale: _Scale, places: Sequence[tuple[float, float]], end: Label | None, layout: Layout
) -> TargetLine:
    """Its words stand where fewest points are near: left or right, above or below the line."""
    y = scale.y(target.value)
    width = len(target.says) * LETTER * layout.font
    taken = [*places, (end.x, end.y), (end.x + width, end.y)] if end else list(places)

    def room(anchor: str, middle: float) -> float:
        low, high = (scale.left, scale.left + width) if anchor == "start" else (scale.right - width, scale.right)
        return min((abs(place_y - middle) for x, place_y in taken if low - 6 <= x <= high + 6), default=999)

    spots = [
        (anchor, shift) for anchor in ("end", "start") for shift in (-9, 9) if TOP - 8 <= y + shift <= scale.bottom
    ]
    anchor, shift = max(spots, key=lambda spot: min(room(spot[0], y + spot[1]), 20))
    x = scale.left + 2 if anchor == "start" else scale.right
    return TargetLine(y, Label(x, round(y + shift + 4.5, 1), target.says, anchor))


def _dates(scale: _Scale, end: date, layout: Layout, y: float, names: Names) -> tuple[Label, ...]:
    """First and last date at the ends of the axis, others evenly between them."""
    days = (end - scale.start).days
    if not days:
        return (Label(scale.left, y, names(end)),)
    count = min(layout.dates, max(days // 7 + 1, 2))
    dates = [date.fromordinal(scale.start.toordinal() + round(days * number / (count - 1))) for number in range(count)]
    anchors = ["start", *["middle"] * (count - 2), "end"]
    return tuple(Label(scale.x(on), y, names(on), anchor) for on, anchor in zip(dates, anchors, strict=True))


def _strip(strip: Strip, scale: _Scale, foot: float) -> StripShape:
    bars = [bar for bar in strip.bars if 0 <= (bar.on - scale.start).days <= scale.days]
    highest = max((bar.value for bar in bars), default=0)
    path = []
    for bar in bars:
        if bar.value:
            x, end = scale.x(bar.on) + 0.5, scale.x(bar.on, strip.days) - 0.5
            height = STRIP_HEIGHT * bar.value / highest
            path.append(f"M{x:.1f} {foot:g}v{-height:.1f}h{max(end - x, 1):.1f}v{height:.1f}z")
    return StripShape(
        path="".join(path),
        y=foot,
        label=Text(scale.left, foot - STRIP_HEIGHT - 6, strip.says),
        highest=Text(scale.left - 8, foot - STRIP_HEIGHT + 9, f"{highest:g}"),
    )


def _rows(points: Sequence[RunPoint], strip: Strip | None) -> tuple[Row, ...]:
    """Newest first."""
    bars = {bar.on: bar.value for bar in strip.bars} if strip else {}
    return tuple(Row(point.on, point.says, point.note, bars.get(point.on)) for point in reversed(points))
