"""What a leader's report may claim about change: three outcomes, one primary scale first. Pure.

I1. The primary scale (the mean of the focus behaviours' items) is named before anybody answers and judged at the 90 %
interval. It is the gatekeeper: only where it improved are the seven behaviours asked whether they improved, with Holm's
adjustment, and only where it declined whether they declined. So one false *improved* anywhere in a report is as rare as
a false *improved* of the one scale. For the same reason only one group of a report is judged (`claiming_group`): each
further group would bring its own five per cent. The others are described: value and interval, no verb.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from feedback360.statistics.change import ALPHA, MIN_RATERS, Change, Outcome, Pair, change_of, is_at_ceiling

CLAIMING_GROUPS = ("team", "colleagues", "peers")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`change` is None for too few, same answers and not comparable; `visible_from` is set only for *not shown*."""

    outcome: Outcome
    change: Change | None = None
    visible_from: float | None = None
    is_at_ceiling: bool = False


@dataclass(frozen=True, slots=True)
class Verdicts:
    primary: Verdict
    behaviours: Mapping[str, Verdict]


def claiming_group(groups: Collection[str]) -> str | None:
    """The one group of a report whose change gets a verdict: the team where it can, else colleagues, else peers.

    `groups` are those with a comparable primary scale. What they answered plays no part in the choice.
    """
    return next((group for group in CLAIMING_GROUPS if group in groups), None)


def judged(primary: Pair, behaviours: Mapping[str, Pair]) -> Verdicts:
    """The verdicts of the claiming group."""
    first = _judged_alone(primary)
    tests = _BEHIND_THE_GATE.get(first.outcome)
    described = {key: _described(pair) for key, pair in behaviours.items()}
    if tests is None:
        return Verdicts(first, described)
    tested = {key: verdict.change for key, verdict in described.items() if verdict.change is not None}
    confirmed, alpha = holm({key: tests(change) for key, change in tested.items()})
    for key, change in tested.items():
        ceiling = described[key].is_at_ceiling
        described[key] = (
            Verdict(first.outcome, change, is_at_ceiling=ceiling)
            if key in confirmed
            else Verdict(Outcome.NOT_SHOWN, change, change.visible_from(alpha), ceiling)
        )
    return Verdicts(first, described)


def described(pairs: Mapping[str, Pair]) -> Mapping[str, Verdict]:
    """Value and interval without a verb, for every group that is not the claiming one."""
    return {key: _described(pair) for key, pair in pairs.items()}


def holm(p_values: Mapping[str, float], alpha: float = ALPHA) -> tuple[frozenset[str], float]:
    """Holm's step-down: the smallest p against alpha/m, the next against alpha/(m − 1), until one fails.

    Returns what passed, and the level that stopped it (alpha itself where all passed).
    """
    passed: set[str] = set()
    for key in sorted(p_values, key=lambda key: (p_values[key], key)):
        level = alpha / (len(p_values) - len(passed))
        if p_values[key] > level:
            return frozenset(passed), level
        passed.add(key)
    return frozenset(passed), alpha


def _p_improved(change: Change) -> float:
    return change.p_improved


def _p_declined(change: Change) -> float:
    return change.p_declined


_BEHIND_THE_GATE: Mapping[Outcome, Callable[[Change], float]] = {
    Outcome.IMPROVED: _p_improved,
    Outcome.DECLINED: _p_declined,
}


def _judged_alone(pair: Pair) -> Verdict:
    verdict = _described(pair)
    if verdict.change is None:
        return verdict
    change, ceiling = verdict.change, verdict.is_at_ceiling
    if change.p_improved <= ALPHA:
        return Verdict(Outcome.IMPROVED, change, is_at_ceiling=ceiling)
    if change.p_declined <= ALPHA:
        return Verdict(Outcome.DECLINED, change, is_at_ceiling=ceiling)
    return Verdict(Outcome.NOT_SHOWN, change, change.visible_from(), ceiling)


def _described(pair: Pair) -> Verdict:
    if not pair.is_comparable:
        return Verdict(Outcome.NOT_COMPARABLE)
    if pair.before is None or pair.after is None or not pair.responses_suffice:
        return Verdict(Outcome.TOO_FEW)
    if min(pair.before.n, pair.after.n) < MIN_RATERS:
        return Verdict(Outcome.TOO_FEW)
    change = change_of(pair)
    if change is None:
        return Verdict(Outcome.SAME_ANSWERS)
    return Verdict(Outcome.NOT_TESTED, change, is_at_ceiling=is_at_ceiling(pair.before))
