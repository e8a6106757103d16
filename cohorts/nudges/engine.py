"""One turn of the engine: for all organisations in real time, or for one demo organisation on its own clock.

Tasks and `fast_forward` both call this, so played days run the same code as real ones.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from cohorts.models import Organisation
from cohorts.nudges.delivery import Answer, Claimed, QuietHours, deliver_due, organisations_to_send, release_expired
from cohorts.nudges.mail import Writer
from cohorts.nudges.planner import claim_due, plan_unplanned, unplanned_organisations
from cohorts.tenancy.wall import within

CLAIM = 5000
RANGE = 2000  # nudges in one message to a worker
PACK = 50  # small organisations in one message


def claim_everything(*, now: datetime, simulated: Organisation | None = None) -> dict[int, int]:
    """Claim everything due, in bounded statements. Returns counts by organisation id."""
    total: dict[int, int] = {}
    while claimed := claim_due(now=now, limit=CLAIM, simulated=simulated):
        for organisation_id, count in claimed.items():
            total[organisation_id] = total.get(organisation_id, 0) + count
        if sum(claimed.values()) < CLAIM:
            break
    return total


def ranges(claimed: dict[int, int]) -> Iterator[list[int]]:
    """Split claimed work into messages: one per range for a large organisation, small ones packed together."""
    small = iter(sorted(key for key, count in claimed.items() if count <= RANGE // PACK))
    while pack := list(islice(small, PACK)):
        yield pack
    for key, count in sorted(claimed.items()):
        if count > RANGE // PACK:
            yield from [[key]] * -(-count // RANGE)


def deliver(organisation_ids: Iterable[int], *, now: Callable[[], datetime]) -> int:
    """Send what is due in these organisations and plan their clocks. Returns the number of mails claimed."""
    total = 0
    for organisation in Organisation.objects.filter(pk__in=list(organisation_ids)):
        instant = _clock_of(organisation, now)
        quiet = QuietHours(organisation.quiet_from, organisation.quiet_until)
        total += deliver_due(organisation.pk, now=instant, quiet=quiet, post=_post(organisation, instant), limit=RANGE)
        with within(organisation):
            while plan_unplanned(now=instant()):
                pass
    return total


def left_behind(*, now: datetime) -> list[int]:
    """Organisations with unclaimed work: lost messages, expired leases, clocks without a next date."""
    return sorted({*organisations_to_send(now=now), *unplanned_organisations()})


def repair(organisation_ids: Iterable[int], *, now: Callable[[], datetime]) -> int:
    """Release nudges held by dead workers. Returns how many."""
    total = 0
    for organisation in Organisation.objects.filter(pk__in=list(organisation_ids)):
        with within(organisation):
            total += release_expired(now=_clock_of(organisation, now)())
    return total


def demo_organisations() -> list[Organisation]:
    return list(Organisation.objects.filter(is_demo=True))


def _clock_of(organisation: Organisation, now: Callable[[], datetime]) -> Callable[[], datetime]:
    return lambda: organisation.now(now())


def _post(organisation: Organisation, now: Callable[[], datetime]) -> Callable[[list[Claimed]], Iterator[Answer]]:
    def post(nudges: list[Claimed]) -> Iterator[Answer]:
        writer = Writer(organisation, now())
        with within(organisation):
            writer.prepare(nudges)  # reads steps; sending then runs without an open transaction
        return writer.post(nudges)

    return post
