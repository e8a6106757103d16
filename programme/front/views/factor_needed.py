"""The page for somebody who must add a second factor before an organisation opens."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cohorts.access.fresh import has_factor
from cohorts.models import Person
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.addresses import front_door
from cohorts.web.redirects import ours


@require_safe
@login_required
def factor_needed(request: HttpRequest) -> HttpResponse:
    """Leads on once they have one, or nobody asks for one any more."""
    person = cast(Person, request.user)
    belongings = belongings_of(person)
    asking = [each.name for each in belongings if each.asks_for_factor]
    if not asking or has_factor(person):
        return redirect(ours(request, request.GET.get("next"), otherwise=front_door("home")))
    others = [each for each in belongings if not each.asks_for_factor]
    return render(request, "front/factor_needed.html", {"asking": asking, "others": others})
