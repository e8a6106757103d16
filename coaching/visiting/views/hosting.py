"""The host's page of one date with everybody who comes, and an admin's numbers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching.visiting.actions.attendance import mark_no_show, take_back_no_show
from coaching.visiting.actions.bookings import answer_guest
from coaching.visiting.figures import dates_with_counts, help_wanted
from coaching.visiting.guest_list import guest_list
from coaching.visiting.views.reach import booking_at_mine_or_404, hosted_visit_or_404
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.HOST)
@require_safe
def visit_guests(request: MemberRequest, pk: int) -> HttpResponse:
    """Who comes, with all sheets at once."""
    visit = hosted_visit_or_404(request, pk)
    context = {"list": guest_list(visit, reader=request.membership, now=request.now), "visit": visit}
    return render(request, "coaching/visiting/visit_guests.html", context)


@allow(Permission.HOST)
@require_POST
def guest_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Say yes or no to a guest of a competitor's house."""
    booking = booking_at_mine_or_404(request, pk)
    is_welcome = request.POST.get("answer") == "yes"
    answer_guest(booking=booking, is_welcome=is_welcome, by=request.membership, now=request.now)
    name = {"name": booking.guest.name}
    messages.success(request, (_("%(name)s has a place.") if is_welcome else _("%(name)s gets a mail.")) % name)
    return redirect("visit_guests", pk=booking.visit_id)


@allow(Permission.HOST)
@require_POST
def no_show(request: MemberRequest, pk: int) -> HttpResponse:
    """A guest did not come, with Undo."""
    booking = booking_at_mine_or_404(request, pk)
    mark_no_show(booking=booking, by=request.membership, now=request.now)
    sentence = _("%(name)s did not come. Only the two of you see this.") % {"name": booking.guest.name}
    messages.success(request, sentence, extra_tags=reverse("no_show_return", args=[booking.pk]))
    return redirect("visit_guests", pk=booking.visit_id)


@allow(Permission.HOST)
@require_POST
def no_show_return(request: MemberRequest, pk: int) -> HttpResponse:
    """They came after all."""
    booking = booking_at_mine_or_404(request, pk)
    take_back_no_show(booking=booking, by=request.membership, now=request.now)
    return redirect("visit_guests", pk=booking.visit_id)


@allow(Permission.RUN_COHORTS)
@require_safe
def visit_counts(request: MemberRequest) -> HttpResponse:
    """How many come to each date. Names nobody."""
    context = {"visits": dates_with_counts(now=request.now)[:200], "help_wanted": help_wanted()}
    return render(request, "coaching/visiting/visit_counts.html", context)
