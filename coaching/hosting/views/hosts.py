"""The pages of a host: what is shown, closed days, and the dates. Admins have those of every host."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.hosting.actions.hosts import (
    add_host,
    begin_own_profile,
    black_out,
    change_host,
    hide_host,
    open_again,
    show_host,
)
from coaching.hosting.dates import ahead, lines_of
from coaching.hosting.forms.hosts import ClosedDaysForm, HostForm, NewHostForm
from coaching.hosting.gaps import hosts_by_behaviour
from coaching.hosting.views.reach import host_run_by
from coaching.models import Host, HostBlackout, HostingOffer, OfferState, QuestionState, TalkQuestion
from cohorts.schedule.time_zones import local_date
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import beside_its_field, form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

PAGE = 50
SOME_PAST = 10


@allow(Permission.HOST)
@require_safe
def hosting(request: MemberRequest) -> HttpResponse:
    """A host's own page; for admins all hosts, what nobody shows, offers and reported questions."""
    own = Host.objects.filter(member=request.membership).first()
    if own and not request.membership.is_admin:
        return redirect("hosting_host", own.pk)
    if not request.membership.is_admin:
        return render(request, "coaching/hosting/no_profile.html")
    page = Paginator(Host.objects.select_related("member"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "behaviours": hosts_by_behaviour(),
        "offers": HostingOffer.objects.filter(state=OfferState.OPEN).select_related("member"),
        "reported": TalkQuestion.objects.filter(state=QuestionState.REPORTED).select_related("visit"),
    }
    return render(request, "coaching/hosting/hosts.html", context)


@allow(Permission.HOST)
@require_POST
def hosting_begin(request: MemberRequest) -> HttpResponse:
    """Begin a profile of one's own."""
    host = begin_own_profile(member=request.membership, now=request.now)
    return redirect("hosting_profile", host.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def host_new(request: MemberRequest) -> HttpResponse:
    form = NewHostForm(posted(request), organisation=request.organisation)

    def save() -> HttpResponse:
        host = add_host(organisation=request.organisation, by=request.membership, now=request.now, **form.cleaned_data)
        if host.member:
            messages.success(request, _("%(name)s can now fill this in, and so can you.") % {"name": host.member.name})
        return redirect("hosting_profile", host.pk)

    return form_page(request, form, save, "coaching/hosting/host_new.html")


@allow(Permission.HOST)
@require_safe
def hosting_host(request: MemberRequest, pk: int) -> HttpResponse:
    """One host: dates ahead and lately, the terms, closed days."""
    host = host_run_by(request.membership, pk)
    return _host_page(request, host, ClosedDaysForm())


def _host_page(request: MemberRequest, host: Host, form: ClosedDaysForm) -> HttpResponse:
    today = local_date(request.now, host.zone)
    dates = host.visits.select_related("host")
    over = dates.filter(starts_at__lte=request.now, starts_at__gt=request.now - timedelta(days=90))
    page = Paginator(ahead(dates, request.now), PAGE).get_page(request.GET.get("page"))
    context = {
        "host": host,
        "page": page,
        "lines": lines_of(page.object_list),
        "over": lines_of(over.order_by("-starts_at", "-pk")[:SOME_PAST]),
        "closed": host.blackouts.filter(ends_on__gte=today),
        "form": form,
        "is_ready": bool(host.behaviours and host.formats and host.languages),
        "is_admin": request.membership.is_admin,
        "is_host": host.member_id == request.membership.pk,
    }
    with timezone.override(host.zone):
        return render(request, "coaching/hosting/host.html", context, status=422 if form.is_bound else 200)


@allow(Permission.HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def hosting_profile(request: MemberRequest, pk: int) -> HttpResponse:
    """What a host says about themselves."""
    host = host_run_by(request.membership, pk)
    if request.method == "POST":
        lock(host)
    form = HostForm(posted(request), host=host)

    def save() -> HttpResponse:
        version = host.rules_version
        change_host(
            host=host, facts=form.facts(), by=request.membership, now=request.now, expected_revision=form.revision
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        elif host.rules_version != version:
            messages.success(request, _("Saved. From now on guests accept the new house rules."))
        else:
            messages.success(request, _("Saved."))
        return redirect("hosting_host", host.pk)

    return form_page(request, form, save, "coaching/hosting/profile.html", {"host": host})


@allow(Permission.HOST)
@require_POST
def hosting_showing(request: MemberRequest, pk: int) -> HttpResponse:
    """Let leaders find the host."""
    host = host_run_by(request.membership, pk)
    show_host(host=host, by=request.membership, now=request.now)
    messages.success(
        request,
        _("Leaders find %(name)s now.") % {"name": host.name},
        extra_tags=reverse("hosting_hiding", args=[host.pk]),
    )
    return redirect("hosting_host", host.pk)


@allow(Permission.HOST)
@require_POST
def hosting_hiding(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the host out of the directory."""
    host = host_run_by(request.membership, pk)
    hide_host(host=host, by=request.membership, now=request.now)
    messages.success(
        request,
        _("Leaders no longer find %(name)s.") % {"name": host.name},
        extra_tags=reverse("hosting_showing", args=[host.pk]),
    )
    return redirect("hosting_host", host.pk)


@allow(Permission.HOST)
@require_POST
def hosting_closed_days(request: MemberRequest, pk: int) -> HttpResponse:
    """Close days to guests, and say how many dates lie in them already."""
    host = host_run_by(request.membership, pk)
    form = ClosedDaysForm(request.POST)
    with beside_its_field(form):
        if form.is_valid():
            today = local_date(request.now, host.zone)
            blackout = black_out(host=host, today=today, by=request.membership, now=request.now, **form.cleaned_data)
            messages.success(
                request,
                _("Closed. %(dates)s") % {"dates": _dates_inside(host, blackout)},
                extra_tags=reverse("hosting_closed_removal", args=[host.pk, blackout.pk]),
            )
            return redirect("hosting_host", host.pk)
    return _host_page(request, host, form)


def _dates_inside(host: Host, blackout: HostBlackout) -> str:
    with timezone.override(host.zone):
        inside = host.visits.open().filter(starts_at__date__range=(blackout.starts_on, blackout.ends_on)).count()
    if not inside:
        return _("No date lies in these days.")
    return ngettext(
        "%(count)d date lies in these days already, and stays until you move or cancel it.",
        "%(count)d dates lie in these days already, and stay until you move or cancel them.",
        inside,
    ) % {"count": inside}


@allow(Permission.HOST)
@require_POST
def hosting_closed_removal(request: MemberRequest, pk: int, blackout_pk: int) -> HttpResponse:
    """Open closed days again."""
    host = host_run_by(request.membership, pk)
    blackout = get_object_or_404(host.blackouts.select_related("host"), pk=blackout_pk)
    open_again(blackout=blackout, by=request.membership, now=request.now)
    messages.success(request, _("Guests can come on these days again."))
    return redirect("hosting_host", host.pk)
