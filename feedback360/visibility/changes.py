"""Change since the last round, from what both releases printed. Pure.

It tells no more than the two releases side by side, and is still given only where the rater sets allow a comparison.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor

from feedback360.statistics import cohort, verdicts
from feedback360.statistics.change import Pair
from feedback360.statistics.verdicts import Verdict
from feedback360.visibility import figures, rules
from feedback360.visibility.earlier import Earlier, hundredths
from feedback360.visibility.figures import Scale, ScaleFigure, Shown
from feedback360.visibility.inputs import ATTRIBUTED, GroupAnswers
from feedback360.visibility.release import Change

KINDS = ("primary", "behaviour")
SMALLEST_SHARE = 0.5  # of the items of a scale, that must be comparable


@dataclass(frozen=True, slots=True)
class Compared:
    """One scale of one group in two releases; `step` is that of the coarser one."""

    scale: Scale
    pair: Pair
    step: int


def since(earlier: Earlier, shown: Mapping[str, Shown], answers: Mapping[str, GroupAnswers]) -> Iterator[Change]:
    """One group gets verdicts, the others are described (see `statistics.verdicts`)."""
    groups = {
        name: [
            _compared(scale, figure, one, answers[name], earlier)
            for scale, figure in one.scales.items()
            if scale.kind in KINDS
        ]
        for name, one in shown.items()
        if name not in ATTRIBUTED
    }
    claiming = verdicts.claiming_group(
        [
            name
            for name, parts in groups.items()
            if any(part.pair.is_comparable for part in parts if part.scale.kind == "primary")
        ]
    )
    for name, parts in groups.items():
        for part, verdict in _verdicts(parts, is_claiming=name == claiming):
            yield _change(name, part, verdict)


def _verdicts(parts: list[Compared], *, is_claiming: bool) -> Iterator[tuple[Compared, Verdict]]:
    primary = [part for part in parts if part.scale.kind == "primary"]
    behaviours = {part.scale.key: part for part in parts if part.scale.kind == "behaviour"}
    pairs = {key: part.pair for key, part in behaviours.items()}
    if is_claiming:
        (first,) = primary
        judged = verdicts.judged(first.pair, pairs)
        yield first, judged.primary
        yield from ((behaviours[key], verdict) for key, verdict in judged.behaviours.items())
    else:
        described = verdicts.described({part.scale.key: part.pair for part in primary})
        yield from ((part, described[part.scale.key]) for part in primary)
        yield from ((behaviours[key], verdict) for key, verdict in verdicts.described(pairs).items())


def _compared(
    scale: Scale, figure: ScaleFigure | None, now: Shown, answers: GroupAnswers, earlier: Earlier
) -> Compared:
    """Over the items that both releases show and that may stand side by side."""
    if now.group not in earlier.items:
        return Compared(scale, Pair(None, None), rules.FINE)
    then = earlier.items[now.group]
    asked = [key for key in scale.items if key in now.items]
    old = {key: then[key] for key in asked if key in then and then[key].value is not None}
    both = [key for key in old if now.items[key].value is not None]
    usable = [key for key in both if now.items[key].is_comparable]
    is_same = asked == [key for key in scale.items if key in then]
    is_comparable = is_same and len(usable) >= SMALLEST_SHARE * len(both)
    own = earlier.spreads.get(now.group, {}).get(scale.key)
    spread = figures.spread_of(own, earlier.threshold, items=len(old))
    if figure is None or figure.spread is None or not usable or own is None or spread is None:
        return Compared(scale, Pair(None, None, is_comparable=is_comparable), rules.FINE)
    steps_then = [round(100 * old[key].step) for key in usable]
    steps_now = [now.items[key].step for key in usable]
    before = figures.summary_of(
        own.n,
        spread,
        {key: hundredths(old[key]) for key in usable},
        of=len(old),
        error=figures.rounding_error(tuple(steps_then)),
    )
    after = figures.summary_of(
        figure.n,
        figure.spread,
        {key: figure.values[key] for key in usable},
        of=len(figure.values),
        error=figures.rounding_error(tuple(steps_now)),
    )
    suffice = all(
        cohort.enough_responded(cohort.response_rate(invited=invited, answered=answered))
        for invited, answered in (earlier.turnout[now.group], (answers.asked, answers.answered))
    )
    step = rules.COARSE if min(own.n, figure.n) < rules.FINE_FROM else max(figure.step, min(steps_then))
    return Compared(scale, Pair(before, after, is_comparable=is_comparable, responses_suffice=suffice), step)


def _change(group: str, part: Compared, verdict: Verdict) -> Change:
    scale, step, change = part.scale, part.step, verdict.change
    if change is None:
        return Change(group, scale.kind, scale.key, verdict.outcome.value)
    seen = verdict.visible_from
    return Change(
        group,
        scale.kind,
        scale.key,
        verdict.outcome.value,
        value=round(100 * change.value / step) * step / 100,
        low=floor(100 * change.low / step + rules.TINY) * step / 100,
        high=ceil(100 * change.high / step - rules.TINY) * step / 100,
        visible_from=None if seen is None else ceil(100 * seen / rules.FINE - rules.TINY) * rules.FINE / 100,
        ceiling=verdict.is_at_ceiling,
    )
