"""What goes out next, and a preview of the exact mail of any day."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.curriculum.reading import StepLine, chapters_of, rows_of
from cohorts.enrolment.going_out import GoingOutFilters, Show, going_out
from cohorts.enrolment.roster import sendings
from cohorts.models import Cohort, Step
from cohorts.nudges.mail import Preview, preview, send_test
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date
from cohorts.web.frames import asked_language, framed
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

PAGE = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mails(request: MemberRequest, pk: int) -> HttpResponse:
    """List the days with content by week, with the one the cohort has reached."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    calendar = _calendar(cohort)
    weeks = [
        (week, [(line, calendar.date_of(line.day)) for line in week.lines if isinstance(line, StepLine)])
        for week in chapters_of(rows_of(cohort.version), "week", asked_language(request))
    ]
    today = calendar.day(local_date(request.now, cohort.zone))
    context = {
        **header_of(cohort, "cohort_mails", organisation=request.organisation, now=request.now),
        "sendings": sendings(cohort, local_date(request.now, cohort.zone)),
        "weeks": [(week, lines) for week, lines in weeks if lines],
        "today": next((line for _week, lines in weeks for line, _on in lines if line.day == today), None),
    }
    return render(request, "cohorts/cohort_mails.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_going_out(request: MemberRequest, pk: int) -> HttpResponse:
    """List who gets which step tomorrow (or today), at what time, and who gets none and why."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    filters = GoingOutFilters.from_address(request.GET)
    today = local_date(request.now, cohort.zone)
    on = today if filters.is_today else today + timedelta(days=1)
    diary = diary_of(request.organisation, [cohort], with_leaders=True)
    lines = going_out(cohort, request.organisation, diary, on=on, now=request.now)
    page = Paginator(filters.apply(lines), PAGE).get_page(request.GET.get("page"))
    steps = Step.objects.in_bulk({line.step_id for line in page if line.step_id})
    language = page_language()
    context = {
        **header_of(cohort, "cohort_mails", organisation=request.organisation, now=request.now, diary=diary),
        "on": on,
        "going": sum(line.at is not None for line in lines),
        "by_mail": sum(line.outcome.show is Show.MAIL for line in lines),
        "everybody": len(lines),
        "events": [
            dated.milestone.in_language(language)
            for dated in diary.of_cohort(cohort)
            if dated.on == on and not dated.is_personal
        ],
        "chips": filters.chips(lines),
        "filters": filters,
        "kept": filters.kept(),
        "page": page,
        "rows": [(line, steps[line.step_id].in_language(language) if line.step_id else None) for line in page],
    }
    return render(request, "cohorts/going_out.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mail(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Show one mail: subject, text, and its HTML in a frame."""
    cohort, step = _load(pk, step_pk)
    steps = list(cohort.version.steps.values_list("pk", flat=True))
    at = steps.index(step.pk)
    context = {
        "cohort": cohort,
        "step": step,
        "mail": _preview(request, cohort, step),
        "language": asked_language(request),
        "used": step.in_language(asked_language(request)).language,
        "languages": settings.LANGUAGES,
        "earlier": steps[at - 1] if at else None,
        "later": steps[at + 1] if at + 1 < len(steps) else None,
    }
    return render(request, "cohorts/cohort_mail.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mail_html(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    cohort, step = _load(pk, step_pk)
    return framed(_preview(request, cohort, step).html)


@allow(Permission.RUN_COHORTS)
@require_POST
def cohort_mail_test(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Send the mail to the admin only."""
    cohort, step = _load(pk, step_pk)
    language = asked_language(request)
    went = send_test(
        step=step,
        membership=request.membership,
        language=language,
        on=_calendar(cohort).date_of(step.day),
        organisation=request.organisation,
        now=request.now,
    )
    if went:
        messages.success(request, _("Sent to %(email)s.") % {"email": request.membership.person.email})
    else:
        messages.error(request, _("The mail server did not accept it. Try again in a moment."))
    return redirect(f"{reverse('cohort_mail', args=[pk, step_pk])}?language={language}")


def _load(pk: int, step_pk: int) -> tuple[Cohort, Step]:
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    return cohort, get_object_or_404(Step, pk=step_pk, version=cohort.version_id)


def _preview(request: MemberRequest, cohort: Cohort, step: Step) -> Preview:
    return preview(
        step=step,
        membership=request.membership,
        language=asked_language(request),
        on=_calendar(cohort).date_of(step.day),
        organisation=request.organisation,
        now=request.now,
    )


def _calendar(cohort: Cohort) -> Calendar:
    """The cohort's calendar; a leader's own may differ."""
    return Calendar(
        day1=cohort.day1_on,
        zone=cohort.zone,
        hour=cohort.nudge_hour,
        working_days=frozenset(cohort.working_days),
    )
