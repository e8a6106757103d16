"""The figures of one group: values of items, spreads of scales, and what follows from these two. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, sqrt

from feedback360.statistics.student_t import quantile
from feedback360.statistics.summary import Summary
from feedback360.visibility import rules
from feedback360.visibility.earlier import Earlier
from feedback360.visibility.inputs import ATTRIBUTED, NO_ANSWERS, RELATIONS, GroupAnswers, Item, Spread, Tally
from feedback360.visibility.release import Cell

EIGHT_IN_TEN = 1.28  # standard deviations on either side of the mean
NINE_IN_TEN = 0.95  # upper end of the 90 % interval
EVEN_ERROR = 1 / 12  # variance of rounding to whole steps
LOWEST, HIGHEST = 100, 500


@dataclass(frozen=True, slots=True, eq=False)  # `scales_of` makes each once, so it is its own key
class Scale:
    kind: str  # behaviour · area · all · primary
    key: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ItemFigure:
    """`value` is the printed one in hundredths; None if it is not shown, `reason` says why, and `n` is 0."""

    n: int
    value: int | None = None
    bound: str = ""
    step: int = rules.FINE
    reason: str = ""
    is_comparable: bool = True


TOO_FEW = ItemFigure(0, reason="too_few")
NOT_SEEN = ItemFigure(0, reason="not_seen")


@dataclass(frozen=True, slots=True)
class ScaleFigure:
    """`values` are the printed values of its shown items, `error` the variance that their rounding adds to the mean.

    `spread` is a class of `rules.SPREADS`, or None. Steps and values are in hundredths, `error` in points.
    """

    n: int
    values: Mapping[str, int]
    step: int
    error: float
    spread: float | None = None
    agreement: float | None = None

    def summary(self, values: Mapping[str, int] | None = None) -> Summary | None:
        """Of all its shown items, or of some. None where no spread is shown."""
        if self.spread is None:
            return None
        some = self.values if values is None else values
        return summary_of(self.n, self.spread, some, of=len(self.values), error=self.error)


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


def spread_of(own: Spread | None, threshold: int, *, items: int) -> float | None:
    """The class of a scale's spread over so many shown items; None where there are too few answers for one."""
    if own is None or own.variance is None or not rules.has_spread(own.n, threshold):
        return None
    return rules.spread_class(own.variance, own.n, items)


@lru_cache(maxsize=4096)
def rounding_error(steps: tuple[int, ...]) -> float:
    """The variance that rounding each item to its step adds to their mean, in points."""
    return sum(EVEN_ERROR * (step / 100) ** 2 for step in steps) / len(steps) ** 2


def summary_of(n: int, spread: float, values: Mapping[str, int], *, of: int, error: float) -> Summary:
    """In points, for intervals of the mean of printed values; their rounding is an error of its own.

    The spread was taken over `of` items. Of fewer, a mean varies more between raters: at most by their number.
    """
    return Summary(n, mean(values), spread**2 * of / len(values) + n * error)


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


@lru_cache(maxsize=65_536)
def _attributed(tally: Tally) -> ItemFigure:
    """Manager and self are told before they answer that their answers carry their name."""
    n = sum(tally)
    return ItemFigure(n, rules.rounded(_total(tally), n, rules.FINE)) if n else NOT_SEEN


def _counted(key: str, answers: GroupAnswers, threshold: int, earlier: tuple[Earlier, ...]) -> ItemFigure:
    tally = answers.tallies.get(key, NO_ANSWERS)
    n = sum(tally)
    if not rules.is_enough(n, threshold):
        return TOO_FEW
    comparable = [one.is_comparable(key, n, answers=answers, threshold=threshold) for one in earlier]
    step = rules.step_of(n, is_told_apart=not all(comparable))
    return _printed(n, _total(tally), step, all(comparable[-1:]))


@lru_cache(maxsize=65_536)
def _printed(n: int, total: int, step: int, is_comparable: bool) -> ItemFigure:
    value, bound = rules.printed(total, n, step)
    return ItemFigure(n, value, bound, step, is_comparable=is_comparable)


def _total(tally: Tally) -> int:
    one, two, three, four, five = tally
    return 100 * (one + 2 * two + 3 * three + 4 * four + 5 * five)


def _scale(scale: Scale, answers: GroupAnswers, items: Mapping[str, ItemFigure], threshold: int) -> ScaleFigure | None:
    """None if no item of the scale is shown. Coarse where its raters are few, or most of its items are coarse."""
    parts = [(key, item) for key in scale.items if (item := items.get(key)) is not None and item.value is not None]
    if not parts:
        return None
    values = {key: item.value for key, item in parts if item.value is not None}
    steps = tuple([item.step for _key, item in parts])
    coarse = 2 * steps.count(rules.COARSE) > len(steps)
    own = None if answers.group in ATTRIBUTED else answers.spreads.get(scale.key)
    spread = spread_of(own, threshold, items=len(values))
    if own is None or spread is None:
        fewest = min([item.n for _key, item in parts])
        return ScaleFigure(fewest, values, rules.COARSE if coarse else rules.FINE, rounding_error(steps))
    step = rules.step_of(own.n, is_told_apart=coarse)
    agreement = None
    if step == rules.FINE:
        agreement = rules.agreement([answers.tallies[key] for key, item in parts if item.step == rules.FINE])
    return ScaleFigure(own.n, values, step, rounding_error(steps), spread, agreement)


@lru_cache(maxsize=65_536)
def _item_cell(group: str, key: str, item: ItemFigure) -> Cell:
    if item.value is None:
        return Cell(group, "item", key, reason=item.reason)
    return Cell(group, "item", key, item.n, item.value / 100, item.bound, item.step / 100)


def _scale_cell(group: str, scale: Scale, figure: ScaleFigure | None) -> Cell:
    if figure is None:
        return Cell(group, scale.kind, scale.key, reason="not_seen" if group in ATTRIBUTED else "too_few")
    total, parts, step = sum(figure.values.values()), len(figure.values), figure.step
    if group in ATTRIBUTED:
        return Cell(group, scale.kind, scale.key, figure.n, rules.rounded(total, parts, rules.FINE) / 100)
    value, bound = rules.printed(total, parts, step)
    low = high = band_low = band_high = None
    if figure.spread is not None:
        low, high = _interval(value, figure.n, figure.spread, step, figure.error)
        if step == rules.FINE:
            band_low, band_high = _around(value, EIGHT_IN_TEN * figure.spread, rules.COARSE)
    return Cell(
        group, scale.kind, scale.key, figure.n, value / 100, bound, step / 100, low, high, band_low, band_high,
        figure.agreement,
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def _interval(value: int, n: int, spread: float, step: int, error: float) -> tuple[float, float]:
    """90 % of the mean, around the printed value, whose own rounding counts too."""
    printing = rounding_error((step,))
    return _around(value, quantile(NINE_IN_TEN, n - 1) * sqrt(spread**2 / n + error + printing), step)


@lru_cache(maxsize=65_536)
def _around(value: int, half: float, step: int) -> tuple[float, float]:
    """Ends in points, rounded outward to the step and cut off at the ends of the answer scale."""
    low = floor((value - 100 * half) / step + rules.TINY) * step
    high = ceil((value + 100 * half) / step - rules.TINY) * step
    return max(low, LOWEST) / 100, min(high, HIGHEST) / 100
