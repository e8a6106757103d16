"""What an objective still needs before it can be agreed, and how SMART it is."""

from datetime import date

from goals.models import Objective
from goals.objectives.rules import aim_of
from goals.smart import Check, Missing, check, missing


def missing_of(objective: Objective) -> tuple[Missing, ...]:
    return missing(aim_of(objective, milestones=objective.milestones.count(), parts=0))


def checks_of(objective: Objective, *, milestones: int, parts: int, today: date) -> tuple[Check, ...]:
    return check(aim_of(objective, milestones=milestones, parts=parts), today=today)
