"""A manager's branch, a sponsor's own mirror, and for admins what supports a cohort."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from coaching.branches.branch import branch_of
from coaching.branches.coverage import coverage_of
from coaching.branches.mirror import mirror_of
from coaching.branches.obstacles import obstacles_in
from coaching.branches.policies import has_branch
from coaching.models.sponsoring import SponsorAct
from cohorts.models import Cohort
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.time_zones import local_date
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.SPONSOR)
@require_safe
def branch(request: MemberRequest) -> HttpResponse:
    """Show a manager of sponsors how it goes below their own leaders; missing where nobody is."""
    if not has_branch(request.membership):
        raise Http404
    branch = branch_of(request.membership, organisation=request.organisation, today=request.today, now=request.now)
    return render(request, "coaching/branches/branch.html", {"branch": branch})


@allow(Permission.SPONSOR)
@require_safe
def mirror(request: MemberRequest) -> HttpResponse:
    """Show a sponsor their own figures, before anybody else's totals include them."""
    mirror = mirror_of(request.membership, organisation=request.organisation, today=request.today, now=request.now)
    context = {"mirror": mirror, "manager": request.membership.manager, "has_branch": has_branch(request.membership)}
    return render(request, "coaching/branches/mirror.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_support(request: MemberRequest, pk: int) -> HttpResponse:
    """Show an admin which of the nine cells a cohort uses, and what stands in the way of its sponsors."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    diary = diary_of(request.organisation, [cohort])
    day = diary.calendar(cohort).day(local_date(request.now, cohort.zone))
    context = {
        **header_of(cohort, "cohort_support", organisation=request.organisation, now=request.now, diary=diary),
        "coverage": coverage_of(cohort, day),
        "obstacles": obstacles_in(SponsorAct.objects.filter(enrolment__cohort=cohort)),
    }
    return render(request, "coaching/branches/cohort_support.html", context)
