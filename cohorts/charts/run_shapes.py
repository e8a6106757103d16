"""What a run chart is made of, and its frozen shapes, ready to print. Pure.

Shape carries meaning before colour: a hollow point is not complete yet, a ringed one is a signal, a whisker is an
interval, a pale band is where points of a steady process lie.
"""

from dataclasses import dataclass
from datetime import date

from cohorts.charts.geometry import GridLine, Text


@dataclass(frozen=True)
class RunPoint:
    """One value. `says` and `note` are its words in the table, `interval` where the true value probably lies."""

    on: date
    value: float
    says: str = ""
    note: str = ""
    is_hollow: bool = False
    is_quiet: bool = False
    is_marked: bool = False
    starts_anew: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bound:
    """Between what a point of a steady process lies on a date."""

    on: date
    low: float
    high: float


@dataclass(frozen=True)
class Limits:
    """The limits of one stretch of the chart: one bound a point, all alike or each its own."""

    mean: float
    bounds: tuple[Bound, ...]


@dataclass(frozen=True)
class Target:
    value: float
    says: str


@dataclass(frozen=True)
class Shade:
    """Days with something in common, such as a light week, and the word for it."""

    start: date
    end: date
    says: str


@dataclass(frozen=True)
class Bar:
    on: date
    value: float


@dataclass(frozen=True)
class Strip:
    """A second, quiet series below the same axis, as bars, such as practices a week. Each bar is `days` wide."""

    says: str
    bars: tuple[Bar, ...]
    days: int = 7


@dataclass(frozen=True)
class Layout:
    width: int
    height: int
    font: float
    dates: int


PHONE = Layout(width=316, height=190, font=13, dates=2)
HALF = Layout(width=430, height=180, font=12.5, dates=3)
SMALL = Layout(width=340, height=180, font=13.5, dates=2)  # one for phone and desk: a page with many charts
DESK = Layout(width=720, height=260, font=12.5, dates=5)
PAPER = Layout(width=660, height=190, font=12, dates=4)


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Area:
    """Limits as drawn: the band and the mean in it, as paths."""

    band: str
    mean: str


@dataclass(frozen=True)
class ShadeBox:
    x: float
    width: float
    label: Text


@dataclass(frozen=True)
class TargetLine:
    y: float
    label: Label


@dataclass(frozen=True)
class StripShape:
    path: str
    y: float
    label: Text
    highest: Text


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    on: date
    says: str
    note: str
    bar: float | None


@dataclass(frozen=True)
class RunChart:
    """All paths are ready to print. `dots`, `hollow` and `quiet` are points of no length, drawn by their round ends."""

    width: int
    height: int
    font: float
    left: float
    right: float
    top: float
    bottom: float
    grid: tuple[GridLine, ...]
    dates: tuple[Label, ...]
    shades: tuple[ShadeBox, ...]
    areas: tuple[Area, ...]
    target: TargetLine | None
    whiskers: str
    line: str
    weight: float
    dots: str
    hollow: str
    quiet: str
    rings: str
    end: Label | None
    strip: StripShape | None
    rows: tuple[Row, ...]

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def shade_height(self) -> float:
        return self.bottom - self.top
