"""The objective an address names, as far as the reader may see it."""

from django.shortcuts import get_object_or_404

from cohorts.web.http import MemberRequest
from goals.models import Objective
from goals.objectives.policies import ensure_may_keep


def seen_objective(request: MemberRequest, pk: int) -> Objective:
    rows = Objective.objects.visible_to(request.membership)
    return get_object_or_404(rows.select_related("team", "parent", "kpi", "guardrail__kpi"), pk=pk)


def kept_objective(request: MemberRequest, pk: int) -> Objective:
    objective = seen_objective(request, pk)
    ensure_may_keep(request.membership, objective)
    return objective
