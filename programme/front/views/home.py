"""The page after sign-in: the member's organisation, then the page of their role."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cohorts.people.memberships import belongings_of
from cohorts.web.http import allow
from cohorts.web.permissions import Permission, may


@require_safe
@login_required
def front(request: HttpRequest) -> HttpResponse:
    """Redirect to the person's only organisation, or let them choose."""
    belongings = belongings_of(request.user)  # type: ignore[arg-type]
    if len(belongings) == 1:
        return redirect(belongings[0].url)
    return render(request, "front/organisations.html", {"belongings": belongings})


@require_safe
@allow(Permission.BELONG)
def home(request: HttpRequest) -> HttpResponse:
    """Redirect a member to Today, their leaders, the cohorts, the people they meet or their visits, in that order."""
    for permission, name in (
        (Permission.WALK, "today"),
        (Permission.SPONSOR, "sponsor_home"),
        (Permission.RUN_COHORTS, "cohort_list"),
        (Permission.PARTNER, "my_people"),
        (Permission.HOST, "hosting"),
    ):
        if may(request.membership, permission):  # type: ignore[attr-defined]
            return redirect(name)
    return render(request, "front/no_role.html")
