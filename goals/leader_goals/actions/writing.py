"""Write a goal down, change the draft, delete it."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from goals.habits.policies import ensure_may_keep
from goals.leader_goals.objective_choices import objectives_for
from goals.leader_goals.policies import ensure_may_keep_goal
from goals.leader_goals.rules import GoalPlan, ensure_own, ensure_plan
from goals.leader_goals.scale import stored
from goals.models import Goal, GoalFocus, GoalState

WORDS = (
    "outcome", "why", "measure", "unit", "direction", "baseline", "baseline_on", "target", "tolerance", "due_on",
    "weight", "objective",
)  # fmt: skip


@transaction.atomic
def write_goal(
    *,
    enrolment: Enrolment,
    plan: GoalPlan,
    today: date,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
    edition: int | None = None,
) -> Goal:
    """Save a new goal as a draft. The same key again with newer words changes the draft it began."""
    ensure_may_keep(by, enrolment)
    ensure_edition(edition)
    plan = _ensure(plan, enrolment, by, today)
    take_turns(enrolment)
    begun = Goal.objects.filter(enrolment=enrolment, key=key).select_related("enrolment").first() if key else None
    if begun is not None:
        return _write_again(begun, plan, edition)
    goal = Goal(enrolment=enrolment, written_at=now, key=key, edition=edition, **_values(plan))
    goal.save()
    _choose_focuses(goal, plan)
    return goal


@transaction.atomic
def rewrite_goal(
    *, goal: Goal, plan: GoalPlan, today: date, by: Membership, expected_revision: int | None = None
) -> Goal:
    """Change a draft. Raises Stale when it is not the expected revision, NotNow once it was proposed or agreed."""
    ensure_may_keep_goal(by, goal)
    plan = _ensure(plan, goal.enrolment, by, today)
    lock_revision(goal, expected_revision, "state", *WORDS)
    ensure_draft(goal)
    _save(goal, plan)
    return goal


@transaction.atomic
def delete_draft(*, goal: Goal, by: Membership) -> None:
    """Delete a draft that nobody else has seen. Raises NotNow for one that was proposed: that can only be let go."""
    ensure_may_keep_goal(by, goal)
    lock_revision(goal, None, "state")
    ensure_draft(goal)
    if goal.events.exists():
        raise NotNow(_("Your sponsor has seen this goal, so it keeps its story. You can let it go instead."))
    goal.by_focus.all().delete()
    # Django would also delete its story, which nobody may: PostgreSQL refuses that even where there is none.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM goals_goal WHERE organisation_id = %s AND id = %s", [goal.organisation_id, goal.pk])


def ensure_draft(goal: Goal) -> None:
    if goal.state == GoalState.PROPOSED:
        raise NotNow(_("This goal waits for your sponsor. Take it back first to change it."))
    if goal.state != GoalState.DRAFT:
        raise NotNow(_("This goal is agreed. Its measure and scale stay as they are."))


def _ensure(plan: GoalPlan, enrolment: Enrolment, by: Membership, today: date) -> GoalPlan:
    objectives = set(objectives_for(by).values_list("pk", flat=True)) if plan.objective else set()
    ensure_own(plan, enrolment_id=enrolment.pk, objectives=objectives)
    return ensure_plan(plan, today=today)


def _write_again(goal: Goal, plan: GoalPlan, edition: int | None) -> Goal:
    if goal.state == GoalState.DRAFT and not was_overtaken(edition, goal.edition):
        goal.edition = edition or goal.edition
        goal.save(update_fields=["edition"])
        _save(goal, plan)
    return goal


def _save(goal: Goal, plan: GoalPlan) -> None:
    save_revision(goal, **_values(plan))
    _choose_focuses(goal, plan)


def _values(plan: GoalPlan) -> dict[str, object]:
    return {**{name: getattr(plan, name) for name in WORDS}, "scale": stored(plan.rungs)}


def _choose_focuses(goal: Goal, plan: GoalPlan) -> None:
    goal.by_focus.exclude(focus__in=plan.focuses).delete()
    chosen = set(goal.by_focus.values_list("focus", flat=True))
    GoalFocus.objects.bulk_create(GoalFocus(goal=goal, focus=each) for each in plan.focuses if each.pk not in chosen)
