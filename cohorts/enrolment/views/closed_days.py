"""The closed days of a cohort: the list, and one day closed, kept open or taken back, shown before it is done."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.enrolment.actions.closed_days import Act, change_day
from cohorts.enrolment.actions.cohorts import ensure_past_stays, has_begun
from cohorts.enrolment.closed_days_page import effect_of, place_name, rows_of
from cohorts.enrolment.forms.closed_day import ClosedDayForm
from cohorts.models import Cohort
from cohorts.schedule.closed_days import ClosedDays, closed_days
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.date_words import date_words, fill
from cohorts.web.forms import beside_its_field
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.revisions import Stale


@allow(Permission.RUN_COHORTS)
@require_safe
def closed_day_list(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    return _list(request, cohort, ClosedDayForm(cohort=cohort))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def closed_day(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what the change moves; POST makes it. Undo posts without a form: the fields are in the query string."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    said = request.POST if "act" in request.POST else request.GET
    form = ClosedDayForm(said, cohort=cohort)
    after = _after(request, cohort, form)
    if after is None:
        return _list(request, cohort, form)
    if request.method != "POST":
        return _preview(request, cohort, form, after)
    before = closed_days(cohort)
    try:
        with beside_its_field(form):
            changed = change_day(
                cohort=cohort,
                act=Act(form.cleaned_data["act"]),
                on=form.cleaned_data["on"],
                name=form.cleaned_data["name"],
                by=request.membership,
                now=request.now,
                expected_revision=form.cleaned_data["revision"],
            )
    except Stale as stale:
        cohort.refresh_from_db()
        return _preview(request, cohort, form, form.after(), stale=stale)
    if form.errors:
        return _list(request, cohort, form)
    messages.success(request, _sentence(form), extra_tags=_undo(changed, before, form))
    return redirect("closed_day_list", cohort.pk)


def _after(request: MemberRequest, cohort: Cohort, form: ClosedDayForm) -> ClosedDays | None:
    """The closed days with the change, or None with the reason beside its field."""
    with beside_its_field(form):
        if form.is_valid():
            after = form.after()
            ensure_past_stays("on", cohort, closed_days(cohort), after, now=request.now)
            return after
    return None


def _undo(cohort: Cohort, before: ClosedDays, form: ClosedDayForm) -> str:
    """The URL to which a POST brings back what was there, unless the cohort changed again."""
    on = form.cleaned_data["on"]
    was = before.own_day(on)
    act = Act.TAKE_BACK if was is None else Act.CLOSE if was.is_closed else Act.OPEN
    said = {"act": act.value, "on": on.isoformat(), "name": was.name if was else "", "revision": cohort.revision}
    return f"{reverse('closed_day', args=[cohort.pk])}?{urlencode(said)}"


def _sentence(form: ClosedDayForm) -> str:
    said = form.cleaned_data
    sentences = {
        Act.CLOSE: _("%(date)s is closed. Nothing goes out that day."),
        Act.OPEN: _("%(date)s is kept open. It counts as a working day."),
        Act.TAKE_BACK: _("%(date)s follows the public holidays again."),
    }
    return fill(sentences[Act(said["act"])], {"date": date_words(said["on"], "WEEKDAY_FORMAT", is_first=True)})


def _preview(
    request: MemberRequest, cohort: Cohort, form: ClosedDayForm, after: ClosedDays, *, stale: Stale | None = None
) -> HttpResponse:
    said, language = form.cleaned_data, page_language()
    on, before = said["on"], closed_days(cohort)
    context = {
        "cohort": cohort,
        "act": said["act"],
        "on": on,
        "name": said["name"] or before.name(on, language),
        "fields": {
            "act": said["act"],
            "on": on.isoformat(),
            "name": said["name"],
            "revision": cohort.revision,
        },
        "is_closing": on in after,
        "effect": effect_of(cohort, after, on, organisation=request.organisation, language=language),
        "refusal": stale,
    }
    return render(request, "cohorts/closed_day.html", context, status=409 if stale else 200)


def _list(request: MemberRequest, cohort: Cohort, form: ClosedDayForm) -> HttpResponse:
    language = page_language()
    context = {
        **header_of(cohort, "cohort_milestones", organisation=request.organisation, now=request.now),
        "form": form,
        "rows": rows_of(cohort, request.organisation, language=language, now=request.now),
        "place": place_name(cohort, language),
        "has_begun": has_begun(cohort),
        "revision": cohort.revision,
    }
    return render(request, "cohorts/closed_days.html", context, status=422 if form.errors else 200)
