"""Close a goal with its last figure, reopen it, and score it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from goals.leader_goals.actions.check_ins import check_in
from goals.leader_goals.actions.moves import ensure_room, lock_goal, move_goal
from goals.leader_goals.policies import ensure_may_keep_goal, ensure_may_score
from goals.leader_goals.scale import STEPS
from goals.models import Goal, GoalEventKind, GoalState
from goals.stored_dates import day_of, day_text


@transaction.atomic
def close_goal(
    *,
    goal: Goal,
    on: date,
    value: Decimal | None,
    step: int | None,
    line: str,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
    edition: int | None = None,
) -> Goal:
    """Close a goal with the last figure, measured on a date. It then waits for its score. Idempotent."""
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.DONE:
        return goal
    check_in(
        goal=goal,
        on=on,
        value=value,
        step=step,
        line=line,
        key=key,
        today=today,
        by=by,
        now=now,
        edition=edition,
    )
    before = {"next_review_on": day_text(goal.next_review_on)}
    move_goal(
        goal,
        GoalEventKind.CLOSED,
        by=by,
        on=today,
        now=now,
        details=before,
        state=GoalState.DONE,
        ended_on=today,
        next_review_on=None,
    )
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal, today: date, by: Membership, now: datetime) -> Goal:
    """Undo a closing, until the goal has its score. The last figure stays a check-in. Idempotent."""
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.AGREED:
        return goal
    if goal.state != GoalState.DONE:
        raise NotNow(_("This goal is not closed."))
    if goal.score is not None:
        raise NotNow(_("This goal has its score, so it stays closed."))
    ensure_room(goal.enrolment)
    closed = goal.events.filter(kind=GoalEventKind.CLOSED).latest("at", "pk")
    move_goal(
        goal,
        GoalEventKind.REOPENED,
        by=by,
        on=today,
        now=now,
        state=GoalState.AGREED,
        ended_on=None,
        next_review_on=day_of(closed.details["next_review_on"]),
    )
    return goal


@transaction.atomic
def score_goal(*, goal: Goal, score: int, today: date, by: Membership, now: datetime) -> Goal:
    """Say which step of the scale a closed goal reached; again with another step to correct it."""
    ensure_choice("score", score, STEPS)
    lock_goal(goal)
    ensure_may_score(by, goal)
    if goal.state != GoalState.DONE:
        raise NotNow(_("This goal is not closed yet, so there is nothing to score."))
    if goal.score != score:
        details = {"score": [goal.score, score]}
        move_goal(
            goal,
            GoalEventKind.SCORED,
            by=by,
            on=today,
            now=now,
            details=details,
            score=score,
            scored_by=by,
            scored_at=now,
        )
    return goal
