"""What an admin makes of a leader's offer to host."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.hosting.actions.offers import let_offer_go, take_up_offer
from coaching.models import HostingOffer
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_POST
def offer_taking_up(request: MemberRequest, offer_pk: int) -> HttpResponse:
    """Make the leader a host."""
    offer = get_object_or_404(HostingOffer.objects.select_related("member"), pk=offer_pk)
    host = take_up_offer(offer=offer, by=request.membership, organisation=request.organisation, now=request.now)
    messages.success(request, _("%(name)s is a host now and can open dates.") % {"name": offer.member.name})
    return redirect("hosting_host", host.pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def offer_letting_go(request: MemberRequest, offer_pk: int) -> HttpResponse:
    """Not now."""
    offer = get_object_or_404(HostingOffer.objects.select_related("member"), pk=offer_pk)
    let_offer_go(offer=offer, by=request.membership, now=request.now)
    messages.success(request, _("The offer is off the list."))
    return redirect("hosting")
