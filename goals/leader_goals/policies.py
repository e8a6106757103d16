"""Who may see, write and agree a goal. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.policies import ensure_may_keep
from goals.models import Goal, GoalState


def may_see_goal(membership: Membership, goal: Goal) -> bool:
    """The leader; the sponsor they have now, while it waits for them and once it was agreed, if it names that very
    person. Same as `visible_to`."""
    if goal.enrolment.leader_id == membership.pk:
        return True
    is_shown = goal.state == GoalState.PROPOSED or goal.agreed_on is not None
    return goal.enrolment.sponsor_id == membership.pk and is_shown and _is_named(membership, goal)


def may_keep_goal(membership: Membership, goal: Goal) -> bool:
    """Only the leader writes, reviews and dials their goals."""
    return goal.enrolment.leader_id == membership.pk


def ensure_may_keep_goal(membership: Membership, goal: Goal) -> None:
    """The leader, while they are in the cohort."""
    ensure_may_keep(membership, goal.enrolment)


def may_agree(membership: Membership, goal: Goal) -> bool:
    """The sponsor of now, if the goal names them; without a sponsor, the leader alone."""
    enrolment = goal.enrolment
    if enrolment.sponsor_id is None:
        return membership.pk == enrolment.leader_id
    return membership.pk == enrolment.sponsor_id and _is_named(membership, goal)


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


def _is_named(sponsor: Membership, goal: Goal) -> bool:
    return goal.shares.filter(reader=sponsor).exists()
