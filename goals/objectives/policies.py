"""Who sees an objective and who keeps it. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership, Role
from cohorts.web.refusals import NotYours
from goals.models import Objective, ObjectiveState, Place


@dataclass(frozen=True, slots=True)
class Reader:
    """What decides who sees which objective: one query for as many objectives as there are."""

    key: int
    is_admin: bool
    led: frozenset[int]  # the leaders whose sponsor they are now

    @classmethod
    def of(cls, membership: Membership) -> Self:
        led: frozenset[int] = frozenset()
        if membership.has_role(Role.SPONSOR):
            theirs = Enrolment.objects.active().filter(sponsor=membership)
            led = frozenset(theirs.values_list("leader_id", flat=True))
        return cls(membership.pk, membership.is_admin, led)

    def may_see(self, place: str, state: str, leader_id: int | None) -> bool:
        if self.is_admin or (leader_id is not None and leader_id == self.key):
            return True
        return state != ObjectiveState.DRAFT and (place != Place.TEAM or leader_id in self.led)


def may_see_objective(membership: Membership, objective: Objective) -> bool:
    """The same rule as `visible_to`, for one that is loaded with its team."""
    leader_id = objective.team.leader_id if objective.team else None
    return Reader.of(membership).may_see(objective.place, objective.state, leader_id)


def may_keep_objective(membership: Membership, objective: Objective) -> bool:
    """Admins, those of the organisation and its departments; a leader, those of their own team."""
    if objective.team is not None:
        return objective.team.leader_id == membership.pk
    return membership.is_admin


def ensure_may_keep(membership: Membership, objective: Objective) -> None:
    if not may_keep_objective(membership, objective):
        raise NotYours(_keeper(objective.place))


def may_know_members(membership: Membership, objective: Objective) -> bool:
    """Names of members, their parts and what they said: the leader alone. Others get counts."""
    return objective.team is not None and objective.team.leader_id == membership.pk


def _keeper(place: str) -> str:
    if place == Place.TEAM:
        return _("Only the team’s leader can change this objective.")
    return _("Only an admin can change this objective.")
