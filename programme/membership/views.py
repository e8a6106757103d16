"""The page of one member; suspend, let in, remove and invite again; leaving, which is everybody's own."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Membership
from cohorts.people.actions.access import let_back_in, suspend
from cohorts.people.actions.members import invite_back
from cohorts.people.member_header import tabs_of
from cohorts.people.memberships import belongings_of
from cohorts.people.policies import ensure_may_end
from cohorts.tenancy.addresses import front_door
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from programme.membership.actions import end_everything
from programme.membership.consequences import consequences_of
from programme.membership.facts import facts_of
from programme.membership.member_page import member_page


@allow(Permission.RUN_COHORTS)
@require_safe
def member(request: MemberRequest, pk: int) -> HttpResponse:
    """One member, former ones included, for admins."""
    found = _load(pk)
    return render(
        request,
        "programme/membership/member.html",
        {
            "page": member_page(found, by=request.membership, now=request.now),
            "member": found,
            "tabs": tabs_of(found, "member"),
        },
    )


@allow(Permission.RUN_COHORTS)
@require_POST
def member_suspension(request: MemberRequest, pk: int) -> HttpResponse:
    found = _load(pk)
    suspend(member=found, by=request.membership, now=request.now)
    sentence = _("%(name)s is suspended and can’t sign in here.") % {"name": found.name}
    messages.success(request, sentence, extra_tags=reverse("member_letting_in", args=[pk]))
    return redirect("member", pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def member_letting_in(request: MemberRequest, pk: int) -> HttpResponse:
    """End a suspension."""
    found = _load(pk)
    let_back_in(member=found, by=request.membership, now=request.now)
    sentence = _("%(name)s can sign in again.") % {"name": found.name}
    messages.success(request, sentence, extra_tags=reverse("member_suspension", args=[pk]))
    return redirect("member", pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def member_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Invite a former member again."""
    found = _load(pk)
    invite_back(member=found, by=request.membership, organisation=request.organisation, now=request.now)
    messages.success(request, _("A new invitation to %(name)s is on its way.") % {"name": found.name})
    return redirect("member", pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what goes and what stays, then remove."""
    found = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
    ensure_may_end(request.membership, found)
    if found.pk == request.membership.pk:
        return redirect("leaving")
    if request.method == "POST":
        end_everything(member=found, by=request.membership, organisation=request.organisation, now=request.now)
        messages.success(request, _("%(name)s is no longer a member.") % {"name": found.name})
        return redirect("members")
    consequences = consequences_of(facts_of(found, now=request.now), is_own=False)
    return render(request, "programme/membership/removal.html", {"member": found, "consequences": consequences})


@allow(Permission.BELONG)
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: MemberRequest) -> HttpResponse:
    """Show somebody what their own leaving means, then let them go."""
    mine, organisation = request.membership, request.organisation
    if request.method == "POST":
        end_everything(member=mine, by=mine, organisation=organisation, now=request.now)
        if not belongings_of(mine.person):
            logout(request)
        messages.success(request, _("You have left %(organisation)s.") % {"organisation": organisation.name})
        return redirect(front_door("home"))
    consequences = consequences_of(facts_of(mine, now=request.now), is_own=True)
    return render(request, "programme/membership/leaving.html", {"consequences": consequences})


def _load(pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("person", "manager"), pk=pk)
