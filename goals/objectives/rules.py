"""What an objective is held to. Asked by the forms, decided in the actions."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.web.bounds import (
    ensure_after_today,
    ensure_choice,
    ensure_figure,
    ensure_name,
    ensure_not_ahead,
    ensure_number,
    ensure_text,
)
from cohorts.web.refusals import Invalid
from goals.models import Course, Objective, Place, Unit, VoiceKind
from goals.objectives.facts import ObjectiveFacts
from goals.smart import Aim
from goals.teams.rules import ensure_voice_words

MAX_OUTCOME, MAX_WHY, MAX_DEPARTMENT, MAX_MEASURE, MAX_UNIT = 200, 280, 80, 120, 20
MAX_MILESTONE, MAX_MILESTONES = 160, 12
MAX_DAYS_AHEAD = 1827  # five years
MAX_PART, MAX_REASON = 200, 280
NUMBERS = ("baseline", "target", "tolerance")
# Frozen once an objective is agreed; PostgreSQL refuses them, too.
FROZEN = ("kpi", "measure", "unit", "course", "baseline", "baseline_on", "target", "tolerance", "weight")


def ensure_facts(facts: ObjectiveFacts, *, place: str, today: date, was: Objective | None = None) -> None:
    """The bounds of every value, and what must fit together. A draft may leave measure, date and parent open."""
    ensure_text("outcome", facts.outcome, most=MAX_OUTCOME)
    ensure_text("why", facts.why, most=MAX_WHY, is_required=False)
    ensure_name("department", facts.department, most=MAX_DEPARTMENT, is_required=place == Place.DEPARTMENT)
    ensure_text("measure", facts.measure, most=MAX_MEASURE, is_required=False)
    ensure_text("unit", facts.unit, most=MAX_UNIT, is_required=False)
    ensure_choice("course", facts.course, Course.values)
    ensure_number("weight", facts.weight, 1, 3)
    for name in NUMBERS:
        if getattr(facts, name) is not None:
            ensure_figure(name, getattr(facts, name))
    if facts.due_on is not None and (was is None or was.due_on != facts.due_on):
        ensure_due(facts.due_on, today=today)
    if facts.baseline_on is not None:
        ensure_not_ahead("baseline_on", facts.baseline_on, today=today)
    _ensure_way(facts)
    ensure_milestones(facts.milestones)
    if facts.kpi is not None and facts.kpi.archived_on is not None and (was is None or was.kpi_id != facts.kpi.pk):
        raise Invalid("kpi", _("This KPI is no longer in use. Choose another one."))
    if facts.guardrail is not None and was is not None and facts.guardrail.pk == was.pk:
        raise Invalid("guardrail", _("An objective cannot watch over itself."))


def ensure_due(due_on: date, *, today: date) -> None:
    """From tomorrow to five years ahead."""
    ensure_after_today("due_on", due_on, today=today)
    if due_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("due_on", _("Choose a day within five years."))


def _ensure_way(facts: ObjectiveFacts) -> None:
    """A start and a target that lie in the chosen direction; the same only where something is to stay."""
    start, target = facts.baseline, facts.target
    if facts.tolerance is not None and facts.tolerance < 0:
        raise Invalid("tolerance", _("Choose 0 or more."))
    if facts.course == Course.HOLD and target is not None and facts.tolerance is None:
        raise Invalid("tolerance", _("Say how far it may go up and down and still be where it should be."))
    if facts.kpi is not None and facts.kpi.unit == Unit.SHARE and target is not None and not 0 <= target <= 100:
        raise Invalid("target", _("A share lies between 0 and 100 per cent."))
    if start is None or target is None or facts.course not in (Course.UP, Course.DOWN):
        return
    if start == target:
        raise Invalid("target", _("Start and target are the same. If it should stay there, choose “Stay where it is”."))
    if (target > start) != (facts.course == Course.UP):
        raise Invalid("target", _("This target lies the other way. Check it, or the direction."))


def ensure_let_go_on(objective: Objective, on: date, *, today: date) -> None:
    """Today or earlier, and not before it was agreed."""
    ensure_not_ahead("on", on, today=today)
    if objective.agreed_on is not None and on < objective.agreed_on:
        raise Invalid("on", _("It was agreed after that day."))


def ensure_milestones(lines: tuple[str, ...]) -> None:
    if len(lines) > MAX_MILESTONES:
        raise Invalid("milestones", _("At most %(most)s milestones.") % {"most": MAX_MILESTONES})
    for line in lines:
        ensure_text("milestones", line, most=MAX_MILESTONE)
    if len({line.casefold() for line in lines}) < len(lines):
        raise Invalid("milestones", _("Two milestones are the same."))


def ensure_voice(kind: str, words: str) -> None:
    """Any kind, as a leader notes it."""
    ensure_choice("kind", kind, VoiceKind.values)
    ensure_voice_words(kind, words)


def takes_readings(objective: Objective) -> bool:
    """A number somebody enters: neither a KPI, which has figures of its own, nor milestones."""
    return objective.kpi_id is None and objective.course != Course.MILESTONES


def aim_of(objective: Objective, milestones: int, parts: int) -> Aim:
    """An objective as the SMART check reads it."""
    return aim(
        ObjectiveFacts(**{name: getattr(objective, name) for name in ObjectiveFacts.__slots__ if name != "milestones"}),
        place=objective.place,
        milestones=milestones,
        parts=parts,
    )


def aim(facts: ObjectiveFacts, *, place: str, milestones: int, parts: int) -> Aim:
    """What holds its place begins where it is to stay, so it needs no start of its own."""
    is_held = facts.course == Course.HOLD
    is_top = place == Place.ORGANISATION
    return Aim(
        outcome=facts.outcome,
        measure=facts.kpi.name if facts.kpi else facts.measure,
        unit=facts.unit,
        is_counted=facts.course != Course.MILESTONES,
        is_held=is_held,
        baseline=facts.target if is_held else facts.baseline,
        target=facts.target,
        has_steps=milestones > 0,
        why=facts.why,
        is_connected=facts.parent is not None,
        has_way=parts > 0,
        due_on=facts.due_on,
        needs_parent=not is_top,
    )
