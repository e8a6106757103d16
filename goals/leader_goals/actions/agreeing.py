"""Ask the sponsor to agree to a goal, take the question back, agree, or send it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale
from goals.habits.actions.sharing import name_reader
from goals.leader_goals.actions.moves import ensure_room, lock_goal, move_goal
from goals.leader_goals.actions.writing import WORDS, ensure_draft
from goals.leader_goals.policies import ensure_may_agree, ensure_may_keep_goal
from goals.leader_goals.review_dates import next_review
from goals.leader_goals.rules import aim_of, ensure_plan, ensure_reply, plan_of
from goals.models import Goal, GoalEventKind, GoalState, Shared
from goals.smart import missing
from goals.smart_words import what_is_missing


@transaction.atomic
def propose_goal(*, goal: Goal, today: date, by: Membership, now: datetime) -> Goal:
    """Ask the sponsor to agree. Raises NotNow without a sponsor, with a part missing, or with three under way."""
    _turn(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.PROPOSED:
        return goal
    ensure_draft(goal)
    sponsor = goal.enrolment.sponsor
    if sponsor is None:
        raise NotNow(_("You have no sponsor at the moment, so you agree to this goal yourself."))
    _ensure_whole(goal, today)
    ensure_room(goal.enrolment)
    move_goal(goal, GoalEventKind.PROPOSED, by=by, on=today, now=now, state=GoalState.PROPOSED)
    name_reader(Shared.GOAL, [goal], sponsor, now)
    return goal


@transaction.atomic
def withdraw_goal(*, goal: Goal, today: date, by: Membership, now: datetime) -> Goal:
    """Take a proposal back: it is a draft again, which only the leader sees."""
    _turn(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.DRAFT:
        return goal
    if goal.state != GoalState.PROPOSED:
        raise NotNow(_("This goal no longer waits for your sponsor."))
    move_goal(goal, GoalEventKind.WITHDRAWN, by=by, on=today, now=now, state=GoalState.DRAFT)
    return goal


@transaction.atomic
def agree_goal(*, goal: Goal, today: date, by: Membership, now: datetime, expected_revision: int | None = None) -> Goal:
    """Agree to a goal: measure, target, weight and scale are frozen from now on.

    The sponsor agrees to what was proposed, and to nothing that was changed since they read it (Stale). A leader
    without a sponsor agrees alone.
    """
    _turn(goal)
    ensure_may_agree(by, goal)
    if goal.state == GoalState.AGREED:
        return goal
    _ensure_read(goal, expected_revision)
    is_alone = by.pk == goal.enrolment.leader_id
    if goal.state != GoalState.PROPOSED and not (is_alone and goal.state == GoalState.DRAFT):
        raise NotNow(_("This goal does not wait for an answer at the moment."))
    _ensure_whole(goal, today)
    if goal.state == GoalState.DRAFT:
        ensure_room(goal.enrolment)
    move_goal(
        goal,
        GoalEventKind.AGREED,
        by=by,
        on=today,
        now=now,
        state=GoalState.AGREED,
        agreed_on=today,
        agreed_by=by,
        next_review_on=goal.due_on and next_review(today, was_due_on=None, goal_due_on=goal.due_on),
    )
    return goal


@transaction.atomic
def send_back_goal(
    *, goal: Goal, words: str, today: date, by: Membership, now: datetime, expected_revision: int | None = None
) -> Goal:
    """Send a proposal back with words: it is a draft again."""
    ensure_reply(words)
    _turn(goal)
    ensure_may_agree(by, goal)
    if goal.state != GoalState.PROPOSED:
        raise NotNow(_("This goal does not wait for an answer at the moment."))
    _ensure_read(goal, expected_revision)
    move_goal(goal, GoalEventKind.SENT_BACK, by=by, on=today, now=now, words=words, state=GoalState.DRAFT)
    return goal


def _turn(goal: Goal) -> None:
    """Wait for others; then what is asked about is what is saved, and the sponsor is the one of now."""
    lock_goal(goal, None, "scale", *WORDS)


def _ensure_read(goal: Goal, expected_revision: int | None) -> None:
    if expected_revision is not None and goal.revision != expected_revision:
        raise Stale({"state": goal.state})


def _ensure_whole(goal: Goal, today: date) -> None:
    """Nothing is missing, and what is there still holds on this day."""
    plan = plan_of(goal)
    gaps = missing(aim_of(plan))
    if gaps:
        raise NotNow(what_is_missing(gaps))
    try:
        ensure_plan(plan, today=today)
    except Invalid as refusal:
        raise NotNow(refusal.sentence) from None
