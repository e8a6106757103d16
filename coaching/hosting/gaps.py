"""Behaviours that nobody shows: the gap list."""

from collections import Counter

from coaching.models import Host, HostingOffer, OfferState
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership


def unhosted() -> list[Behaviour]:
    """Behaviours that no host whom leaders find shows."""
    shown = {key for keys in Host.objects.active().values_list("behaviours", flat=True) for key in keys}
    return [behaviour for behaviour in Behaviour if behaviour not in shown]


def own_offers(member: Membership) -> dict[str, HostingOffer]:
    """The offers of this leader that wait, by behaviour."""
    mine = HostingOffer.objects.filter(member=member, state=OfferState.OPEN)
    return {offer.behaviour: offer for offer in mine}


def hosts_by_behaviour() -> list[tuple[Behaviour, int]]:
    """How many hosts show each behaviour, fewest first."""
    counts = Counter(key for keys in Host.objects.active().values_list("behaviours", flat=True) for key in keys)
    return sorted(((each, counts[each]) for each in Behaviour), key=lambda pair: pair[1])
