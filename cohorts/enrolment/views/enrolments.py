"""One leader for admins: progress, schedule, sponsor, mails. Never what they wrote."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.enrolment.actions.enrolments import change_schedule, come_back, leave, pause, set_mail
from cohorts.enrolment.current import date_at
from cohorts.enrolment.forms.away import AwayForm
from cohorts.enrolment.forms.schedule import LeaderScheduleForm, leader_schedule_of
from cohorts.enrolment.roster import status_at
from cohorts.models import Clock, Enrolment, Invitation, Nudge, Pause
from cohorts.people.actions.members import change_sponsor
from cohorts.people.forms.people import SponsorForm
from cohorts.people.sign_in import sign_in_of
from cohorts.schedule.calendars import calendar_of
from cohorts.schedule.preview import days_ahead
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

LOG_PAGE = 20


@allow(Permission.RUN_COHORTS)
@require_safe
def enrolment(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    away = AwayForm(today=date_at(enrolment, request.now))
    return _page(request, enrolment, away, SponsorForm(enrolment=enrolment))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment_schedule(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    if request.method == "POST":
        lock(enrolment)
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
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved. Nudges already sent do not change."))
        return redirect("enrolment", enrolment.pk)

    context = {"enrolment": enrolment}
    return form_page(request, form, save, "cohorts/enrolment_schedule.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def enrolment_pauses(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    form = AwayForm(request.POST, today=date_at(enrolment, request.now))
    if not form.is_valid():
        return _page(request, enrolment, form, SponsorForm(enrolment=enrolment))
    added = pause(
        cohort=enrolment.cohort,
        enrolment=enrolment,
        today=date_at(enrolment, request.now),
        by=request.membership,
        now=request.now,
        **form.cleaned_data,
    )
    sentence = _("Saved. Nothing is sent on those days, and the ninety days end that much later.")
    messages.success(request, sentence, extra_tags=reverse("pause_ending", args=[added.pk]))
    return redirect("enrolment", enrolment.pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def enrolment_sponsor(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    lock(enrolment)
    form = SponsorForm(request.POST, enrolment=enrolment)
    if not form.is_valid():
        return _page(request, enrolment, AwayForm(today=date_at(enrolment, request.now)), form)
    change_sponsor(
        enrolment=enrolment,
        sponsor=form.cleaned_data["sponsor"],
        by=request.membership,
        now=request.now,
        expected_revision=form.revision,
    )
    messages.success(request, _("Saved. The leader has a new sponsor."))
    return redirect("enrolment", enrolment.pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def enrolment_mail(request: MemberRequest, pk: int, *, is_on: bool) -> HttpResponse:
    enrolment = _load(request, pk)
    set_mail(enrolment=enrolment, is_on=is_on, by=request.membership, now=request.now)
    sentence = _("Mails are switched on.") if is_on else _("Mails are switched off. Today still shows each step.")
    undo = reverse("enrolment_mail_off" if is_on else "enrolment_mail_on", args=[enrolment.pk])
    messages.success(request, sentence, extra_tags=undo)
    return redirect("enrolment", enrolment.pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def enrolment_leaving(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    leave(enrolment=enrolment, on=date_at(enrolment, request.now), by=request.membership, now=request.now)
    sentence = _("%(name)s was removed from the cohort. What they wrote stays theirs.") % {
        "name": enrolment.leader.name
    }
    messages.success(request, sentence, extra_tags=reverse("enrolment_return", args=[enrolment.pk]))
    return redirect("cohort", enrolment.cohort_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def enrolment_return(request: MemberRequest, pk: int) -> HttpResponse:
    enrolment = _load(request, pk)
    come_back(enrolment=enrolment, by=request.membership, now=request.now)
    messages.success(request, _("%(name)s is back in the cohort.") % {"name": enrolment.leader.name})
    return redirect("enrolment", enrolment.pk)


def _load(request: MemberRequest, pk: int) -> Enrolment:
    reachable = Enrolment.objects.visible_to(request.membership)
    return get_object_or_404(reachable.select_related("cohort", "leader__person", "sponsor"), pk=pk)


def _page(request: MemberRequest, enrolment: Enrolment, away: AwayForm, sponsor: SponsorForm) -> HttpResponse:
    today = date_at(enrolment, request.now)
    pauses = list(Pause.objects.for_enrolment(enrolment))
    spans = tuple((each.starts_on, each.ends_on) for each in pauses)
    calendar = calendar_of(enrolment, request.organisation, spans)
    clock = Clock.objects.filter(enrolment=enrolment).first()
    invitation = Invitation.objects.filter(membership=enrolment.leader).order_by("-pk").first()
    sign_in = sign_in_of(
        invitation,
        zone=enrolment.cohort.zone,
        now=request.now,
        suspended_at=enrolment.leader.suspended_at,
        left_at=enrolment.leader.left_at,
    )
    log = Nudge.objects.filter(enrolment=enrolment).order_by("-on", "-day", "channel")
    page = Paginator(log, LOG_PAGE).get_page(request.GET.get("page"))
    newest = page if page.number == 1 else log[:LOG_PAGE]
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "day": calendar.day(today),
        "status": status_at(enrolment, calendar, clock=clock, sign_in=sign_in, nudges=newest, now=request.now),
        "sign_in": sign_in,
        "today": today,
        "ahead": days_ahead(calendar, today),
        "pauses": [each for each in pauses if each.ends_on >= today],
        "clock": clock,
        "invitation": invitation,
        "has_mail": "mail" in enrolment.channels,
        "page": page,
        "away": away,
        "sponsor_form": sponsor,
    }
    wrong = away.is_bound or sponsor.is_bound
    return render(request, "cohorts/enrolment.html", context, status=422 if wrong else 200)
