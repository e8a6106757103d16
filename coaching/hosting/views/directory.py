"""Where leaders find dates and hosts, what nobody shows yet, and answers to read afterwards."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching.hosting.actions.offers import offer_to_host, withdraw_offer
from coaching.hosting.dates import ahead, lines_of
from coaching.hosting.forms.directory import DirectoryFilter
from coaching.hosting.forms.questions import HostingOfferForm
from coaching.hosting.gaps import own_offers, unhosted
from coaching.models import Host, HostingOffer, TalkQuestion, Visit
from coaching.models.hosting import ON_THE_WALL
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

PAGE = 25


@allow(Permission.WALK)
@require_safe
def hosts(request: MemberRequest) -> HttpResponse:
    """Dates ahead, soonest first."""
    form = _filter(request)
    seen = ahead(Visit.objects.visible_to(request.membership), request.now).select_related("host")
    page = Paginator(form.dates(seen), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": lines_of(page.object_list), "form": form, "tab": "dates"}
    return render(request, "coaching/hosting/dates.html", context)


@allow(Permission.WALK)
@require_safe
def host_profiles(request: MemberRequest) -> HttpResponse:
    """Hosts by name, and what nobody shows."""
    form = _filter(request)
    found = form.hosts(Host.objects.visible_to(request.membership).active())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    offers = own_offers(request.membership)
    context = {
        "page": page,
        "form": form,
        "tab": "hosts",
        "gaps": [(behaviour, offers.get(behaviour)) for behaviour in unhosted()],
    }
    return render(request, "coaching/hosting/directory.html", context)


@allow(Permission.WALK)
@require_safe
def host_profile(request: MemberRequest, pk: int) -> HttpResponse:
    """One host and their dates."""
    host = get_object_or_404(Host.objects.visible_to(request.membership).active().select_related("member"), pk=pk)
    context: dict[str, Any] = {
        "host": host,
        "lines": lines_of(ahead(host.visits.select_related("host"), request.now)[:PAGE]),
    }
    return render(request, "coaching/hosting/host_profile.html", context)


@allow(Permission.WALK)
@require_safe
def talk_answers(request: MemberRequest) -> HttpResponse:
    """Talks that are over, newest first, for those who were on shift."""
    answered = TalkQuestion.objects.filter(state__in=ON_THE_WALL).exclude(answer="")
    talks = Visit.objects.visible_to(request.membership).filter(starts_at__lte=request.now, format__in=["talk", "ask"])
    talks = talks.open().filter(pk__in=answered.values("visit")).select_related("host").order_by("-starts_at", "-pk")
    page = Paginator(talks, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": lines_of(page.object_list), "tab": "answers"}
    return render(request, "coaching/hosting/answers.html", context)


@allow(Permission.WALK)
@require_POST
def hosting_offer(request: MemberRequest) -> HttpResponse:
    """A leader's team would show a behaviour."""
    form = HostingOfferForm(request.POST)
    if form.is_valid():
        offer = offer_to_host(member=request.membership, now=request.now, **form.cleaned_data)
        if offer is None:
            messages.success(request, _("You show this already."))
        else:
            sentence = _("Thank you. Your programme admin sees that your team would show “%(behaviour)s”.")
            messages.success(
                request,
                sentence % {"behaviour": Behaviour(offer.behaviour).label},
                extra_tags=reverse("offer_withdrawal", args=[offer.pk]),
            )
    return redirect("host_profiles")


@allow(Permission.WALK)
@require_POST
def offer_withdrawal(request: MemberRequest, offer_pk: int) -> HttpResponse:
    """Take one's own offer back."""
    offer = get_object_or_404(HostingOffer.objects.filter(member=request.membership), pk=offer_pk)
    withdraw_offer(offer=offer, by=request.membership)
    messages.success(request, _("Your offer is taken back."))
    return redirect("host_profiles")


def _filter(request: MemberRequest) -> DirectoryFilter:
    active: QuerySet[Host] = Host.objects.visible_to(request.membership).active()
    sites = active.exclude(site="").order_by("site").values_list("site", flat=True).distinct()
    return DirectoryFilter(request.GET, sites=list(sites[:100]))
