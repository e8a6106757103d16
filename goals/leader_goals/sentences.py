"""What a goal is about, in one quiet line, and how it stands, in a word or two."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cohorts.schedule.date_words import date_words, fill, join
from goals.leader_goals.ladder import with_unit
from goals.models import Direction, Goal, GoalState

TONES = {
    GoalState.DRAFT: "quiet",
    GoalState.PROPOSED: "waiting",
    GoalState.AGREED: "good",
    GoalState.DONE: "quiet",
    GoalState.LET_GO: "paused",
}


def facts_of(goal: Goal) -> str:
    """Measure, from where to where, and by when: as much of it as is written."""
    parts = [goal.measure.strip(), join(" ", filter(None, (_way(goal), _by(goal.due_on))))]
    return join(" · ", filter(None, parts))


def status_of(goal: Goal) -> tuple[str, str]:
    """A tone and its words, for the leader."""
    sponsor = goal.enrolment.sponsor
    words = {
        GoalState.DRAFT: _("Draft"),
        GoalState.PROPOSED: _("Waits for %(sponsor)s") % {"sponsor": sponsor.first_name} if sponsor else _("Waiting"),
        GoalState.AGREED: pgettext("goal", "Agreed"),
        GoalState.DONE: pgettext("goal", "Closed"),
        GoalState.LET_GO: pgettext("goal", "Let go"),
    }
    state = GoalState(goal.state)
    return TONES[state], words[state]


def agreed_words(goal: Goal) -> str:
    """Who agreed to it; empty before."""
    if goal.agreed_by is None:
        return ""
    if goal.agreed_by_id == goal.enrolment.leader_id:
        return _("Agreed without a sponsor")
    return _("Agreed with %(sponsor)s") % {"sponsor": goal.agreed_by.name}


def _way(goal: Goal) -> str:
    if goal.target is None or goal.direction == Direction.STEPS:
        return ""
    target = with_unit(goal.target, goal.unit)
    if goal.direction == Direction.HOLD:
        return _("stays at %(target)s") % {"target": target}
    if goal.baseline is None:
        return _("to %(target)s") % {"target": target}
    baseline = with_unit(goal.baseline, goal.unit)
    return _("from %(baseline)s to %(target)s") % {"baseline": baseline, "target": target}


def _by(due_on: date | None) -> str:
    return fill(_("by %(date)s"), {"date": date_words(due_on, "MONTH_DAY_FORMAT")}) if due_on else ""
