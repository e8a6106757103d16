"""A leader's word that their team would host a behaviour, and what an admin makes of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.hosting.actions.hosts import begin_own_profile
from coaching.hosting.policies import ensure_may_ask
from coaching.models import Host, HostingOffer, OfferState
from cohorts.audit import record
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership, Organisation, Role
from cohorts.people.actions.members import give_role
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock


@transaction.atomic
def offer_to_host(*, member: Membership, behaviour: str, now: datetime) -> HostingOffer | None:
    """Tell the admins that this leader's team would show a behaviour; None if they show it already. Idempotent."""
    ensure_may_ask(member)
    ensure_choice("behaviour", behaviour, Behaviour.values)
    lock(member)
    if Host.objects.filter(member=member, is_active=True, behaviours__contains=[behaviour]).exists():
        return None
    there = HostingOffer.objects.filter(member=member, behaviour=behaviour, state=OfferState.OPEN).first()
    return there or HostingOffer.objects.create(member=member, behaviour=behaviour, made_at=now)


@transaction.atomic
def withdraw_offer(*, offer: HostingOffer, by: Membership) -> None:
    """Take one's own offer back. Idempotent."""
    if offer.member_id != by.pk:
        raise NotYours(_("Only the one who offered can take it back."))
    lock(offer)
    if offer.state == OfferState.OPEN:
        _close(offer, OfferState.LET_GO)


@transaction.atomic
def take_up_offer(*, offer: HostingOffer, by: Membership, organisation: Organisation, now: datetime) -> Host:
    """Make the leader a host and put the behaviour on their profile; they fill in the rest."""
    _hold(offer, by)
    if offer.state == OfferState.LET_GO:
        raise NotNow(_("This offer is no longer open."))
    member = offer.member
    if not member.has_role(Role.HOST):
        give_role(member=member, role=Role.HOST, by=by, organisation=organisation, now=now)
    host = begin_own_profile(member=member, now=now)
    if offer.behaviour not in host.behaviours:
        lock(host)
        host.behaviours = [*host.behaviours, offer.behaviour]
        host.revision += 1
        host.save(update_fields=["behaviours", "revision"])
    if offer.state == OfferState.OPEN:
        _close(offer, OfferState.TAKEN_UP)
        record(by=by, verb="took up offer to host", thing=offer, now=now, behaviour=offer.behaviour)
    return host


@transaction.atomic
def let_offer_go(*, offer: HostingOffer, by: Membership, now: datetime) -> None:
    """Not now. Idempotent."""
    _hold(offer, by)
    if offer.state != OfferState.OPEN:
        return
    _close(offer, OfferState.LET_GO)
    record(by=by, verb="let offer to host go", thing=offer, now=now, behaviour=offer.behaviour)


def _hold(offer: HostingOffer, by: Membership) -> None:
    if not by.is_admin:
        raise NotYours(_("Only an admin can decide this."))
    lock(offer)


def _close(offer: HostingOffer, state: str) -> None:
    offer.state = state
    offer.save(update_fields=["state"])
