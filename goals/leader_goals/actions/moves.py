"""What every act on a goal does: take its turn, and stand in the goal's story."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from goals.leader_goals.rules import MAX_UNDER_WAY
from goals.models import Goal, GoalEvent, GoalEventKind, GoalState

MOVING = ("state", "agreed_on", "due_on", "next_review_on", "ended_on", "let_go_reason", "score")


def lock_goal(goal: Goal, expected_revision: int | None = None, *names: str) -> None:
    """Wait for the leader's other requests and the sponsor's, then read what they wrote. Raises Stale."""
    take_turns(goal.enrolment)
    lock_revision(goal, expected_revision, *MOVING, *names)


def move_goal(
    goal: Goal,
    kind: GoalEventKind,
    *,
    by: Membership,
    on: date,
    now: datetime,
    words: str = "",
    details: Mapping[str, object] | None = None,
    **values: object,
) -> None:
    """Write these fields of a locked goal, and the act in its story."""
    save_revision(goal, **values)
    GoalEvent.objects.create(goal=goal, kind=kind, words=words, details=details or {}, by=by, on=on, at=now)


def ensure_room(enrolment: Enrolment) -> None:
    """Raises NotNow when three goals are under way."""
    under_way = Goal.objects.filter(enrolment=enrolment, state__in=(GoalState.PROPOSED, GoalState.AGREED))
    if under_way.count() >= MAX_UNDER_WAY:
        raise NotNow(
            _("Three goals are under way. Close one or let it go first: more than three get in each other’s way.")
        )
