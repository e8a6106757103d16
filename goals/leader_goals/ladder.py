"""The five steps of a goal in words, best first, with where it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts.web.inputs import figure_words
from goals.leader_goals.rules import GoalPlan
from goals.leader_goals.scale import DOWN, HOLD, STEPS, Rung, step_reached
from goals.models import CheckIn

SIGNS = {-2: "−2", -1: "−1", 0: "0", 1: "+1", 2: "+2"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step as a page shows it. `words` are the leader's own; `figures` what counts as it. Either may be empty."""

    score: int
    sign: str
    words: str
    figures: str
    now: str = ""  # the newest figure, on the step it reaches

    @property
    def is_agreed(self) -> bool:
        return self.score == 0


def ladder(plan: GoalPlan, *, value: Decimal | None = None, step: int | None = None) -> list[Step]:
    """The steps of a plan or goal. `value` or `step` is its newest check-in."""
    reached, now = step, _("Now")
    if value is not None and plan.target is not None:
        reached = step_reached(plan.direction, plan.rungs, plan.target, value)
        now = _("Now, %(figure)s") % {"figure": with_unit(value, plan.unit)}
    return [
        Step(rung.score, SIGNS[rung.score], rung.words, _figures(plan, rung), now if rung.score == reached else "")
        for rung in reversed(plan.rungs)
    ]


def says_something(steps: Sequence[Step]) -> bool:
    """Whether there is anything to show: the figures it needs, or words."""
    return any(step.words or step.figures for step in steps)


def ladder_of(plan: GoalPlan, newest: CheckIn | None) -> list[Step]:
    """The steps with the newest check-in on them."""
    return ladder(plan, value=newest.value, step=newest.step) if newest else ladder(plan)


def with_unit(value: Decimal, unit: str) -> str:
    return f"{figure_words(value)}\u00a0{unit}".strip()


def _figures(plan: GoalPlan, rung: Rung) -> str:
    if plan.target is None or any(each.bound is None for each in plan.rungs[1:]):
        return ""
    if plan.direction == HOLD:
        return _distance(plan, rung)
    if rung.score == STEPS[0]:
        return _lowest(plan)
    return _best(plan, rung) if rung.score == STEPS[-1] else _between(plan, rung)


def _lowest(plan: GoalPlan) -> str:
    words = {"bound": with_unit(_bound(plan.rungs, STEPS[1]), plan.unit)}
    begins_here = (
        plan.baseline is not None
        and plan.target is not None
        and step_reached(plan.direction, plan.rungs, plan.target, plan.baseline) == STEPS[0]
    )
    if plan.direction == DOWN:
        return (_("More than %(bound)s, where it began") if begins_here else _("More than %(bound)s")) % words
    return (_("Below %(bound)s, where it began") if begins_here else _("Below %(bound)s")) % words


def _best(plan: GoalPlan, rung: Rung) -> str:
    words = {"bound": with_unit(_bound(plan.rungs, rung.score), plan.unit)}
    return (_("%(bound)s or less") if plan.direction == DOWN else _("%(bound)s or more")) % words


def _between(plan: GoalPlan, rung: Rung) -> str:
    low, high = sorted((_bound(plan.rungs, rung.score), _bound(plan.rungs, rung.score + 1)))
    return _("%(low)s to %(high)s") % {"low": figure_words(low), "high": with_unit(high, plan.unit)}


def _distance(plan: GoalPlan, rung: Rung) -> str:
    target = with_unit(plan.target, plan.unit) if plan.target is not None else ""
    if rung.score == STEPS[0]:
        words = {"target": target, "distance": figure_words(_bound(plan.rungs, STEPS[1]))}
        return _("More than %(distance)s away from %(target)s") % words
    words = {"target": target, "distance": figure_words(_bound(plan.rungs, rung.score))}
    return _("At most %(distance)s away from %(target)s") % words


def _bound(rungs: Sequence[Rung], score: int) -> Decimal:
    bound = rungs[score - STEPS[0]].bound
    if bound is None:
        raise ValueError(f"the step {score} has no bound")
    return bound
