"""A leader's visits: the list, one date with everything about booking it, and the acts on a booking."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.calendars.members import calendar_of_member
from coaching.models import Booking, BookingState, Visit, VisitState
from coaching.visiting.actions.attendance import say_what_helps
from coaching.visiting.actions.bookings import accept_offer, book, leave, undo_leaving
from coaching.visiting.actions.settling import next_date_of
from coaching.visiting.attendance import asks_for_help
from coaching.visiting.companions import companions_of
from coaching.visiting.forms.booking import BookForm, HelpForm, RulesForm
from coaching.visiting.my_visits import lines, my_bookings
from coaching.visiting.policies import is_guest
from coaching.visiting.queue_rules import places_free
from coaching.visiting.views.reach import own_booking_or_404, visit_or_404
from cohorts.web.forms import beside_its_field, form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

PAGE = "coaching/visiting/visit_booking.html"


@allow(Permission.WALK)
@require_safe
def my_visits(request: MemberRequest) -> HttpResponse:
    """Where each visit stands, and what to do next."""
    calendar = calendar_of_member(request.membership, request.organisation)
    found = lines(my_bookings(request.membership, now=request.now), calendar, now=request.now)
    ahead = [line for line in found if line.booking.ends_at > request.now]
    context = {
        "ahead": ahead[::-1],
        "behind": [line for line in found if line.booking.ends_at <= request.now],
        "help_form": HelpForm() if asks_for_help(request.membership, now=request.now) else None,
    }
    return render(request, "coaching/visiting/my_visits.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_booking(request: MemberRequest, pk: int) -> HttpResponse:
    """One date: book it, or see where one stands."""
    visit = visit_or_404(request, pk)
    form = BookForm(posted(request), host=visit.host, companions=companions_of(request.membership, visit))

    def save() -> HttpResponse:
        booking = book(
            visit=visit,
            rules_version=form.cleaned_data["rules_version"],
            key=form.cleaned_data["key"],
            companion=form.cleaned_data.get("companion"),
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _said(booking), extra_tags=reverse("booking_leaving", args=[booking.pk]))
        if other := overlapping(booking):
            sentence = _("You are also booked for %(visit)s at the same time.") % {"visit": other.visit.title}
            messages.warning(request, sentence)
        return redirect("visit_booking", pk=visit.pk)

    return form_page(request, form, save, PAGE, _context(request, visit))


@allow(Permission.BELONG)
@require_safe
def booking(request: MemberRequest, pk: int) -> HttpResponse:
    """Where a mail leads: the guest to the date, the host to the list of guests."""
    found = get_object_or_404(Booking.objects.visible_to(request.membership), pk=pk)
    return redirect("visit_booking" if is_guest(request.membership, found) else "visit_guests", pk=found.visit_id)


@allow(Permission.WALK)
@require_POST
def booking_accepting(request: MemberRequest, pk: int) -> HttpResponse:
    """Take up an offer. Only a POST does: whatever follows the link of a mail takes nothing."""
    booking = own_booking_or_404(request, pk)
    form = RulesForm(request.POST, host=booking.visit.host)
    with beside_its_field(form):
        if form.is_valid():
            rules_version = form.cleaned_data["rules_version"]
            taken = accept_offer(booking=booking, rules_version=rules_version, by=request.membership, now=request.now)
            messages.success(request, _said(taken), extra_tags=reverse("booking_leaving", args=[booking.pk]))
            return redirect("visit_booking", pk=booking.visit_id)
    return render(request, PAGE, {**_context(request, booking.visit), "rules_form": form}, status=422)


@allow(Permission.WALK)
@require_POST
def booking_leaving(request: MemberRequest, pk: int) -> HttpResponse:
    """Cancel, decline or leave the line, with Undo."""
    booking = leave(booking=own_booking_or_404(request, pk), by=request.membership, now=request.now)
    words = {
        BookingState.BOOKED: _("Your place is cancelled. You can undo this for ten minutes."),
        BookingState.OFFERED: _("You have declined. The place goes to the next in line."),
        BookingState.ASKED: _("You have taken your request back."),
        BookingState.WAITING: _("You are off the waiting list."),
    }
    said = words.get(BookingState(booking.left_from or booking.state), words[BookingState.BOOKED])
    messages.success(request, said, extra_tags=reverse("booking_return", args=[booking.pk]))
    return redirect("visit_booking", pk=booking.visit_id)


@allow(Permission.WALK)
@require_POST
def booking_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo leaving."""
    booking = undo_leaving(booking=own_booking_or_404(request, pk), by=request.membership, now=request.now)
    messages.success(request, _said(booking))
    return redirect("visit_booking", pk=booking.visit_id)


@allow(Permission.WALK)
@require_POST
def visit_help(request: MemberRequest) -> HttpResponse:
    """What would help somebody to come."""
    say_what_helps(wants=request.POST.get("wants", ""), by=request.membership, now=request.now)
    messages.success(request, _("Thank you. Only how often each answer is given reaches your programme admin."))
    return redirect("my_visits")


def overlapping(booking: Booking) -> Booking | None:
    """Another visit of the same guest at the same time. It is said, not forbidden."""
    length = ExpressionWrapper(F("visit__minutes") * timedelta(minutes=1), DurationField())
    end = ExpressionWrapper(F("visit__starts_at") + length, DateTimeField())
    others = Booking.objects.live().filter(guest=booking.guest_id, visit__starts_at__lt=booking.ends_at)
    others = others.exclude(pk=booking.pk).filter(visit__state=VisitState.OPEN).annotate(end=end)
    return others.filter(end__gt=booking.starts_at).select_related("visit").first()


def _said(booking: Booking) -> str:
    match booking.state:
        case BookingState.BOOKED:
            return _("You have a place.")
        case BookingState.ASKED:
            return _("Your request is with the host, who decides who comes.")
        case BookingState.OFFERED:
            return _("Two places are held. They are yours once both of you have said yes.")
        case _:
            return _("You are on the waiting list. You get a mail when a place is free.")


def _context(request: MemberRequest, visit: Visit) -> dict[str, Any]:
    booking = visit.bookings.live().filter(guest=request.membership).first()
    is_open = visit.state == VisitState.OPEN and visit.starts_at > request.now
    context: dict[str, Any] = {
        "visit": visit,
        "booking": booking,
        "is_open": is_open,
        "may_book": is_open and booking is None,
    }
    if booking is None:
        taken = visit.bookings.seated().count()
        context["has_room"] = bool(places_free(capacity=visit.capacity, taken=taken))
    if visit.state == VisitState.CANCELLED:
        context["following"] = next_date_of(visit, now=request.now)
    return context | (_standing(request, visit, booking) if booking else {})


def _standing(request: MemberRequest, visit: Visit, booking: Booking) -> dict[str, Any]:
    """Where somebody stands who is in the line or has a place."""
    mine = my_bookings(request.membership, now=request.now).filter(pk=booking.pk)
    line = lines(mine, calendar_of_member(request.membership, request.organisation), now=request.now)
    both = (
        visit.bookings.filter(group=booking.group).exclude(pk=booking.pk) if booking.group else Booking.objects.none()
    )
    partner = both.select_related("guest").first()
    return {
        "line": line[0] if line else None,
        "partner": partner.guest if partner else None,
        "answers": booking.state == BookingState.OFFERED and booking.accepted_at is None,
        "rules_form": RulesForm(host=visit.host),
    }
