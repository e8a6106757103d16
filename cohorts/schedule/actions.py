"""What a cohort can say about its live events. The past can be put right, too: it is a record of what took place."""

from datetime import date, datetime

from django.db import transaction

from cohorts.audit import record
from cohorts.models import Cohort, Membership, MilestoneDate


@transaction.atomic
def move_milestone(*, cohort: Cohort, key: str, on: date, by: Membership, now: datetime) -> None:
    """Hold a milestone on this very date, for everybody in the cohort. Saying it twice is saying it once."""
    if _say(cohort, key, on):
        record(by=by, verb="moved milestone", thing=cohort, now=now, key=key, on=str(on))


@transaction.atomic
def call_off_milestone(*, cohort: Cohort, key: str, by: Membership, now: datetime) -> None:
    """It does not take place in this cohort."""
    if _say(cohort, key, None):
        record(by=by, verb="called off milestone", thing=cohort, now=now, key=key)


@transaction.atomic
def return_milestone(*, cohort: Cohort, key: str, by: Membership, now: datetime) -> None:
    """Back to the curriculum's own day, whether it was moved or called off."""
    gone, _rows = MilestoneDate.objects.filter(cohort=cohort, key=key).delete()
    if gone:
        record(by=by, verb="returned milestone", thing=cohort, now=now, key=key)


def _say(cohort: Cohort, key: str, on: date | None) -> bool:
    """Whether that was news."""
    said, is_new = MilestoneDate.objects.select_for_update().get_or_create(cohort=cohort, key=key, defaults={"on": on})
    if is_new or said.on == on:
        return is_new
    said.on = on
    said.save(update_fields=["on"])
    return True
