"""The pages of managers of managers: their branch, and a sponsor's own mirror."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching.branches.branch import branch_of
from coaching.branches.mirror import mirror_of
from coaching.branches.policies import has_branch
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
    return render(request, "coaching/branches/mirror.html", {"mirror": mirror, "manager": request.membership.manager})
