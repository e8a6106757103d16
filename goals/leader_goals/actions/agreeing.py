"""Ask the sponsor to agree to a goal, take the question back, agree, or send it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale, lock_revision, save_revision
from goals.leader_goals.actions.writing import WORDS, ensure_draft
from goals.leader_goals.policies import ensure_may_agree, ensure_may_keep_goal
from goals.leader_goals.review_dates import next_review
from goals.leader_goals.rules import MAX_UNDER_WAY, aim_of, ensure_plan, ensure_reply, plan_of
from goals.models import Goal, GoalEvent, GoalEventKind, GoalState
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
    if goal.enrolment.sponsor_id is None:
        raise NotNow(_("You have no sponsor at the moment, so you agree to this goal yourself."))
    _ensure_whole(goal, today)
    _ensure_room(goal.enrolment)
    return _move(goal, GoalState.PROPOSED, GoalEventKind.PROPOSED, by=by, on=today, now=now)


@transaction.atomic
def withdraw_goal(*, goal: Goal, today: date, by: Membership, now: datetime) -> Goal:
    """Take a proposal back: it is a draft again, which only the leader sees."""
    _turn(goal)
    ensure_may_keep_goal(by, goal)
    if goal.state == GoalState.DRAFT:
        return goal
    if goal.state != GoalState.PROPOSED:
        raise NotNow(_("This goal no longer waits for your sponsor."))
    return _move(goal, GoalState.DRAFT, GoalEventKind.WITHDRAWN, by=by, on=today, now=now)


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
        _ensure_room(goal.enrolment)
    return _move(
        goal,
        GoalState.AGREED,
        GoalEventKind.AGREED,
        by=by,
        on=today,
        now=now,
        agreed_on=today,
        agreed_by=by,
        next_review_on=goal.due_on and next_review(today, was_due_on=None, goal_due_on=goal.due_on),
    )


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
    return _move(goal, GoalState.DRAFT, GoalEventKind.SENT_BACK, by=by, on=today, now=now, words=words)


def _turn(goal: Goal) -> None:
    """Wait for others; then what is asked about is what is saved, and the sponsor is the one of now."""
    take_turns(goal.enrolment)
    lock_revision(goal, None, "state", "agreed_on", "scale", *WORDS)


def _ensure_read(goal: Goal, expected_revision: int | None) -> None:
    if expected_revision is not None and goal.revision != expected_revision:
        raise Stale({"state": goal.state})


def _move(
    goal: Goal,
    state: GoalState,
    kind: GoalEventKind,
    *,
    by: Membership,
    on: date,
    now: datetime,
    words: str = "",
    **values: object,
) -> Goal:
    save_revision(goal, state=state, **values)
    GoalEvent.objects.create(goal=goal, kind=kind, words=words, by=by, on=on, at=now)
    return goal


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


def _ensure_room(enrolment: Enrolment) -> None:
    under_way = Goal.objects.filter(enrolment=enrolment, state__in=(GoalState.PROPOSED, GoalState.AGREED))
    if under_way.count() >= MAX_UNDER_WAY:
        raise NotNow(
            _("Three goals are under way. Close one or let it go first: more than three get in each other’s way.")
        )
