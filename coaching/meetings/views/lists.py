"""A leader's own 1:1s, and the people of a sponsor, coach or mentor."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from coaching.meetings.actions.pairings import sponsor_pairing
from coaching.meetings.lists import lines_of, partners_of, people_of
from coaching.models import PairingKind
from cohorts.enrolment.current import own_enrolment
from cohorts.models import Enrolment
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

PER_PAGE = 10


@allow(Permission.WALK)
@require_safe
def one_to_ones(request: MemberRequest) -> HttpResponse:
    """Show a leader whom they meet, when next, and what they have agreed to do."""
    lines = lines_of(list(partners_of(request.membership)), member=request.membership, today=request.today)
    has_sponsor_line = any(line.pairing.kind == PairingKind.SPONSOR for line in lines)
    enrolment = None if has_sponsor_line else own_enrolment(request.membership)
    context = {
        "lines": lines,
        "actions": [action for line in lines for action in line.own_actions],
        "enrolment": enrolment if enrolment and enrolment.sponsor_id else None,
    }
    return render(request, "coaching/meetings/one_to_ones.html", context)


@allow(Permission.PARTNER)
@require_safe
def my_people(request: MemberRequest) -> HttpResponse:
    """Show a sponsor, coach or mentor whom they meet, those first who need a talk."""
    page = Paginator(people_of(request.membership), PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(list(page.object_list), member=request.membership, today=request.today)
    return render(request, "coaching/meetings/my_people.html", {"page": page, "lines": lines})


@allow(Permission.MEET)
@require_POST
def sponsor_pairing_opening(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on to planning a talk of this leader and their sponsor, whether or not they have a pairing yet."""
    enrolment = get_object_or_404(Enrolment.objects.active().visible_to(request.membership), pk=pk)
    pairing = sponsor_pairing(
        enrolment=enrolment, organisation=request.organisation, by=request.membership, now=request.now
    )
    return redirect("session_new", pk=pairing.pk)
