"""Busy periods: an admin offers and withdraws them, a leader accepts or not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Cohort
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_choice
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.leader_goals.actions.busy import (
    answer_busy_period,
    offer_again,
    offer_busy_period,
    take_back_busy_answer,
    withdraw_busy_period,
)
from goals.leader_goals.busy import offered_to
from goals.leader_goals.busy_words import answered_words
from goals.leader_goals.forms.busy import BusyForm
from goals.models import BusyPeriod

YES, NO = "yes", "no"


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def busy_periods(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer a whole cohort to dial down, and see how many accepted."""
    cohort = get_object_or_404(Cohort, pk=pk)
    today = local_date(request.now, cohort.zone)
    form = BusyForm(posted(request), today=today)

    def save() -> HttpResponse:
        period = offer_busy_period(
            cohort=cohort, today=today, by=request.membership, now=request.now, **form.cleaned_data
        )
        sentence = _("Offered. Each leader decides on Today, in one tap.")
        messages.success(request, sentence, extra_tags=reverse("busy_withdrawal", args=[period.pk]))
        return redirect("busy_periods", cohort.pk)

    context = {"cohort": cohort, "offered": offered_to(cohort, today), "today": today}
    return form_page(request, form, save, "goals/leader_goals/busy_periods.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def busy_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw an offer."""
    period = withdraw_busy_period(period=_of_admin(pk), by=request.membership, now=request.now)
    sentence = _("Withdrawn. Dials that it has turned stay as they are until its last day.")
    messages.success(request, sentence, extra_tags=reverse("busy_return", args=[pk]))
    return redirect("busy_periods", period.cohort_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def busy_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer a withdrawn period again."""
    period = offer_again(period=_of_admin(pk), by=request.membership, now=request.now)
    return redirect("busy_periods", period.cohort_id)


@allow(Permission.WALK)
@require_POST
def busy_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """One tap: dial down for a busy period, or not."""
    period, enrolment = get_object_or_404(BusyPeriod, pk=pk), ensure_enrolment(request.membership)
    ensure_choice("answer", request.POST.get("answer", ""), {YES, NO})
    answer = answer_busy_period(
        period=period,
        enrolment=enrolment,
        accepts=request.POST["answer"] == YES,
        by=request.membership,
        now=request.now,
    )
    words = answered_words(answer, date_at(enrolment, request.now))
    messages.success(request, words, extra_tags=reverse("busy_answer_undoing", args=[pk]))
    return redirect("today")


@allow(Permission.WALK)
@require_POST
def busy_answer_undoing(request: MemberRequest, pk: int) -> HttpResponse:
    """The offer waits again."""
    take_back_busy_answer(
        period=get_object_or_404(BusyPeriod, pk=pk),
        enrolment=ensure_enrolment(request.membership),
        by=request.membership,
        now=request.now,
    )
    return redirect("today")


def _of_admin(pk: int) -> BusyPeriod:
    return get_object_or_404(BusyPeriod.objects.select_related("cohort"), pk=pk)
