"""Let an objective go, with a reason and a date; close it; take it up again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from goals.models import Objective, ObjectiveState
from goals.objectives.actions.writing import ensure_open
from goals.objectives.policies import ensure_may_keep
from goals.objectives.rules import MAX_REASON, ensure_let_go_on

STATE = ("state", "agreed_on", "ended_on", "let_go_reason")


@transaction.atomic
def let_go_objective(
    *, objective: Objective, reason: str, on: date, by: Membership, today: date, now: datetime
) -> None:
    """Drop an objective on purpose. It stays in the tree with its reason, and no longer counts in its parent."""
    ensure_may_keep(by, objective)
    ensure_text("reason", reason, most=MAX_REASON)
    lock_revision(objective, None, *STATE)
    ensure_open(objective)
    ensure_let_go_on(objective, on, today=today)
    save_revision(objective, state=ObjectiveState.LET_GO, let_go_reason=reason.strip(), ended_on=on)
    record(by=by, verb="let go objective", thing=objective, now=now, place=objective.place)


@transaction.atomic
def take_up_objective(*, objective: Objective, by: Membership, now: datetime) -> None:
    """Go on with an objective that was let go or closed, as agreed as it was. Idempotent."""
    ensure_may_keep(by, objective)
    lock_revision(objective, None, *STATE)
    if objective.state not in (ObjectiveState.LET_GO, ObjectiveState.DONE):
        return
    state = ObjectiveState.AGREED if objective.agreed_on else ObjectiveState.DRAFT
    save_revision(objective, state=state, let_go_reason="", ended_on=None)
    record(by=by, verb="took up objective", thing=objective, now=now, place=objective.place)


@transaction.atomic
def close_objective(*, objective: Objective, by: Membership, today: date, now: datetime) -> None:
    """Close an agreed objective; its newest figure is its last. Idempotent."""
    ensure_may_keep(by, objective)
    lock_revision(objective, None, *STATE)
    if objective.state == ObjectiveState.DONE:
        return
    if objective.state != ObjectiveState.AGREED:
        raise NotNow(_("Only an agreed objective can be closed."))
    save_revision(objective, state=ObjectiveState.DONE, ended_on=today)
    record(by=by, verb="closed objective", thing=objective, now=now, place=objective.place)
