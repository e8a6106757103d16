"""Where an objective stands: a reading entered by hand, a milestone that is done."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_figure, ensure_not_ahead, missing
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from goals.models import Objective, ObjectiveMilestone, ObjectiveReading
from goals.objectives.actions.writing import ensure_open
from goals.objectives.policies import ensure_may_keep
from goals.objectives.rules import takes_readings


@transaction.atomic
def enter_reading(
    *, objective: Objective, on: date, value: Decimal, by: Membership, today: date, now: datetime
) -> ObjectiveReading:
    """Enter where it stood on a day. Entered again for the same day, the newer number replaces the older one."""
    ensure_may_keep(by, objective)
    lock(objective)
    ensure_open(objective)
    if not takes_readings(objective):
        raise NotNow(_("This objective is not measured by a number that is entered here."))
    if value is None:
        raise missing("value")
    ensure_not_ahead("on", on, today=today)
    ensure_figure("value", value)
    reading, is_new = ObjectiveReading.objects.update_or_create(
        objective=objective, on=on, defaults={"value": value, "by": by, "at": now}
    )
    record(by=by, verb="entered reading" if is_new else "replaced reading", thing=objective, now=now, on=on.isoformat())
    return reading


@transaction.atomic
def mark_milestone(*, milestone: ObjectiveMilestone, is_done: bool, by: Membership, today: date, now: datetime) -> None:
    """Tick a milestone, or take the tick away. Idempotent."""
    ensure_may_keep(by, milestone.objective)
    lock(milestone.objective)
    ensure_open(milestone.objective)
    lock(milestone)
    if (milestone.done_on is not None) == is_done:
        return
    milestone.done_on = today if is_done else None
    milestone.save(update_fields=["done_on"])
    record(by=by, verb="reached milestone" if is_done else "reopened milestone", thing=milestone, now=now)
