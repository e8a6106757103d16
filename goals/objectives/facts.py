from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from goals.models import Kpi, Objective


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveFacts:
    """What somebody writes of an objective. `milestones` are one line each, for an objective without a number."""

    outcome: str
    why: str = ""
    department: str = ""
    parent: Objective | None = None
    kpi: Kpi | None = None
    measure: str = ""
    unit: str = ""
    course: str
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    tolerance: Decimal | None = None
    milestones: tuple[str, ...] = ()
    due_on: date | None = None
    weight: int = 2
    guardrail: Objective | None = None
