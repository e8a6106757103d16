"""A shorter handling time is easily bought with quality: such an objective asks for a partner that watches it. Pure."""

import re

from goals.models import Course, Family, Objective

HANDLING = re.compile(r"\baht\b|handling time|handle time|behandlingstid|håndteringstid|samtaletid", re.IGNORECASE)
WATCHES = (Family.FCR, Family.CSAT)


def is_handling_time(objective: Objective) -> bool:
    if objective.kpi is not None:
        return objective.kpi.family == Family.AHT
    return bool(HANDLING.search(objective.measure))


def needs_guardrail(objective: Objective) -> bool:
    """Whether handling time is to go down with nothing beside it that says what it costs.

    A partner measured by a KPI must be one of quality; with a measure in words, the person who chose it knows.
    """
    if objective.course != Course.DOWN or not is_handling_time(objective):
        return False
    partner = objective.guardrail
    if partner is None or is_handling_time(partner):
        return True
    return partner.kpi is not None and partner.kpi.family not in WATCHES
