"""A leader's goals, in every state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cohorts.enrolment.current import date_at, own_clock
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.leader_goals.ageing import Ageing
from goals.leader_goals.ageing_words import age_words
from goals.leader_goals.attainment_words import AttainmentWords, attainment_words
from goals.leader_goals.for_leader import columns_for_goals, offers_of
from goals.leader_goals.history import ageing_of, attainment_of, with_history
from goals.leader_goals.rules import MAX_UNDER_WAY
from goals.leader_goals.sentences import facts_of, status_of
from goals.models import Goal, GoalState

UNDER_WAY = (GoalState.PROPOSED, GoalState.AGREED)


@dataclass(frozen=True, slots=True)
class Row:
    """One goal in a list."""

    goal: Goal
    url: str
    facts: str
    tone: str
    status: str
    ageing: Ageing | None
    age_words: str


@allow(Permission.WALK)
@require_GET
def goals(request: MemberRequest) -> HttpResponse:
    """List the leader's goals: under way, drafts, closed and let go; offers of busy periods come first."""
    mine = list(with_history(Goal.objects.filter(enrolment__leader=request.membership)).order_by("-pk"))
    rows = [_row(goal, date_at(goal.enrolment, request.now)) for goal in mine]
    groups = [
        (_("Under way"), [row for row in rows if row.goal.state in UNDER_WAY]),
        (_("Drafts"), [row for row in rows if row.goal.state == GoalState.DRAFT]),
        (_("Closed goals"), [row for row in rows if row.goal.state == GoalState.DONE]),
        (_("Goals let go"), [row for row in rows if row.goal.state == GoalState.LET_GO]),
    ]
    clock = own_clock(request.membership, **columns_for_goals(now=request.now))
    context = {
        "offers": offers_of(clock, request.now) if clock is not None else [],
        "groups": [(title, group) for title, group in groups if group],
        "attainment": _attainment(request, mine),
        "is_full": len(groups[0][1]) >= MAX_UNDER_WAY,
    }
    return render(request, "goals/leader_goals/goals.html", context)


def _row(goal: Goal, today: date) -> Row:
    tone, status = status_of(goal) if goal.state in UNDER_WAY else ("", "")  # the others say it above their group
    ageing = ageing_of(goal, today)
    return Row(goal, reverse("goal", args=[goal.pk]), facts_of(goal), tone, status, ageing, age_words(ageing))


def _attainment(request: MemberRequest, mine: Sequence[Goal]) -> AttainmentWords | None:
    """Of the enrolment that the newest goal belongs to."""
    if not mine:
        return None
    enrolment = mine[0].enrolment
    theirs = [goal for goal in mine if goal.enrolment_id == enrolment.pk]
    return attainment_words(attainment_of(enrolment, theirs, date_at(enrolment, request.now)))
