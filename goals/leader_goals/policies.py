"""Who may see, write and agree a goal. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.policies import ensure_may_keep
from goals.models import Goal, GoalState


def may_see_goal(membership: Membership, goal: Goal) -> bool:
    """The leader; the sponsor they have now, while it waits for them and once it was agreed. Same as `visible_to`."""
    if goal.enrolment.leader_id == membership.pk:
        return True
    is_shown = goal.state == GoalState.PROPOSED or goal.agreed_on is not None
    return goal.enrolment.sponsor_id == membership.pk and is_shown


def may_keep_goal(membership: Membership, goal: Goal) -> bool:
    """Only the leader writes, reviews and dials their goals."""
    return goal.enrolment.leader_id == membership.pk


def ensure_may_keep_goal(membership: Membership, goal: Goal) -> None:
    """The leader, while they are in the cohort."""
    ensure_may_keep(membership, goal.enrolment)


def may_agree(membership: Membership, goal: Goal) -> bool:
    """The sponsor of now; without one, the leader alone."""
    enrolment = goal.enrolment
    return membership.pk == (enrolment.leader_id if enrolment.sponsor_id is None else enrolment.sponsor_id)


def ensure_may_agree(membership: Membership, goal: Goal) -> None:
    if not may_agree(membership, goal):
        raise NotYours(_("Only the leader’s sponsor can agree to a goal."))
    if goal.enrolment.left_on is not None:
        raise NotNow(_("The leader has left this cohort, so there is nothing left to agree."))


def may_score(membership: Membership, goal: Goal) -> bool:
    """The same as agree: the sponsor of now, so a former one never; without one, the leader alone."""
    return may_agree(membership, goal)


def ensure_may_score(membership: Membership, goal: Goal) -> None:
    if not may_score(membership, goal):
        raise NotYours(_("Only the leader’s sponsor can score a goal."))
    if goal.enrolment.left_on is not None:
        raise NotNow(_("The leader has left this cohort, so there is nothing left to score."))
