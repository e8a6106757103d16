"""What has happened to goals, as the pure rules read it: their newest figures, when they were touched, their marks."""

from collections.abc import Collection, Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment
from goals.habits.focus_queries import focuses_with_turns
from goals.leader_goals.ageing import Ageing, ageing
from goals.leader_goals.attainment import Attainment, Mark, attainment, is_late
from goals.leader_goals.plan_line import LOWEST, PlanLine
from goals.leader_goals.scale import rungs_of, step_reached
from goals.models import CheckIn, Direction, Goal, GoalDial, GoalEvent, GoalEventKind, GoalFocus, GoalState, Practice
from goals.reserve import monday_of, reserve_weeks


def with_history(goals: "QuerySet[Goal]") -> "QuerySet[Goal]":
    """With all that the functions below read. Four queries, however many goals."""
    return goals.select_related("enrolment__leader", "enrolment__sponsor").prefetch_related(
        "check_ins",
        "reviews",
        Prefetch("events", GoalEvent.objects.select_related("by")),
        Prefetch("dials", GoalDial.objects.select_related("period")),
    )


def with_plans(goals: "QuerySet[Goal]") -> "QuerySet[Goal]":
    """With the keys of the focuses that should move a goal, and the dates on which those were practised."""
    keys = GoalFocus.objects.filter(goal=OuterRef("pk")).order_by("pk").values("focus")
    practised = Practice.objects.filter(focus__by_goal__goal=OuterRef("pk"), did_it=True).values("on")
    columns = {"focus_keys": ArraySubquery(keys), "practised_on": ArraySubquery(practised)}
    return goals.annotate(**columns)


def newest_check_in(goal: Goal, *, by: date | None = None) -> CheckIn | None:
    """The newest one, or the newest by a date."""
    said = [entry for entry in goal.check_ins.all() if by is None or entry.on <= by]
    return max(said, key=lambda entry: entry.on, default=None)


def step_of(goal: Goal, entry: CheckIn) -> int:
    """The step that a check-in reached."""
    if entry.step is not None or entry.value is None or goal.target is None:
        return LOWEST if entry.step is None else entry.step
    return step_reached(goal.direction, rungs_of(goal.scale), goal.target, entry.value)


def ageing_of(goal: Goal, today: date) -> Ageing | None:
    """How long an agreed goal has been left alone; None for one that is not under way."""
    if goal.state != GoalState.AGREED:
        return None
    enrolment = goal.enrolment
    touches = [
        *(date_at(enrolment, entry.at) for entry in goal.check_ins.all()),
        *(review.on for review in goal.reviews.all()),
        *(event.on for event in goal.events.all()),
        *(dial.starts_on for dial in goal.dials.all()),
    ]
    return ageing([*touches, *filter(None, [goal.agreed_on])], today)


def attainment_of(enrolment: Enrolment, goals: Iterable[Goal], today: date) -> Attainment:
    """Of these goals of a leader, read `with_history`. One more query, for the reserve weeks."""
    reserve = reserve_weeks([focus.life for focus in focuses_with_turns(enrolment)], today)
    return attainment([_mark(goal, reserve) for goal in goals if goal.agreed_on is not None])


def agreed_due_on(goal: Goal) -> date | None:
    """The date that was agreed, however often it was moved since."""
    moved = [event for event in goal.events.all() if event.kind == GoalEventKind.CHANGED and "due_on" in event.details]
    first = min(moved, key=lambda event: (event.at, event.pk), default=None)
    return date.fromisoformat(first.details["due_on"][0]) if first else goal.due_on


def plan_line(goal: Goal) -> PlanLine | None:
    """The straight line to the target, by the date that was agreed."""
    agreed_on, due_on = goal.agreed_on, agreed_due_on(goal)
    if agreed_on is None or due_on is None:
        return None
    if goal.direction == Direction.STEPS:
        return PlanLine(LOWEST, agreed_on, 0, due_on)
    if goal.baseline is None or goal.target is None:
        return None
    tolerance = float(goal.tolerance or 0) if goal.direction == Direction.HOLD else None
    return PlanLine(float(goal.baseline), goal.baseline_on or agreed_on, float(goal.target), due_on, tolerance)


def _mark(goal: Goal, reserve: Collection[date]) -> Mark:
    if goal.state == GoalState.LET_GO:
        return Mark(goal.weight, is_let_go=True, is_late=_was_let_go_late(goal))
    said = sorted(goal.check_ins.all(), key=lambda entry: entry.on)
    outside = [entry for entry in said if monday_of(entry.on) not in reserve]
    return Mark(
        goal.weight,
        step=goal.score if goal.score is not None else _newest_step(goal, said),
        outside_reserve=goal.score if goal.score is not None else _newest_step(goal, outside),
        is_scored=goal.score is not None,
    )


def _newest_step(goal: Goal, said: list[CheckIn]) -> int | None:
    return step_of(goal, said[-1]) if said else None


def _was_let_go_late(goal: Goal) -> bool:
    agreed_on, due_on, on, line = goal.agreed_on, agreed_due_on(goal), goal.ended_on, plan_line(goal)
    if agreed_on is None or due_on is None or on is None:
        return False
    read = [(entry.on, _number(entry)) for entry in goal.check_ins.all() if entry.on <= on]
    below = line is not None and any(line.is_below(each, value) for each, value in read)
    return is_late(on, agreed_on=agreed_on, due_on=due_on, was_below_plan=below)


def _number(entry: CheckIn) -> float:
    return float(entry.step if entry.value is None else entry.value)  # type: ignore[arg-type]  # one of the two is there


def held_reviews(goal: Goal) -> list[date]:
    """When its reviews were held, newest first: what its sponsor sees of them."""
    return sorted((review.on for review in goal.reviews.all()), reverse=True)


def events_in_order(goal: Goal) -> list[GoalEvent]:
    return sorted(goal.events.all(), key=lambda event: (event.at, event.pk))
