"""Check in on a goal: a number, or a step, on a date, and a line. And undo it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.current import date_at
from cohorts.models import Membership
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from goals.leader_goals.actions.moves import lock_goal
from goals.leader_goals.check_in_rules import ensure_check_in
from goals.leader_goals.policies import ensure_may_keep_goal
from goals.models import CheckIn, Goal, GoalState


@transaction.atomic
def check_in(
    *,
    goal: Goal,
    on: date,
    value: Decimal | None,
    step: int | None,
    line: str,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
    edition: int | None = None,
) -> CheckIn:
    """Check in for a date. One a day: the newest words stand, and what they overtook on its way changes nothing.

    The same key is the same entry, also when its date was corrected.
    """
    ensure_check_in(goal, on=on, value=value, step=step, line=line, today=today)
    ensure_edition(edition)
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    own = goal.check_ins.filter(key=key).first()
    of_the_day = goal.check_ins.filter(on=on).first()
    for earlier in (own, of_the_day):
        # Editions are instants on the leader's own devices, so they also order two forms of one day.
        if earlier is not None and was_overtaken(edition, earlier.edition):
            return earlier
    if own is not None and (own.on, own.value, own.step, own.line) == (on, value, step, line):
        return own
    ensure_under_way(goal)
    if own is not None and of_the_day is not None and own.pk != of_the_day.pk:
        of_the_day.delete()
    entry = own or of_the_day or CheckIn(goal=goal)
    for name, said in {"on": on, "value": value, "step": step, "line": line, "key": key, "edition": edition}.items():
        setattr(entry, name, said)
    entry.at = now
    entry.save()
    return entry


def may_take_back(entry: CheckIn, *, today: date) -> bool:
    """Whether a check-in can be undone: until the end of the day on which it was made, while the goal is under way."""
    goal = entry.goal
    return goal.state == GoalState.AGREED and date_at(goal.enrolment, entry.at) == today


@transaction.atomic
def take_back_check_in(*, entry: CheckIn, today: date, by: Membership) -> None:
    """Undo a check-in."""
    lock_goal(entry.goal)
    ensure_may_keep_goal(by, entry.goal)
    if not may_take_back(entry, today=today):
        raise NotNow(_("This can be undone on the day it was saved. You can still save another figure for that date."))
    CheckIn.objects.filter(pk=entry.pk).delete()


def ensure_under_way(goal: Goal) -> None:
    if goal.state != GoalState.AGREED:
        raise NotNow(_("This goal is not under way, so there is nothing to check in on."))
