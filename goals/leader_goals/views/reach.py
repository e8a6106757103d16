"""The goal a page is about, or 404."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from cohorts.web.http import MemberRequest
from goals.leader_goals.history import with_history, with_plans
from goals.models import Goal


def own_goal(request: MemberRequest, pk: int) -> Goal:
    """One of the leader's own goals."""
    mine = Goal.objects.filter(enrolment__leader=request.membership)
    return get_object_or_404(_whole(mine), pk=pk)


def visible_goal(request: MemberRequest, pk: int) -> Goal:
    """A goal of one's own, or one that a leader of one's own has proposed."""
    return get_object_or_404(_whole(Goal.objects.visible_to(request.membership)), pk=pk)


def told_goal(request: MemberRequest, pk: int) -> Goal:
    """The same with its history, for the page that tells all of it."""
    return get_object_or_404(with_plans(with_history(_whole(Goal.objects.visible_to(request.membership)))), pk=pk)


def _whole(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    return goals.select_related("enrolment__leader", "enrolment__sponsor", "agreed_by", "scored_by", "objective")
