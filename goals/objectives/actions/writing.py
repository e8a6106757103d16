"""Write an objective, and change it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import lock, lock_revision, save_revision
from goals.models import Course, Objective, ObjectiveMilestone, ObjectiveState, Place, Team
from goals.objectives.connecting import ENDED, ensure_parent, take_tree_turns
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.policies import ensure_may_keep
from goals.objectives.rules import FROZEN, ensure_facts


@transaction.atomic
def write_objective(
    *,
    place: str,
    team: Team | None = None,
    facts: ObjectiveFacts,
    by: Membership,
    today: date,
    now: datetime,
    key: UUID | None = None,
    edition: int | None = None,
) -> Objective:
    """Begin an objective as a draft. The same key begins one, and rewords it while it is a draft."""
    ensure_may_write(by, place, team)
    ensure_facts(facts, place=place, today=today)
    ensure_edition(edition)
    take_tree_turns()
    if facts.parent is not None:
        ensure_parent(facts.parent, place=place, team_id=team.pk if team else None)
    lock(by)  # the same form twice: the second waits here, then finds what the first wrote
    begun = Objective.objects.filter(key=key, written_by=by).select_related("team").first() if key else None
    if begun is not None:
        return _write_again(begun, facts, edition, by=by, today=today, now=now)
    objective = Objective.objects.create(
        place=place, team=team, written_by=by, written_at=now, key=key, edition=edition, **_columns(facts, place)
    )
    _keep_milestones(objective, facts)
    _record(objective, "wrote objective", by, now)
    return objective


@transaction.atomic
def change_objective(
    *,
    objective: Objective,
    facts: ObjectiveFacts,
    by: Membership,
    today: date,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Save other words. Once agreed, measure, start, target and weight stay: write a new objective instead."""
    ensure_may_keep(by, objective)
    ensure_facts(facts, place=objective.place, today=today, was=objective)
    take_tree_turns()
    if facts.parent is not None:
        ensure_parent(facts.parent, place=objective.place, team_id=objective.team_id, moved=objective)
    columns = _columns(facts, objective.place)
    lock_revision(objective, expected_revision, *columns, "state", "agreed_on")
    ensure_open(objective)
    if objective.agreed_on is not None:
        _ensure_agreed_stays(objective, columns)
    else:
        _keep_milestones(objective, facts)
    save_revision(objective, **columns)
    _record(objective, "changed objective", by, now)


def ensure_may_write(by: Membership, place: str, team: Team | None) -> None:
    if place == Place.TEAM:
        if team is None or team.leader_id != by.pk:
            raise NotYours(_("Only the team’s leader can write its objectives."))
    elif not by.is_admin:
        raise NotYours(_("Only an admin can write objectives of the organisation and its departments."))


def ensure_open(objective: Objective) -> None:
    if objective.state in ENDED:
        raise NotNow(_("This objective has ended. Take it up again first."))


def _ensure_agreed_stays(objective: Objective, columns: dict[str, Any]) -> None:
    for name in FROZEN:
        if columns[name] != getattr(objective, name):
            raise Invalid(
                name, _("This was agreed and stays as it is. Let the objective go, and write a new one instead.")
            )
    for name in ("parent", "due_on"):
        if columns[name] is None and (name == "due_on" or objective.place != Place.ORGANISATION):
            raise Invalid(name, _("An agreed objective keeps a date and the objective above it."))


def _columns(facts: ObjectiveFacts, place: str) -> dict[str, Any]:
    """The row, in one spelling, without what does not belong to this kind of measure."""
    is_counted, is_held = facts.course != Course.MILESTONES, facts.course == Course.HOLD
    number = {name: getattr(facts, name) if is_counted else None for name in ("kpi", "baseline_on", "target")}
    return {
        **number,
        "outcome": " ".join(facts.outcome.split()),
        "why": facts.why.strip(),
        "department": facts.department.strip() if place == Place.DEPARTMENT else "",
        "parent": facts.parent,
        "measure": "" if number["kpi"] else facts.measure.strip(),
        "unit": "" if number["kpi"] or not is_counted else facts.unit.strip(),
        "course": facts.course,
        "baseline": facts.baseline if is_counted else None,
        "tolerance": facts.tolerance if is_held else None,
        "due_on": facts.due_on,
        "weight": facts.weight,
        "guardrail": facts.guardrail,
    }


def _keep_milestones(objective: Objective, facts: ObjectiveFacts) -> None:
    """The lines in their order; one that was there keeps its day."""
    wanted = facts.milestones if facts.course == Course.MILESTONES else ()
    there = {each.text: each for each in objective.milestones.all()}
    objective.milestones.exclude(text__in=wanted).delete()
    for number, text in enumerate(wanted, start=1):
        if text in there:
            ObjectiveMilestone.objects.filter(pk=there[text].pk).update(number=number)
        else:
            ObjectiveMilestone.objects.create(objective=objective, number=number, text=text)


def _write_again(
    begun: Objective, facts: ObjectiveFacts, edition: int | None, *, by: Membership, today: date, now: datetime
) -> Objective:
    is_draft = begun.state == ObjectiveState.DRAFT
    if is_draft and not was_overtaken(edition, begun.edition):
        begun.edition = edition or begun.edition
        begun.save(update_fields=["edition"])
        change_objective(objective=begun, facts=facts, by=by, today=today, now=now)
    return begun


def _record(objective: Objective, verb: str, by: Membership, now: datetime) -> None:
    record(by=by, verb=verb, thing=objective, now=now, place=objective.place)
