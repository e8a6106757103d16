"""Change an agreed goal, let it go, take it up again. Measure, target, weight and scale stay as they were agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import save_revision
from goals.leader_goals.actions.moves import ensure_room, lock_goal, move_goal
from goals.leader_goals.actions.reviews import hold_review, open_review
from goals.leader_goals.objective_choices import objectives_for
from goals.leader_goals.policies import ensure_may_keep_goal
from goals.leader_goals.review_dates import next_review
from goals.leader_goals.rules import MAX_OUTCOME_CHARACTERS, MAX_WHY_CHARACTERS, ensure_due
from goals.models import Decision, Focus, Goal, GoalEventKind, GoalFocus, GoalState, Objective
from goals.stored_dates import day_of, day_text

MAX_REASON_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class GoalChange:
    """What may change after a goal was agreed."""

    outcome: str
    why: str
    due_on: date
    focuses: tuple[Focus, ...] = ()
    objective: Objective | None = None


@transaction.atomic
def change_goal(
    *,
    goal: Goal,
    change: GoalChange,
    today: date,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> bool:
    """Change what may change; the story says what it was before. Holds the review that is open.

    Returns whether anything is different: the same save again changes nothing.
    """
    lock_goal(goal, expected_revision, "outcome", "why", "objective")
    ensure_may_keep_goal(by, goal)
    if goal.state != GoalState.AGREED:
        raise NotNow(_("This goal is not under way, so it cannot be changed."))
    _ensure_change(goal, change, by, today)
    details = _differences(goal, change)
    if not details:
        return False
    review_on = open_review(goal, today)
    _choose_focuses(goal, change.focuses)
    move_goal(
        goal,
        GoalEventKind.CHANGED,
        by=by,
        on=today,
        now=now,
        details=details,
        outcome=change.outcome,
        why=change.why,
        due_on=change.due_on,
        objective=change.objective,
    )
    if review_on is not None:
        hold_review(goal, review_on, Decision.CHANGE, line="", today=today, now=now)
    elif "due_on" in details:
        _fit_review(goal, change.due_on, today)
    return True


@transaction.atomic
def let_goal_go(*, goal: Goal, reason: str, today: date, by: Membership, now: datetime) -> Goal:
    """Drop a goal on purpose, with a reason that the sponsor reads. Idempotent. Holds the review that is open."""
    ensure_reason(reason)
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.LET_GO:
        return goal
    if goal.state == GoalState.DONE:
        raise NotNow(_("This goal is closed. Reopen it first to let it go."))
    if goal.state == GoalState.DRAFT and not goal.events.exists():
        raise NotNow(_("Nobody has seen this draft. You can delete it."))
    before = {"state": goal.state, "next_review_on": day_text(goal.next_review_on)}
    review_on = open_review(goal, today) if goal.state == GoalState.AGREED else None
    if review_on is not None:
        hold_review(goal, review_on, Decision.LET_GO, line="", today=today, now=now)
    move_goal(
        goal,
        GoalEventKind.LET_GO,
        by=by,
        on=today,
        now=now,
        words=reason,
        details=before,
        state=GoalState.LET_GO,
        ended_on=today,
        let_go_reason=reason,
        next_review_on=None,
    )
    return goal


@transaction.atomic
def take_goal_up(*, goal: Goal, today: date, by: Membership, now: datetime) -> Goal:
    """Take up a goal that was let go, in the state it had. On the same day this undoes it, with the review it held.

    Raises NotNow when three others are under way. Idempotent.
    """
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state != GoalState.LET_GO:
        return goal
    let_go = goal.events.filter(kind=GoalEventKind.LET_GO).latest("at", "pk")
    state, review_on = GoalState(let_go.details["state"]), let_go.details["next_review_on"]
    if state != GoalState.DRAFT:
        ensure_room(goal.enrolment)
    next_on = day_of(review_on)
    if let_go.on == today:
        goal.reviews.filter(on=today, decision=Decision.LET_GO).delete()
    elif state == GoalState.AGREED:
        assert goal.due_on is not None
        next_on = next_review(today, was_due_on=None, goal_due_on=goal.due_on)
    move_goal(
        goal,
        GoalEventKind.TAKEN_UP,
        by=by,
        on=today,
        now=now,
        state=state,
        ended_on=None,
        let_go_reason="",
        next_review_on=next_on,
    )
    return goal


def ensure_reason(reason: str) -> None:
    ensure_text("reason", reason, most=MAX_REASON_CHARACTERS)


def ensure_change_words(change: GoalChange) -> None:
    ensure_text("outcome", change.outcome, most=MAX_OUTCOME_CHARACTERS)
    ensure_text("why", change.why, most=MAX_WHY_CHARACTERS, is_required=False)


def _ensure_change(goal: Goal, change: GoalChange, by: Membership, today: date) -> None:
    ensure_change_words(change)
    if change.due_on != goal.due_on:
        ensure_due(change.due_on, today=today)
    if any(focus.enrolment_id != goal.enrolment_id for focus in change.focuses):
        raise Invalid("focuses", _("Choose from your own plans."))
    chosen = change.objective
    is_other = chosen is not None and chosen.pk != goal.objective_id
    if chosen is not None and is_other and not objectives_for(by).filter(pk=chosen.pk).exists():
        raise Invalid("objective", _("Choose one of the objectives you can see."))


def _differences(goal: Goal, change: GoalChange) -> dict[str, object]:
    """What is different, as [old, new] by field. Plans by their keys: a reader sees only those they may see."""
    old_focuses = sorted(goal.by_focus.values_list("focus", flat=True))
    pairs: dict[str, list[object]] = {
        "outcome": [goal.outcome, change.outcome],
        "why": [goal.why, change.why],
        "due_on": [day_text(goal.due_on), day_text(change.due_on)],
        "focuses": [old_focuses, sorted(focus.pk for focus in change.focuses)],
        "objective": [_named(goal.objective), _named(change.objective)],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _named(objective: Objective | None) -> str:
    return objective.outcome if objective else ""


def _choose_focuses(goal: Goal, focuses: Sequence[Focus]) -> None:
    goal.by_focus.exclude(focus__in=focuses).delete()
    chosen = set(goal.by_focus.values_list("focus", flat=True))
    GoalFocus.objects.bulk_create(GoalFocus(goal=goal, focus=each) for each in focuses if each.pk not in chosen)


def _fit_review(goal: Goal, due_on: date, today: date) -> None:
    """No review on or after the date of the goal, and one again when that date moves on."""
    if goal.next_review_on is None:
        save_revision(goal, next_review_on=next_review(today, was_due_on=None, goal_due_on=due_on))
    elif goal.next_review_on >= due_on:
        save_revision(goal, next_review_on=None)
