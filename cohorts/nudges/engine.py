"""One turn of the engine: for all organisations in real time, or for one demo organisation on its own clock.

Tasks and `fast_forward` both call this, so played days run the same code as real ones.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from cohorts.mail import outbox
from cohorts.models import Organisation
from cohorts.nudges.mail import NUDGES
from cohorts.nudges.planner import claim_due, plan_unplanned, unplanned_organisations
from cohorts.tenancy.wall import within

CLOCKS_PER_CLAIM = 5000
NUDGES_PER_MESSAGE = 2000
NUDGES_TOGETHER = 500  # at most so many of several small organisations in one message
ORGANISATIONS_TOGETHER = 50


def claims(*, now: datetime, simulated: Organisation | None = None) -> Iterator[dict[int, int]]:
    """Claim all that is due, in bounded statements. Yields how many by organisation key after each of them."""
    while claimed := claim_due(now=now, limit=CLOCKS_PER_CLAIM, simulated=simulated):
        yield claimed
        if sum(claimed.values()) < CLOCKS_PER_CLAIM:
            break


def claim_everything(*, now: datetime, simulated: Organisation | None = None) -> int:
    """Claim all that is due. Returns how many."""
    return sum(sum(claimed.values()) for claimed in claims(now=now, simulated=simulated))


def ranges(claimed: dict[int, int]) -> Iterator[list[int]]:
    """What to hand to workers: organisations in turn, those with the fewest first, small ones together.

    An organisation is named once per range of its nudges, because a worker takes one range of each it finds.
    """
    left = claimed
    while left:
        together, size = list[int](), 0
        for key in sorted(left, key=left.__getitem__):
            share = min(left[key], NUDGES_PER_MESSAGE)
            if together and (size + share > NUDGES_TOGETHER or len(together) == ORGANISATIONS_TOGETHER):
                yield together
                together, size = [], 0
            together.append(key)
            size += share
        yield together
        left = {key: count - NUDGES_PER_MESSAGE for key, count in left.items() if count > NUDGES_PER_MESSAGE}


def deliver(organisation_id: int, *, now: Callable[[], datetime], until: float | None = None) -> int:
    """Send what is due in one organisation and plan its clocks. Returns the number of mails claimed.

    No mail is begun once the monotonic clock passes `until`; the sweep hands out the rest. An organisation that is
    gone has nothing due.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    instant = _clock_of(organisation, now)
    claimed = outbox.deliver(NUDGES, organisation, now=instant, limit=NUDGES_PER_MESSAGE, until=until).total()
    with within(organisation):
        while plan_unplanned(now=instant()):
            pass
    return claimed


def left_behind(*, now: datetime) -> list[int]:
    """Organisations with unclaimed work: lost messages, expired leases, clocks without a next date."""
    return sorted({*outbox.organisations_waiting(NUDGES, now=now), *unplanned_organisations()})


def repair(organisation_id: int, *, now: Callable[[], datetime]) -> int:
    """Release nudges that dead workers hold in one organisation. Returns how many; none if it is gone."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    with within(organisation):
        return outbox.release_expired(NUDGES, now=_clock_of(organisation, now)())


def demo_organisations() -> list[Organisation]:
    return list(Organisation.objects.filter(is_demo=True))


def _clock_of(organisation: Organisation, now: Callable[[], datetime]) -> Callable[[], datetime]:
    return lambda: organisation.now(now())
