"""The exact mail of any day, before it goes."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.http import MemberRequest, allow
from cohorts.mails import Preview, preview, send_test
from cohorts.models import Cohort, Step
from cohorts.path import Calendar
from cohorts.permissions import Permission

# The mail carries its styles on its elements. It stands alone in a sandboxed frame: no script, no form, no address.
ALONE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mails(request: MemberRequest, pk: int) -> HttpResponse:
    """The days that have content."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    language = _language(request)
    calendar = _calendar(cohort)
    days = [(step, step.in_language(language).title, calendar.date_of(step.day)) for step in cohort.version.steps.all()]
    context = {"cohort": cohort, "days": days, "language": language}
    return render(request, "cohorts/cohort_mails.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mail(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """One mail: subject, text, and its HTML in a frame of its own."""
    cohort, step = _load(pk, step_pk)
    steps = list(cohort.version.steps.values_list("pk", flat=True))
    at = steps.index(step.pk)
    context = {
        "cohort": cohort,
        "step": step,
        "mail": _preview(request, cohort, step),
        "language": _language(request),
        "languages": settings.LANGUAGES,
        "earlier": steps[at - 1] if at else None,
        "later": steps[at + 1] if at + 1 < len(steps) else None,
    }
    return render(request, "cohorts/cohort_mail.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_mail_html(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    cohort, step = _load(pk, step_pk)
    return HttpResponse(_preview(request, cohort, step).html, headers=ALONE)


@allow(Permission.RUN_COHORTS)
@require_POST
def cohort_mail_test(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """The mail to oneself, and to nobody else."""
    cohort, step = _load(pk, step_pk)
    language = _language(request)
    went = send_test(
        step=step,
        membership=request.membership,
        language=language,
        on=_calendar(cohort).date_of(step.day),
        organisation=request.organisation,
        now=request.now,
    )
    if went:
        messages.success(request, _("It is on its way to %(email)s.") % {"email": request.membership.person.email})
    else:
        messages.error(request, _("The mail server did not take it. Try again in a moment."))
    return redirect(f"{reverse('cohort_mail', args=[pk, step_pk])}?language={language}")


def _load(pk: int, step_pk: int) -> tuple[Cohort, Step]:
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    return cohort, get_object_or_404(Step, pk=step_pk, version=cohort.version_id)


def _preview(request: MemberRequest, cohort: Cohort, step: Step) -> Preview:
    return preview(
        step=step,
        membership=request.membership,
        language=_language(request),
        on=_calendar(cohort).date_of(step.day),
        organisation=request.organisation,
        now=request.now,
    )


def _calendar(cohort: Cohort) -> Calendar:
    """The cohort's own days; a leader's may differ by pauses and free days of theirs."""
    return Calendar(
        day1=cohort.day1_on,
        zone=cohort.zone,
        hour=cohort.nudge_hour,
        working_days=frozenset(cohort.working_days),
    )


def _language(request: MemberRequest) -> str:
    asked = request.GET.get("language") or request.POST.get("language") or get_language()
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
