"""Turns sponsors' due clocks into digests, one a week, and moves each clock to its next week."""

from datetime import date, datetime, timedelta

from cohorts.models import Digest, DigestClock, Organisation
from cohorts.schedule.time_zones import local_date
from cohorts.schedule.weekly import next_weekly
from cohorts.tenancy.wall import Across, across_organisations, within

CLOCKS_PER_CLAIM = 1000


def due_organisations(*, now: datetime) -> list[int]:
    """Organisations in real time with a sponsor whose digest is due."""
    with across_organisations(Across.PLANNER):
        due = DigestClock.objects.filter(next_at__lte=now, is_simulated=False).order_by()
        return list(due.values_list("organisation_id", flat=True).distinct())


def plan_digests(organisation: Organisation, *, now: datetime) -> int:
    """Write what is due at the organisation's own `now`; opens it itself. Returns how many clocks were moved.

    A digest and the clock that made it cannot part: both are in one transaction. What was written before stays.
    """
    total = 0
    while moved := _plan_some(organisation, now):
        total += moved
    return total


def _plan_some(organisation: Organisation, now: datetime) -> int:
    with within(organisation):
        due = DigestClock.objects.filter(next_at__lte=now).select_related("sponsor").order_by("next_at", "pk")
        clocks = list(due.select_for_update(of=("self",), skip_locked=True)[:CLOCKS_PER_CLAIM])
        digests = [
            Digest(sponsor=clock.sponsor, week_on=_monday_of(clock), due_at=clock.next_at, not_before=clock.next_at)
            for clock in clocks
        ]
        Digest.objects.bulk_create(digests, ignore_conflicts=True)
        for clock in clocks:
            sponsor = clock.sponsor
            clock.next_at = next_weekly(sponsor.digest_weekday, sponsor.digest_hour, sponsor.zone, now)
        DigestClock.objects.bulk_update(clocks, ["next_at"])
    return len(clocks)


def _monday_of(clock: DigestClock) -> date:
    on = local_date(clock.next_at, clock.sponsor.zone)
    return on - timedelta(days=on.weekday())
