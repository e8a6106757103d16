"""The rows a page is about, or 404: what somebody may not see is not there."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from coaching.models import AfterSheet, Booking, Visit
from coaching.visiting.policies import may_answer_guest
from cohorts.web.http import MemberRequest


def visit_or_404(request: MemberRequest, pk: int) -> Visit:
    """A visit of a host the member sees, or one they have booked."""
    visits = Visit.objects.select_related("host__member")
    return get_object_or_404(visits.visible_to(request.membership), pk=pk)


def own_booking_or_404(request: MemberRequest, pk: int) -> Booking:
    mine = Booking.objects.filter(guest=request.membership)
    return get_object_or_404(mine.select_related("visit__host__member", "guest__person"), pk=pk)


def hosted_visit_or_404(request: MemberRequest, pk: int) -> Visit:
    """A visit of mine; for admins also one of a site that no member looks after."""
    by_me = Q(host__member=request.membership)
    hosted = Visit.objects.filter(by_me | Q(host__member=None) if request.membership.is_admin else by_me)
    return get_object_or_404(hosted.select_related("host__member"), pk=pk)


def booking_at_mine_or_404(request: MemberRequest, pk: int) -> Booking:
    """A booking of a visit that the member looks after."""
    found = get_object_or_404(Booking.objects.select_related("visit__host__member", "guest__person"), pk=pk)
    if not may_answer_guest(request.membership, found.visit):
        raise Http404
    return found


def own_after_sheet_or_404(request: MemberRequest, pk: int) -> AfterSheet:
    """By the key of its booking."""
    mine = AfterSheet.objects.visible_to(request.membership).select_related(
        "booking__visit__host", "booking__guest", "focus"
    )
    return get_object_or_404(mine, booking=pk)
