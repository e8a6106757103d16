"""The organisation's own alarm for coaching: when the engine must look again."""

from datetime import datetime

from django.db.models import Q

from coaching.models import CoachingClock
from cohorts.tenancy.wall import Across, across_organisations


def wake(at: datetime) -> None:
    """Have the engine look at this organisation at `at`, or earlier if it is to look earlier anyhow."""
    later = Q(next_at=None) | Q(next_at__gt=at)
    if not CoachingClock.objects.filter(later).update(next_at=at) and not CoachingClock.objects.exists():
        CoachingClock.objects.bulk_create([CoachingClock(next_at=at)], ignore_conflicts=True)


def stop() -> None:
    """Nothing is due until somebody calls `wake` again."""
    CoachingClock.objects.update(next_at=None)


def due_organisations(*, now: datetime) -> list[int]:
    """Organisations whose alarm has gone off: one index probe when there is none."""
    with across_organisations(Across.PLANNER):
        return list(CoachingClock.objects.filter(next_at__lte=now).values_list("organisation_id", flat=True))
