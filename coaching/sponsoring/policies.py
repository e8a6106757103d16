"""Who may do what between a leader and their sponsor. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from django.utils.translation import gettext as _

from coaching.models import Ask, ProtectedTime, SponsorAct
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow, NotYours


def may_support(membership: Membership, enrolment: Enrolment) -> bool:
    """The sponsor the leader has now, while the leader is in the cohort."""
    return enrolment.sponsor_id == membership.pk and enrolment.left_on is None


def may_see_act(membership: Membership, act: SponsorAct) -> bool:
    """The leader, and the sponsor whose part it was; a later sponsor begins anew."""
    return membership.pk in (act.enrolment.leader_id, act.sponsor_id)


def may_see_ask(membership: Membership, ask: Ask) -> bool:
    """The leader who asked and the sponsor who was asked; a later sponsor does not inherit it."""
    return membership.pk in (ask.enrolment.leader_id, ask.sponsor_id)


def may_see_protected_time(membership: Membership, time: ProtectedTime) -> bool:
    """The leader, and the sponsor who offered it."""
    return membership.pk in (time.enrolment.leader_id, time.offered_by_id)


def ensure_may_support(membership: Membership, enrolment: Enrolment) -> None:
    if enrolment.sponsor_id != membership.pk:
        raise NotYours(_("Only the leader’s sponsor can do this."))
    if enrolment.left_on is not None:
        raise NotNow(_("This leader has left the cohort."))


def ensure_is_leader(membership: Membership, enrolment: Enrolment) -> None:
    if enrolment.leader_id != membership.pk:
        raise NotYours(_("Only the leader can do this."))


def ensure_has_sponsor(enrolment: Enrolment) -> Membership:
    """The leader's sponsor of now. Raises NotNow if there is none, or the leader has left."""
    if enrolment.left_on is not None:
        raise NotNow(_("You have left this cohort."))
    if enrolment.sponsor is None:
        raise NotNow(_("You have no sponsor at the moment."))
    return enrolment.sponsor
