"""The figures of one group: values of items, spreads of scales, and what follows from these two. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, sqrt

from feedback360.statistics.student_t import quantile
from feedback360.statistics.summary import Summary
from feedback360.visibility import rules
from feedback360.visibility.earlier import Earlier
from feedback360.visibility.inputs import ATTRIBUTED, NO_ANSWERS, RELATIONS, GroupAnswers, Item
from feedback360.visibility.release import Cell

EIGHT_IN_TEN = 1.28  # standard deviations on either side of the mean
NINE_IN_TEN = 0.95  # upper end of the 90 % interval
EVEN_ERROR = 1 / 12  # variance of rounding to whole steps
LOWEST, HIGHEST = 100, 500


@dataclass(frozen=True, slots=True)
class Scale:
    kind: str  # behaviour · area · all · primary
    key: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """`value` is the printed one in hundredths; None if it is not shown, and `reason` says why."""

    n: int
    value: int | None = None
    bound: str = ""
    step: int = rules.FINE
    reason: str = ""
    is_comparable: bool = True


@dataclass(frozen=True, slots=True)
class ScaleFigure:
    """`values` are the printed values of its shown items. `spread` is a class of `rules.SPREADS`, or None."""

    n: int
    values: Mapping[str, int]
    step: int
    spread: float | None
    agreement: float | None

    def summary(self, items: Mapping[str, int] | None = None) -> Summary | None:
        """Of all its shown items, or of these only."""
        values = self.values if items is None else items
        return summary_of(self.n, self.spread, values, of=len(self.values), step=self.step)


@dataclass(frozen=True, slots=True)
class Shown:
    """One group that is shown. `scales` leaves out those this group is asked nothing of."""

    group: str
    items: Mapping[str, ItemFigure]
    scales: Mapping[Scale, ScaleFigure | None]

    def cells(self) -> Iterator[Cell]:
        for key, item in self.items.items():
            yield _item_cell(self.group, key, item)
        for scale, figure in self.scales.items():
            yield _scale_cell(self.group, scale, figure)


def mean(values: Mapping[str, int]) -> float:
    """Of printed values, in points and not rounded."""
    return sum(values.values()) / (100 * len(values))


def summary_of(n: int, spread: float | None, values: Mapping[str, int], *, of: int, step: int) -> Summary | None:
    """In points, for intervals of the mean of printed values; their rounding is an error of its own.

    The spread was taken over `of` items. Of fewer, a mean varies more between raters: at most by their number.
    """
    if spread is None:
        return None
    rounding = EVEN_ERROR * (step / 100) ** 2 / len(values)
    return Summary(n, mean(values), spread**2 * of / len(values) + n * rounding)


@lru_cache(maxsize=256)
def scales_of(items: tuple[Item, ...], primary: str) -> tuple[Scale, ...]:
    """Behaviours, areas, all items, and the primary scale: a behaviour, a pair of them, or all."""
    named = primary.split("+")
    return (
        *(
            Scale("behaviour", key, _keys(items, behaviour=key))
            for key in dict.fromkeys(one.behaviour for one in items)
        ),
        *(Scale("area", key, _keys(items, area=key)) for key in dict.fromkeys(one.area for one in items)),
        Scale("all", "all", _keys(items)),
        Scale("primary", primary, tuple(one.key for one in items if primary == "all" or one.behaviour in named)),
    )


def _keys(items: tuple[Item, ...], *, behaviour: str = "", area: str = "") -> tuple[str, ...]:
    return tuple(
        item.key
        for item in items
        if item.behaviour == (behaviour or item.behaviour) and item.area == (area or item.area)
    )


@lru_cache(maxsize=256)
def asked_of(items: tuple[Item, ...], group: str) -> tuple[str, ...]:
    return tuple(item.key for item in items if item.asked_of & RELATIONS[group])


def shown(
    answers: GroupAnswers,
    *,
    items: tuple[Item, ...],
    scales: tuple[Scale, ...],
    threshold: int,
    earlier: tuple[Earlier, ...],
) -> Shown:
    """What one group shows; the caller has decided that the group is shown."""
    asked = asked_of(items, answers.group)
    if answers.group in ATTRIBUTED:
        figures = {key: _attributed(answers.tallies.get(key, NO_ANSWERS)) for key in asked}
    else:
        figures = {key: _counted(key, answers, threshold, earlier) for key in asked}
    return Shown(
        answers.group,
        figures,
        {
            scale: _scale(scale, answers, figures, threshold)
            for scale in scales
            if not figures.keys().isdisjoint(scale.items)
        },
    )


def _attributed(tally: tuple[int, ...]) -> ItemFigure:
    """Manager and self are told before they answer that their answers carry their name."""
    n = sum(tally)
    return ItemFigure(n, rules.rounded(_total(tally), n, rules.FINE)) if n else ItemFigure(0, reason="not_seen")


def _counted(key: str, answers: GroupAnswers, threshold: int, earlier: tuple[Earlier, ...]) -> ItemFigure:
    tally = answers.tallies.get(key, NO_ANSWERS)
    n = sum(tally)
    if not rules.is_enough(n, threshold):
        return ItemFigure(n, reason="too_few")
    comparable = [
        one.is_comparable(key, n, group=answers.group, answered=answers.answered, threshold=threshold)
        for one in earlier
    ]
    step = rules.step_of(n, is_told_apart=not all(comparable))
    value, bound = rules.printed(_total(tally), n, step)
    return ItemFigure(n, value, bound, step, is_comparable=all(comparable[-1:]))


def _total(tally: tuple[int, ...]) -> int:
    one, two, three, four, five = tally
    return 100 * (one + 2 * two + 3 * three + 4 * four + 5 * five)


def _scale(scale: Scale, answers: GroupAnswers, items: Mapping[str, ItemFigure], threshold: int) -> ScaleFigure | None:
    """None if no item of the scale is shown."""
    parts = {key: items[key] for key in scale.items if key in items and items[key].value is not None}
    if not parts:
        return None
    values = {key: part.value for key, part in parts.items() if part.value is not None}
    fewest, step = min(part.n for part in parts.values()), max(part.step for part in parts.values())
    own = answers.spreads.get(scale.key)
    if answers.group in ATTRIBUTED or own is None or own.variance is None or not rules.is_enough(own.n, threshold):
        return ScaleFigure(fewest, values, step, None, None)
    step = max(step, rules.step_of(own.n, is_told_apart=False))
    agreement = rules.agreement([answers.tallies[key] for key in values]) if step == rules.FINE else None
    return ScaleFigure(own.n, values, step, rules.spread_class(own.variance), agreement)


def _item_cell(group: str, key: str, item: ItemFigure) -> Cell:
    if item.value is None:
        return Cell(group, "item", key, reason=item.reason)
    return Cell(group, "item", key, n=item.n, value=item.value / 100, bound=item.bound, step=item.step / 100)


def _scale_cell(group: str, scale: Scale, figure: ScaleFigure | None) -> Cell:
    if figure is None:
        return Cell(group, scale.kind, scale.key, reason="not_seen" if group in ATTRIBUTED else "too_few")
    total, parts = sum(figure.values.values()), len(figure.values)
    if group in ATTRIBUTED:
        value = rules.rounded(total, parts, rules.FINE)
        return Cell(group, scale.kind, scale.key, n=figure.n, value=value / 100)
    value, bound = rules.printed(total, parts, figure.step)
    low, high = _around(value, _half_width(figure), figure.step)
    band_low, band_high = (
        _around(value, EIGHT_IN_TEN * figure.spread, rules.COARSE)
        if figure.spread is not None and figure.step == rules.FINE
        else (None, None)
    )
    return Cell(
        group, scale.kind, scale.key, figure.n, value / 100, bound, figure.step / 100, low, high, band_low, band_high,
        figure.agreement,
    )  # fmt: skip


def _half_width(figure: ScaleFigure) -> float | None:
    """Of the 90 % interval of the mean around the printed value, whose own rounding counts too."""
    summary = figure.summary()
    if summary is None:
        return None
    rounding = EVEN_ERROR * (figure.step / 100) ** 2
    return quantile(NINE_IN_TEN, summary.n - 1) * sqrt(summary.variance / summary.n + rounding)


def _around(value: int, half: float | None, step: int) -> tuple[float | None, float | None]:
    """Ends in points, rounded outward to the step and cut off at the ends of the answer scale."""
    if half is None:
        return None, None
    low = floor((value - 100 * half) / step + rules.TINY) * step
    high = ceil((value + 100 * half) / step - rules.TINY) * step
    return max(low, LOWEST) / 100, min(high, HIGHEST) / 100
