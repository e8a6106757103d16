"""What an objective still needs before it can be agreed."""

from goals.models import Objective
from goals.objectives.rules import aim_of
from goals.smart import Missing, missing


def missing_of(objective: Objective) -> tuple[Missing, ...]:
    return missing(aim_of(objective, milestones=objective.milestones.count(), parts=0))
