"""What a goal is held to. Asked by the form, decided in the actions.

A draft may be unfinished, but what it says agrees with itself. What has to be there before it is agreed is in
`goals/smart.py`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from cohorts.web.bounds import (
    ensure_after_today,
    ensure_choice,
    ensure_figure,
    ensure_not_ahead,
    ensure_text,
    missing,
)
from cohorts.web.refusals import Invalid
from goals.leader_goals.scale import PER_CENT, STEPS, Rung, is_ordered, rungs_of, suggested
from goals.models import Direction, Focus, Goal, Objective
from goals.smart import Aim

MAX_UNDER_WAY = 3
MAX_DAYS_AHEAD = 731  # two years
MAX_OUTCOME_CHARACTERS = 200
MAX_WHY_CHARACTERS = 280
MAX_MEASURE_CHARACTERS = 120
MAX_UNIT_CHARACTERS = 20
MAX_STEP_CHARACTERS = 120
MAX_REPLY_CHARACTERS = 280
WEIGHTS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """A goal as it is written down. `rungs` hold the leader's own words and bounds; a missing bound is suggested."""

    outcome: str
    why: str = ""
    measure: str = ""
    unit: str = ""
    direction: str = Direction.UP
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    tolerance: Decimal | None = None
    due_on: date | None = None
    weight: int = 2
    rungs: tuple[Rung, ...] = tuple(Rung(score) for score in STEPS)
    focuses: tuple[Focus, ...] = ()
    objective: Objective | None = None


def plan_of(goal: Goal, focuses: Sequence[Focus] | None = None) -> GoalPlan:
    """What a goal says now. `focuses` are those that should move it, when they were read already."""
    if focuses is None:
        focuses = [each.focus for each in goal.by_focus.select_related("focus")]
    return GoalPlan(
        outcome=goal.outcome,
        why=goal.why,
        measure=goal.measure,
        unit=goal.unit,
        direction=goal.direction,
        baseline=goal.baseline,
        baseline_on=goal.baseline_on,
        target=goal.target,
        tolerance=goal.tolerance,
        due_on=goal.due_on,
        weight=goal.weight,
        rungs=rungs_of(goal.scale) or GoalPlan("").rungs,
        focuses=tuple(focuses),
        objective=goal.objective,
    )


def ensure_plan(plan: GoalPlan, *, today: date) -> GoalPlan:
    """The plan as it is stored, with its whole scale. Raises Invalid."""
    ensure_text("outcome", plan.outcome, most=MAX_OUTCOME_CHARACTERS)
    for name, most in (
        ("why", MAX_WHY_CHARACTERS),
        ("measure", MAX_MEASURE_CHARACTERS),
        ("unit", MAX_UNIT_CHARACTERS),
    ):
        ensure_text(name, getattr(plan, name), most=most, is_required=False)
    ensure_choice("direction", plan.direction, Direction)
    ensure_choice("weight", plan.weight, WEIGHTS)
    ensure_due(plan.due_on, today=today)
    ensure_measured_on(plan.baseline_on, today=today)
    ensure_figures(plan)
    return with_scale(plan)


def ensure_due(due_on: date | None, *, today: date) -> None:
    """From tomorrow to two years ahead."""
    if due_on is None:
        return
    ensure_after_today("due_on", due_on, today=today)
    if due_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("due_on", _("Choose a day within two years. A goal further away can wait until then."))


def ensure_measured_on(baseline_on: date | None, *, today: date) -> None:
    """Today or earlier."""
    if baseline_on is not None:
        ensure_not_ahead("baseline_on", baseline_on, today=today)


def ensure_figures(plan: GoalPlan) -> None:
    """Today's figure and the target agree with the direction."""
    for name in ("baseline", "target", "tolerance"):
        if getattr(plan, name) is not None:
            ensure_in_unit(name, getattr(plan, name), plan.unit)
    if plan.direction == Direction.STEPS:
        return
    if plan.direction == Direction.HOLD:
        _ensure_tolerance(plan)
    elif plan.baseline is not None and plan.target is not None:
        _ensure_better(plan.direction, plan.baseline, plan.target)


def ensure_in_unit(name: str, value: Decimal, unit: str) -> None:
    """A figure; between 0 and 100 in per cent."""
    ensure_figure(name, value)
    if unit.strip() == PER_CENT and not 0 <= value <= 100:
        raise Invalid(name, _("A share lies between 0 % and 100 %."))


def with_scale(plan: GoalPlan) -> GoalPlan:
    """The plan with a bound for every step, where it has figures. Raises Invalid when the steps are not in order."""
    for rung in plan.rungs:
        ensure_text(words_field(rung.score), rung.words, most=MAX_STEP_CHARACTERS, is_required=False)
    if [rung.score for rung in plan.rungs] != list(STEPS):
        raise Invalid("scale", _("A scale has five steps."))
    if plan.direction == Direction.STEPS:
        rungs = tuple(replace(rung, bound=None) for rung in plan.rungs)
        return replace(plan, rungs=rungs, baseline=None, baseline_on=None, target=None, tolerance=None)
    if plan.direction != Direction.HOLD:
        plan = replace(plan, tolerance=None)
    if not suggested_bounds(plan):
        return replace(plan, rungs=tuple(replace(rung, bound=None) for rung in plan.rungs))
    return replace(plan, rungs=_bounded(plan))


def suggested_bounds(plan: GoalPlan) -> dict[int, Decimal]:
    """The suggested bound of each step from −1 up; empty without figures."""
    if plan.direction == Direction.STEPS or plan.baseline is None or plan.target is None:
        return {}
    bounds = suggested(
        plan.direction, baseline=plan.baseline, target=plan.target, tolerance=plan.tolerance, unit=plan.unit
    )
    return dict(zip(STEPS[1:], bounds, strict=True))


def aim_of(plan: GoalPlan) -> Aim:
    """The plan as its SMART check reads it."""
    return Aim(
        outcome=plan.outcome,
        measure=plan.measure,
        unit=plan.unit,
        is_counted=plan.direction != Direction.STEPS,
        is_held=plan.direction == Direction.HOLD,
        baseline=plan.baseline,
        target=plan.target,
        has_steps=all(rung.words.strip() for rung in plan.rungs),
        why=plan.why,
        is_connected=plan.objective is not None,
        has_way=bool(plan.focuses),
        due_on=plan.due_on,
    )


def ensure_reply(words: str) -> None:
    """What a sponsor says when they send a goal back."""
    ensure_text("words", words, most=MAX_REPLY_CHARACTERS)


def ensure_own(plan: GoalPlan, *, enrolment_id: int, objectives: Collection[int]) -> None:
    """The focuses are the leader's own, and the objective is one they can see."""
    if any(focus.enrolment_id != enrolment_id for focus in plan.focuses):
        raise Invalid("focuses", _("Choose from your own plans."))
    if plan.objective is not None and plan.objective.pk not in objectives:
        raise Invalid("objective", _("Choose one of the objectives you can see."))


def words_field(score: int) -> str:
    """The name of the form field with the words of a step."""
    return f"words_{score - STEPS[0]}"


def bound_field(score: int) -> str:
    return f"bound_{score - STEPS[0]}"


def _ensure_tolerance(plan: GoalPlan) -> None:
    if plan.tolerance is not None and plan.tolerance <= 0:
        raise Invalid("tolerance", _("Give how much it may move and still count: a number above zero."))
    if plan.target is not None and plan.tolerance is None:
        raise missing("tolerance")


def _ensure_better(direction: str, baseline: Decimal, target: Decimal) -> None:
    if target == baseline:
        raise Invalid("target", _("That is where it is today. Choose “Stay where it is” for what should not change."))
    if (target > baseline) != (direction == Direction.UP):
        sentence = (
            _("The target is below today’s figure, but higher is better here. Change one of them.")
            if direction == Direction.UP
            else _("The target is above today’s figure, but lower is better here. Change one of them.")
        )
        raise Invalid("target", sentence)


def _bounded(plan: GoalPlan) -> tuple[Rung, ...]:
    ideas = suggested_bounds(plan)
    lowest, *others = plan.rungs
    rungs = [replace(lowest, bound=None)]
    for rung in others:
        bound = ideas[rung.score] if rung.bound is None or rung.score == 0 else rung.bound
        ensure_figure(bound_field(rung.score), bound)
        rungs.append(replace(rung, bound=bound))
    for worse, better in pairwise(rungs[1:]):
        if not is_ordered(plan.direction, [each.bound for each in (worse, better) if each.bound is not None]):
            wrong = better if better.score != 0 else worse
            raise Invalid(bound_field(wrong.score), _("Each step has to be better than the one below it."))
    return tuple(rungs)
