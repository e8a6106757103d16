"""Turn the dial of a goal, and with it the dials of its focuses."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.current import take_turns
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from goals.dial_rules import NEVER_TURNED
from goals.habits.actions.focus import set_dial, take_back_dial
from goals.habits.policies import ensure_may_keep
from goals.habits.rules import ensure_dial, ensure_newest_turn, last_day, latest_dial_day
from goals.models import Focus, Goal, GoalDial
from goals.models.dialled import row_in_force


@transaction.atomic
def turn_goal_dial(
    *, goal: Goal, level: int, ends_on: date | None, today: date, by: Membership, now: datetime
) -> GoalDial:
    """Set the dial of a goal and of its current focuses from today, so that nudges follow. Adds rows, rewrites none.

    The row records whether that spent a reserve week. Weight, scale and target stay as they were agreed.
    """
    ensure_dial(level, ends_on, today=today, latest=latest_dial_day(goal.enrolment, today=today))
    _turn(goal, by)
    focuses = Focus.objects.current().filter(by_goal__goal=goal).select_related("enrolment")
    turned = [
        set_dial(focus=focus, level=level, ends_on=ends_on, today=today, by=by, now=now)
        for focus in focuses.order_by("pk")
    ]
    return GoalDial.objects.create(
        goal=goal,
        level=level,
        starts_on=today,
        ends_on=last_day(level, ends_on, today=today),
        is_reserve=any(dial.is_reserve for dial in turned),
        set_by=by,
        set_at=now,
    )


@transaction.atomic
def take_back_goal_dial(*, dial: GoalDial, today: date, by: Membership, now: datetime) -> None:
    """Set the dial of a goal, and of the focuses that were turned along, to what they stood on before. Adds rows."""
    goal = dial.goal
    _turn(goal, by)
    rows = list(goal.dials.order_by("pk"))
    ensure_newest_turn(dial, rows, today=today)
    for focus in Focus.objects.current().filter(by_goal__goal=goal).select_related("enrolment").order_by("pk"):
        newest = focus.dials.order_by("pk").last()
        # One that was turned on its own since stays as it is.
        if newest is not None and newest.set_at == dial.set_at and newest.period_id == dial.period_id:
            take_back_dial(dial=newest, today=today, by=by, now=now)
    before = row_in_force(rows[:-1], today)
    setting = before.setting if before else NEVER_TURNED
    GoalDial.objects.create(
        goal=goal,
        level=setting.level,
        starts_on=today,
        ends_on=setting.ends_on,
        period=before.period if before else None,
        set_by=by,
        set_at=now,
    )


def _turn(goal: Goal, by: Membership) -> None:
    take_turns(goal.enrolment)
    ensure_may_keep(by, goal.enrolment)
    if not Goal.objects.current().filter(pk=goal.pk).exists():
        raise NotNow(_("Only a goal that was agreed and is under way has a dial."))
