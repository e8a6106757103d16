"""The summary for the sponsor: the leader chooses its lines first, then the sponsor reads them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coaching.agreements.actions.agreements import sponsor_of_now
from coaching.agreements.actions.lines import choose_lines
from coaching.agreements.policies import may_choose_lines
from coaching.agreements.reading import standing
from coaching.agreements.summary import candidates, shown_to
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_summary(request: MemberRequest, pk: int) -> HttpResponse:
    """For the leader, what could go, with a box at each line; for the sponsor, what the leader let through."""
    found = standing(request.membership, pk)
    if found is None:
        raise Http404
    agreement = found.agreement
    if request.method == "POST":
        number = choose_lines(
            agreement=agreement,
            seen=request.POST.getlist("seen"),
            shown=request.POST.getlist("line"),
            by=request.membership,
            now=request.now,
        )
        messages.success(
            request,
            ngettext("%(name)s sees %(number)d line now.", "%(name)s sees %(number)d lines now.", number)
            % {"name": found.newest.sponsor.name, "number": number},
        )
        return redirect("agreement_summary", pk=pk)
    if may_choose_lines(request.membership, agreement):
        sponsor = sponsor_of_now(agreement.pairing)
        context = {
            "standing": found,
            "summary": candidates(agreement, found.newest),
            "is_sponsor_of_now": sponsor is not None and sponsor.pk == found.newest.sponsor_id,
        }
        return render(request, "coaching/agreements/choosing.html", context)
    if not found.is_sponsor:
        raise Http404  # the coach knows the talks, and has no need of the leader's plans
    context = {"standing": found, "summary": shown_to(request.membership, agreement)}
    return render(request, "coaching/agreements/shown.html", context)
