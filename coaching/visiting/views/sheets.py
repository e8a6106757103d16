"""The three sheets of a visit, the plan that comes of them, and *did you try it?*"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching.models import AfterSheet, BeforeSheet, Booking, DuringSheet, HostThanks, VisitState
from coaching.visiting.actions.sheets import answer_tried, make_focus, save_after, save_before, save_during
from coaching.visiting.forms.sheets import AfterForm, BeforeForm, DuringForm
from coaching.visiting.rules import BEFORE_LINES, DURING_NOTES
from coaching.visiting.sheet_dates import ask_on
from coaching.visiting.views.reach import own_after_sheet_or_404, own_booking_or_404
from cohorts.enrolment.current import own_enrolment
from cohorts.schedule.time_zones import local_date
from cohorts.web.edit_form import EditForm
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from goals.habits.actions.focus import MAX_CURRENT_FOCUSES
from goals.habits.focus_queries import current_focuses

AFTER_FIELDS = ("behaviour", "cue", "response", "question_left")


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def before_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """What I come for: the ticket."""
    booking = own_booking_or_404(request, pk)
    sheet = BeforeSheet.objects.filter(booking=booking).first()
    saved = {name: getattr(sheet, name) for name in BEFORE_LINES} if sheet else _prefilled(request, booking)
    form = BeforeForm(posted(request), initial=saved, revision=_revision(request, sheet))

    def save() -> HttpResponse:
        save_before(booking=booking, lines=form.lines(), **_sent(request, form))
        return _saved(request, booking, BeforeForm, BeforeSheet, BEFORE_LINES, "before")

    return form_page(request, form, save, _page(request, "before"), _context(booking, sheet))


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def during_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """What I notice."""
    booking = own_booking_or_404(request, pk)
    sheet = DuringSheet.objects.filter(booking=booking).first()
    names = (*DURING_NOTES, "behaviours")
    saved = {name: getattr(sheet, name) for name in names} if sheet else {}
    form = DuringForm(posted(request), initial=saved, revision=_revision(request, sheet))

    def save() -> HttpResponse:
        behaviours = form.cleaned_data["behaviours"]
        save_during(booking=booking, notes=form.notes(), behaviours=behaviours, **_sent(request, form))
        return _saved(request, booking, DuringForm, DuringSheet, names, "during")

    return form_page(request, form, save, _page(request, "during"), _context(booking, sheet))


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def after_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """One thing to try, one question left, thanks to the host."""
    booking = own_booking_or_404(request, pk)
    sheet = AfterSheet.objects.filter(booking=booking).select_related("focus").first()
    saved = _after_values(sheet, booking) if sheet else {}
    form = AfterForm(posted(request), initial=saved, revision=_revision(request, sheet))

    def save() -> HttpResponse:
        said = {name: form.cleaned_data[name] for name in (*AFTER_FIELDS, "thanks", "would_host")}
        save_after(booking=booking, language=page_language(), **said, **_sent(request, form))
        messages.success(request, _("Saved."))
        return redirect("visit_tried", pk=booking.pk)

    return form_page(request, form, save, _page(request, "after"), _context(booking, sheet))


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_tried(request: MemberRequest, pk: int) -> HttpResponse:
    """What I noted: make it a focus, and two weeks later say whether I tried it."""
    sheet = own_after_sheet_or_404(request, pk)
    if request.method == "POST":
        was_tried = request.POST.get("was_tried") == "yes"
        answer_tried(sheet=sheet, was_tried=was_tried, by=request.membership, now=request.now)
        words = _("Good. That is how it sticks.") if was_tried else _("Thank you for saying so.")
        messages.success(request, words)
        return redirect("visit_tried", pk=pk)
    enrolment = own_enrolment(request.membership)
    context = {
        "sheet": sheet,
        "booking": sheet.booking,
        "is_asked": is_asked(sheet, now=request.now),
        "has_room": enrolment is not None and current_focuses(enrolment).count() < MAX_CURRENT_FOCUSES,
    }
    return render(request, "coaching/visiting/visit_tried.html", context)


@allow(Permission.WALK)
@require_POST
def visit_focus(request: MemberRequest, pk: int) -> HttpResponse:
    """The if-then becomes a focus."""
    make_focus(sheet=own_after_sheet_or_404(request, pk), by=request.membership, now=request.now)
    messages.success(request, _("It is one of your focuses now."))
    return redirect("visit_tried", pk=pk)


def is_asked(sheet: AfterSheet, *, now: datetime) -> bool:
    booking = sheet.booking
    zone = booking.guest.zone
    return local_date(now, zone) >= ask_on(local_date(booking.starts_at, zone))


def _page(request: MemberRequest, part: str) -> str:
    return f"coaching/visiting/{'_' if request.htmx else ''}{part}_sheet.html"


def _context(booking: Booking, sheet: Any, **more: Any) -> dict[str, Any]:
    return {"booking": booking, "visit": booking.visit, "sheet": sheet, "draft": f"visit:{booking.pk}", **more}


def _revision(request: MemberRequest, sheet: Any) -> int | None:
    """None for something new, and for the form that wrote the sheet: its own newer words need no comparing."""
    if sheet is None or request.POST.get("key") == str(sheet.key):
        return None
    revision: int = sheet.revision
    return revision


def _sent(request: MemberRequest, form: Any) -> dict[str, Any]:
    key: UUID = form.cleaned_data["key"]
    edition: int | None = form.cleaned_data["edition"]
    return {
        "key": key,
        "edition": edition,
        "expected_revision": form.revision,
        "by": request.membership,
        "now": request.now,
    }


def _saved(
    request: MemberRequest,
    booking: Booking,
    form_class: type[EditForm],
    model: Any,
    names: tuple[str, ...],
    part: str,
) -> HttpResponse:
    """The form again, with what is saved by now: a guest goes on writing in it."""
    if not request.htmx:
        messages.success(request, _("Saved."))
        return redirect(f"{part}_sheet", pk=booking.pk)
    sheet = model.objects.get(booking=booking)
    form = form_class(initial={name: getattr(sheet, name) for name in names}, revision=sheet.revision)
    context = {**_context(booking, sheet, is_saved=True), "form": form}
    return render(request, f"coaching/visiting/_{part}_sheet.html", context)


def _after_values(sheet: AfterSheet, booking: Booking) -> dict[str, str]:
    thanks = HostThanks.objects.filter(booking=booking).values_list("words", flat=True).first()
    return {**{name: getattr(sheet, name) for name in AFTER_FIELDS}, "thanks": thanks or ""}


def _prefilled(request: MemberRequest, booking: Booking) -> dict[str, str]:
    """What was written for an earlier date of this host that did not happen; else the behaviour of the focus."""
    earlier = BeforeSheet.objects.filter(
        booking__guest=request.membership,
        booking__visit__host=booking.visit.host_id,
        booking__visit__state=VisitState.CANCELLED,
    )
    sheet = earlier.order_by("-saved_at").first()
    if sheet is not None:
        return {name: getattr(sheet, name) for name in BEFORE_LINES}
    enrolment = own_enrolment(request.membership)
    focuses = list(current_focuses(enrolment)) if enrolment else []
    shown = [focus for focus in focuses if focus.behaviour in booking.visit.behaviours] or focuses
    return {"working_on": shown[0].behaviour_label} if shown else {}
