"""Where the marks of a dot plot with range bands go. Pure: numbers in, frozen shapes out; no words, no database.

Across, positions are per cent of the drawing's width, so text keeps its size at any width; down, they are pixels. On
paper, whose width is known, both are pixels.
Shape carries meaning before colour: hollow is yourself, a filled circle the group, a diamond one named person, a bar
where most answers lie. Two equal values are a ring around the dot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cohorts.charts.geometry import Tick

SAME = 0.05
Across = Callable[[float], float]


class Who(StrEnum):
    """Whose value a mark is."""

    GROUP = "group"
    PERSON = "person"
    YOURSELF = "yourself"


@dataclass(frozen=True)
class Answer:
    """One row: its `label`, what it `says`, and how many (`n`) the group's value comes from. None is not shown.

    `group_says` is the group's value in the words of the table, where it is more than a number.
    """

    label: str
    says: str
    n: int | None
    group: float | None = None
    person: float | None = None
    yourself: float | None = None
    most: tuple[float, float] | None = None
    is_strong: bool = False
    group_says: str = ""


@dataclass(frozen=True)
class Layout:
    """The scale runs from `left` to `right`, in per cent or pixels; `is_stacked` puts the words above the marks.

    `letter_width` of the words of the scale, on average and in the same unit; 0 where the drawing's width is not known.
    """

    left: float
    right: float
    row_height: int
    is_stacked: bool
    letter_width: float = 0


DESK = Layout(left=21, right=78, row_height=40, is_stacked=False)
PHONE = Layout(left=3, right=97, row_height=50, is_stacked=True)
PAPER = Layout(left=170, right=500, row_height=30, is_stacked=False, letter_width=6)
HEAD = 34


@dataclass(frozen=True)
class Mark:
    who: Who
    x: float
    is_ring: bool


@dataclass(frozen=True)
class Band:
    x: float
    end: float


@dataclass(frozen=True)
class PlotRow:
    """`y` is the middle of the marks, `words_y` the line the words stand on, `rule_y` the hairline below them."""

    answer: Answer
    y: float
    words_y: float
    ground_y: float
    rule_y: float
    band: Band | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class ScaleWord:
    x: float
    label: str
    anchor: str


@dataclass(frozen=True)
class DotPlot:
    height: float
    head: float
    foot: float
    is_stacked: bool
    lines: tuple[float, ...]
    words: tuple[ScaleWord, ...]
    rows: tuple[PlotRow, ...]

    @property
    def has_bands(self) -> bool:
        return any(row.band for row in self.rows)

    @property
    def has_counts(self) -> bool:
        return any(row.answer.n is not None for row in self.rows)


def dot_plot(answers: Sequence[Answer], *, ticks: Sequence[Tick], layout: Layout) -> DotPlot:
    """Place `answers` in their order between the lowest and the highest of `ticks`.

    Raises ValueError without answers, with fewer than two different ticks, or for a value outside of them.
    """
    if not answers:
        raise ValueError("a dot plot needs at least one row")
    low, high = min(tick.value for tick in ticks), max(tick.value for tick in ticks)
    if low == high:
        raise ValueError("two different ticks are needed")

    def across(value: float) -> float:
        if not low <= value <= high:
            raise ValueError("a value outside of the scale")
        return round(layout.left + (layout.right - layout.left) * (value - low) / (high - low), 2)

    rows = []
    for number, answer in enumerate(answers):
        top = HEAD + number * layout.row_height
        y = top + (35 if layout.is_stacked else layout.row_height / 2)
        words_y = top + 18 if layout.is_stacked else y + 4.5
        band = Band(across(answer.most[0]), across(answer.most[1])) if answer.most else None
        rows.append(PlotRow(answer, y, words_y, words_y - 16, top + layout.row_height, band, _marks(answer, across)))
    height = HEAD + len(answers) * layout.row_height
    is_crowded = layout.is_stacked or not _fit(ticks, across, layout.letter_width)
    shown = [ticks[0], ticks[len(ticks) // 2], ticks[-1]] if is_crowded and len(ticks) > 3 else ticks
    return DotPlot(
        height=height,
        head=HEAD - 6,
        foot=height,
        is_stacked=layout.is_stacked,
        lines=tuple(across(tick.value) for tick in ticks),
        words=tuple(_word(tick, ticks, across(tick.value), layout) for tick in shown),
        rows=tuple(rows),
    )


def _fit(ticks: Sequence[Tick], across: Across, letter_width: float) -> bool:
    """Whether words of the scale, each centred on its line, leave a letter's room between them."""
    return all(
        (len(left.label) + len(right.label) + 2) / 2 * letter_width <= across(right.value) - across(left.value)
        for left, right in pairwise(ticks)
    )


def _marks(answer: Answer, across: Across) -> tuple[Mark, ...]:
    """From below to above: the group, the named person, yourself."""
    values = ((Who.GROUP, answer.group), (Who.PERSON, answer.person), (Who.YOURSELF, answer.yourself))
    return tuple(
        Mark(who, across(value), is_ring=who is Who.YOURSELF and _hides(value, answer))
        for who, value in values
        if value is not None
    )


def _hides(yourself: float, answer: Answer) -> bool:
    """Whether a dot here would lie on another mark."""
    return any(other is not None and abs(yourself - other) < SAME for other in (answer.group, answer.person))


def _word(tick: Tick, ticks: Sequence[Tick], x: float, layout: Layout) -> ScaleWord:
    """On a phone the outer words stand flush with the edges of the drawing."""
    if layout.is_stacked and tick is ticks[0]:
        return ScaleWord(0, tick.label, "start")
    if layout.is_stacked and tick is ticks[-1]:
        return ScaleWord(100, tick.label, "end")
    return ScaleWord(x, tick.label, "middle")
