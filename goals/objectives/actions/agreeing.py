"""Show a draft to the team, and agree an objective."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import lock, lock_revision, save_revision
from goals.models import Objective, ObjectiveState, Place
from goals.objectives.missing import missing_of
from goals.objectives.policies import ensure_may_keep
from goals.smart import Missing

# Where what is missing is filled in, and in which words.
FIELDS = {Missing.MEASURE: "measure", Missing.DATE: "due_on", Missing.PARENT: "parent"}


@transaction.atomic
def show_to_team(*, objective: Objective, by: Membership, now: datetime) -> None:
    """Let the team read a draft by its link and answer it; the leader's sponsor reads it from now on. Idempotent."""
    _move(objective, ObjectiveState.DRAFT, ObjectiveState.SHARED, by=by, now=now, verb="showed objective")


@transaction.atomic
def hide_from_team(*, objective: Objective, by: Membership, now: datetime) -> None:
    """Undo of `show_to_team`, until somebody has answered by the link. Idempotent."""
    lock(objective)
    if objective.voices.filter(by_link=True).exists():
        raise NotNow(_("Someone in the team has answered. Let the objective go if it no longer holds."))
    _move(objective, ObjectiveState.SHARED, ObjectiveState.DRAFT, by=by, now=now, verb="hid objective")


@transaction.atomic
def agree_objective(*, objective: Objective, by: Membership, today: date, now: datetime) -> None:
    """Freeze measure, start, target and weight. Needs a measure, a date, and the objective above it. Idempotent."""
    ensure_may_keep(by, objective)
    lock(objective)
    if objective.state == ObjectiveState.AGREED:
        return
    if objective.state not in (ObjectiveState.DRAFT, ObjectiveState.SHARED):
        raise NotNow(_("This objective has ended. Take it up again first."))
    for gap in missing_of(objective):
        raise Invalid(FIELDS[gap], gap_words(gap))
    save_revision(objective, state=ObjectiveState.AGREED, agreed_on=today)
    record(by=by, verb="agreed objective", thing=objective, now=now, place=objective.place)


def gap_words(gap: Missing) -> str:
    words = {
        Missing.MEASURE: _("Say how you will know: a measure with where it is today and where it should be."),
        Missing.DATE: _("Say by when."),
        Missing.PARENT: _("Choose the objective that this one serves."),
    }
    return words[gap]


def _move(objective: Objective, old: str, new: str, *, by: Membership, now: datetime, verb: str) -> None:
    ensure_may_keep(by, objective)
    lock_revision(objective, None, "state")
    if objective.state == new:
        return
    if objective.state != old or objective.place != Place.TEAM:
        raise NotNow(_("Only a draft of a team can be shown to it."))
    save_revision(objective, state=new)
    record(by=by, verb=verb, thing=objective, now=now)
