"""Who sees and keeps the figures of a team. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import NotYours
from goals.models import Followed, Team
from goals.models.sponsor import is_sponsor_of


def may_see_figures(membership: Membership, team: Team) -> bool:
    """The team's leader, their sponsor of now, and admins. The same rule as `Followed.objects.visible_to`."""
    if membership.is_admin or team.leader_id == membership.pk:
        return True
    return is_sponsor_of(membership, team.leader_id)


def may_keep_figures(membership: Membership, team: Team) -> bool:
    """The leader enters figures, says what changed and sets targets; an admin may do so for them."""
    return membership.is_admin or team.leader_id == membership.pk


def ensure_may_keep_figures(membership: Membership, team: Team) -> None:
    if not may_keep_figures(membership, team):
        raise NotYours(_("Only the team’s leader or a programme admin can change its figures."))


def ensure_may_define(membership: Membership) -> None:
    if not membership.is_admin:
        raise NotYours(_("Only a programme admin can say how a KPI is measured."))


def ensure_may_keep(membership: Membership, followed: Followed) -> None:
    ensure_may_keep_figures(membership, followed.team)


def ensure_may_import(membership: Membership) -> None:
    """A leader imports figures of their own team, an admin those of every team."""
    if not membership.is_admin and not Team.objects.filter(leader=membership).exists():
        raise NotYours(_("Only a team’s leader or a programme admin can import figures."))
