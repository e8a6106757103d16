"""Who names a team, writes for it and reads its charter. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from cohorts.models import Membership, Role
from cohorts.web.refusals import NotNow, NotYours
from goals.models import Charter, Team
from goals.models.sponsor import is_sponsor_of


def may_name(membership: Membership, leader: Membership) -> bool:
    """The leader, or an admin for them."""
    return membership.pk == leader.pk or membership.is_admin


def ensure_may_name(membership: Membership, leader: Membership) -> None:
    if not may_name(membership, leader):
        raise NotYours(_("Only the leader or a programme admin can name a team."))
    if not leader.is_active or not leader.has_role(Role.LEADER):
        raise NotNow(_("Only a leader has a team here."))


def ensure_leads(membership: Membership, team: Team) -> None:
    """Members, charter and link are the leader's alone."""
    if team.leader_id != membership.pk:
        raise NotYours(_("Only the team’s leader can do this."))


def may_read_charter(membership: Membership, charter: Charter) -> bool:
    """The team's leader, and the sponsor they have now. The team reads it by its link. Same as `visible_to`."""
    leader_id = charter.team.leader_id
    if leader_id == membership.pk:
        return True
    return is_sponsor_of(membership, leader_id)
