"""Onboarding: check hour, zone and days; pick a behaviour, make it a plan; see when the first nudge comes.

A flow of its own without navigation, its steps counted. Every step can be skipped, and taken up later from Today.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.enrolment.actions.enrolments import change_schedule, confirm_enrolment
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.enrolment.forms.schedule import LeaderScheduleForm, leader_schedule_of
from cohorts.models import Clock, Enrolment
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.schedule.preview import days_ahead
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.habits.focus_queries import current_focuses

WELCOMED = "welcomed"
# A plan is the third of four: it belongs to the page of a new focus (goals.habits.views.focuses).
NUMBERS = {"schedule": 1, "focus": 2, "done": 4}


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: MemberRequest) -> HttpResponse:
    """Three of four screens. `?step=` opens one of them; without it, the first unfinished one."""
    enrolment = ensure_enrolment(request.membership)
    if request.method == "POST":
        lock(enrolment)
    if not request.session.get(WELCOMED):
        request.session[WELCOMED] = True
    focuses = list(current_focuses(enrolment))
    step = _step(request, enrolment, bool(focuses))
    if step == "focus" and not focuses:
        return redirect(f"{reverse('focus_new')}?from=welcome")
    today = date_at(enrolment, request.now)
    form = LeaderScheduleForm(
        posted(request),
        initial=leader_schedule_of(enrolment, today),
        revision=enrolment.revision,
        organisation=request.organisation,
        today=today,
    )

    def save() -> HttpResponse:
        change_schedule(
            enrolment=enrolment,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        confirm_enrolment(enrolment=enrolment, by=request.membership, now=request.now)
        return go(request, f"{reverse('welcome')}?step={'done' if focuses else 'focus'}")

    context = {
        "enrolment": enrolment,
        "step": step,
        "number": NUMBERS[step],
        "focuses": focuses,
        "ahead": days_ahead(calendar_of(enrolment, request.organisation, pauses_of(enrolment)), today),
        "first": Clock.objects.filter(enrolment=enrolment).first(),
    }
    return form_page(request, form, save, "programme/welcome.html", context)


def _step(request: MemberRequest, enrolment: Enrolment, has_focus: bool) -> str:
    if request.method == "POST":
        return "schedule"
    asked = request.GET.get("step", "")
    if asked in NUMBERS:
        return asked
    if enrolment.confirmed_at is None:
        return "schedule"
    return "done" if has_focus else "focus"
