"""Move, call off and restore a cohort's live events. Past ones can be corrected, too."""

from datetime import date, datetime

from django.db import transaction

from cohorts.audit import record
from cohorts.models import Cohort, Membership, MilestoneDate
from cohorts.schedule.rules import ensure_event_of, ensure_held_on


@transaction.atomic
def move_milestone(*, cohort: Cohort, key: str, on: date, by: Membership, now: datetime) -> None:
    """Set a milestone's date for the whole cohort. Idempotent."""
    ensure_event_of(cohort, key)
    ensure_held_on(on, cohort)
    if _say(cohort, key, on):
        record(by=by, verb="moved milestone", thing=cohort, now=now, key=key, on=str(on))


@transaction.atomic
def call_off_milestone(*, cohort: Cohort, key: str, by: Membership, now: datetime) -> None:
    """Call off a milestone in this cohort. Idempotent."""
    ensure_event_of(cohort, key)
    if _say(cohort, key, None):
        record(by=by, verb="called off milestone", thing=cohort, now=now, key=key)


@transaction.atomic
def return_milestone(*, cohort: Cohort, key: str, by: Membership, now: datetime) -> None:
    """Restore a milestone to the curriculum's day. Idempotent."""
    ensure_event_of(cohort, key)
    gone, _rows = MilestoneDate.objects.filter(cohort=cohort, key=key).delete()
    if gone:
        record(by=by, verb="returned milestone", thing=cohort, now=now, key=key)


def _say(cohort: Cohort, key: str, on: date | None) -> bool:
    """Store the date. Returns whether anything changed."""
    said, is_new = MilestoneDate.objects.select_for_update().get_or_create(cohort=cohort, key=key, defaults={"on": on})
    if is_new or said.on == on:
        return is_new
    said.on = on
    said.save(update_fields=["on"])
    return True
