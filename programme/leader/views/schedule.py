"""The leader's own hour, zone and working days; their mails; their days away."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.actions.enrolments import change_schedule, confirm_enrolment, end_pause, pause, set_mail
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.enrolment.forms.away import AwayForm
from cohorts.enrolment.forms.schedule import LeaderScheduleForm, leader_schedule_of
from cohorts.models import Clock, Enrolment, Pause
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.schedule.preview import days_ahead
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from programme.leader.upcoming import dues_of, late_end


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: MemberRequest) -> HttpResponse:
    """Show when nudges come; save hour, zone and working days."""
    enrolment = ensure_enrolment(request.membership)
    if request.method == "POST":
        lock(enrolment)
    form = _form(request, enrolment, posted(request))
    if form.is_valid():
        change_schedule(
            enrolment=enrolment,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        confirm_enrolment(enrolment=enrolment, by=request.membership, now=request.now)
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved. Nudges already sent do not change."))
        return redirect("schedule")
    return _page(request, enrolment, form, AwayForm(today=date_at(enrolment, request.now)))


@allow(Permission.WALK)
@require_POST
def own_pauses(request: MemberRequest) -> HttpResponse:
    """Add days away, which move the end of the ninety days."""
    enrolment = ensure_enrolment(request.membership)
    today = date_at(enrolment, request.now)
    away = AwayForm(request.POST, today=today)
    if not away.is_valid():
        return _page(request, enrolment, _form(request, enrolment), away)
    pause(
        cohort=enrolment.cohort,
        enrolment=enrolment,
        today=today,
        by=request.membership,
        now=request.now,
        **away.cleaned_data,
    )
    messages.success(request, _("Saved. Nothing is sent on those days, and your ninety days end that much later."))
    return redirect("schedule")


@allow(Permission.WALK)
@require_POST
def own_pause_ending(request: MemberRequest, pk: int) -> HttpResponse:
    """End days away early, or delete them before they begin."""
    enrolment = ensure_enrolment(request.membership)
    mine = get_object_or_404(enrolment.pauses.select_related("cohort", "enrolment"), pk=pk)
    end_pause(pause=mine, today=date_at(enrolment, request.now), by=request.membership, now=request.now)
    messages.success(request, _("Done. Your days count again."))
    return redirect("today" if request.GET.get("from") == "today" else "schedule")


@allow(Permission.WALK)
@require_POST
def own_mail(request: MemberRequest) -> HttpResponse:
    """Switch nudges by e-mail on or off. The card in the app always remains."""
    enrolment = ensure_enrolment(request.membership)
    is_on = request.POST.get("is_on") == "1"
    set_mail(enrolment=enrolment, is_on=is_on, by=request.membership, now=request.now)
    messages.success(
        request, _("Mails are switched on.") if is_on else _("Mails are switched off. Today still shows each step.")
    )
    return redirect("schedule")


def _form(request: MemberRequest, enrolment: Enrolment, said: QueryDict | None = None) -> LeaderScheduleForm:
    today = date_at(enrolment, request.now)
    return LeaderScheduleForm(
        said,
        initial=leader_schedule_of(enrolment, today),
        revision=enrolment.revision,
        organisation=request.organisation,
        today=today,
    )


def _page(request: MemberRequest, enrolment: Enrolment, form: LeaderScheduleForm, away: AwayForm) -> HttpResponse:
    today = date_at(enrolment, request.now)
    calendar = calendar_of(enrolment, request.organisation, pauses_of(enrolment))
    clock = Clock.objects.filter(enrolment=enrolment, next_at__isnull=False).select_related("enrolment__cohort").first()
    dues = dues_of(clock, organisation=request.organisation, calendar=calendar, now=request.now) if clock else []
    context = {
        "enrolment": enrolment,
        "form": form,
        "away": away,
        "ahead": days_ahead(calendar, today),
        "has_mail": "mail" in enrolment.channels,
        "pauses": Pause.objects.for_enrolment(enrolment).filter(ends_on__gte=today),
        "next": clock,
        "late_end": late_end(dues, calendar),
    }
    wrong = form.is_bound or away.is_bound
    return render(request, "programme/schedule.html", context, status=422 if wrong else 200)
