"""The cohorts of an organisation: the list, a new one, its settings, its download and its switch."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh, fresh_file
from cohorts.enrolment.actions.cohorts import change_cohort, has_begun, open_cohort, set_sending
from cohorts.enrolment.forms.cohort import CohortForm
from cohorts.enrolment.forms.schedule import schedule_of
from cohorts.enrolment.roster import RosterLine, roster_of
from cohorts.enrolment.roster_filters import RosterFilters
from cohorts.models import Cohort, CurriculumVersion
from cohorts.schedule.cohort_header import day_words, header_of
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.time_zones import local_date
from cohorts.web.csv_download import csv_response
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

PAGE = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_list(request: MemberRequest) -> HttpResponse:
    """Each cohort with its day, and how many of its leaders have practised since Monday."""
    here = Q(enrolments__left_on=None)
    today = _today(request)
    practised = here & Q(enrolments__last_practice_on__gte=today - timedelta(days=today.weekday()))
    counts = {"leaders": Count("enrolments", filter=here), "practised": Count("enrolments", filter=practised)}
    cohorts = Cohort.objects.select_related("version").annotate(**counts).order_by("-day1_on", "name")
    page = Paginator(cohorts, PAGE).get_page(request.GET.get("page"))
    diary = diary_of(request.organisation, page)
    rows = [(cohort, day_words(cohort, diary, request.now)) for cohort in page]
    return render(request, "cohorts/cohort_list.html", {"page": page, "rows": rows})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_new(request: MemberRequest) -> HttpResponse:
    if not CurriculumVersion.objects.exclude(published_at=None).exists():
        return render(request, "cohorts/no_curriculum.html")
    house = request.organisation
    initial = {"zone": str(house.zone), "nudge_hour": house.nudge_hour, "working_days": [1, 2, 3, 4, 5]}
    form = CohortForm(posted(request), organisation=request.organisation, today=_today(request), initial=initial)

    def save() -> HttpResponse:
        cohort = open_cohort(plan=form.plan(), by=request.membership, now=request.now)
        messages.success(request, _("%(cohort)s is open. Add its leaders next.") % {"cohort": cohort.name})
        return redirect("intake_new", cohort.pk)

    if "show_regions" in request.POST:
        return _with_regions(request, form, {})
    return form_page(request, form, save, "cohorts/cohort_form.html")


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_place(request: MemberRequest) -> HttpResponse:
    """The part of the form that hangs on the country, once another one is chosen."""
    initial = {"holidays": request.GET.get("holidays", "")}
    form = CohortForm(organisation=request.organisation, today=_today(request), initial=initial)
    return render(request, "cohorts/_place.html", {"form": form})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_change(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    if request.method == "POST":
        lock(cohort)
    form = CohortForm(
        posted(request),
        organisation=request.organisation,
        today=_today(request),
        cohort=cohort,
        has_begun=has_begun(cohort),
        initial=_as_said(cohort),
        revision=cohort.revision,
    )

    def save() -> HttpResponse:
        change_cohort(
            cohort=cohort,
            plan=form.plan(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved. Nudges already sent do not change."))
        return redirect("cohort", cohort.pk)

    context = header_of(cohort, "cohort_change", organisation=request.organisation, now=request.now)
    if "show_regions" in request.POST:
        return _with_regions(request, form, context)
    return form_page(request, form, save, "cohorts/cohort_form.html", context)


def _with_regions(request: MemberRequest, form: CohortForm, context: dict[str, Any]) -> HttpResponse:
    """The form as typed, with the regions of its country: what a browser without scripts asks for."""
    form.errors.clear()
    return render(request, "cohorts/cohort_form.html", {"form": form, **context})


@allow(Permission.RUN_COHORTS)
@require_safe
@fresh_file
def cohort_export(request: MemberRequest, pk: int) -> HttpResponse:
    """The lines the page shows under the same filters, all of them."""
    cohort = get_object_or_404(Cohort, pk=pk)
    lines = RosterFilters.from_address(request.GET).apply(roster_of(cohort, request.organisation, request.now))
    header = [_("Name"), _("E-mail"), _("Sponsor"), _("Day"), _("Last practice"), _("Today"), _("Nudge today")]
    return csv_response(cohort.name, header, map(_as_row, lines), language=page_language())


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh
def cohort_sending(request: MemberRequest, pk: int, *, is_on: bool) -> HttpResponse:
    """The kill switch, each way the other's Undo."""
    cohort = get_object_or_404(Cohort, pk=pk)
    set_sending(cohort=cohort, is_on=is_on, by=request.membership, now=request.now)
    if is_on:
        sentence, undo = _("Sending is on. Held steps come next, one a day."), "cohort_hold"
    else:
        sentence, undo = _("Sending is off. Nothing is sent, and nothing is lost."), "cohort_release"
    messages.success(request, sentence, extra_tags=reverse(undo, args=[cohort.pk]))
    return redirect("cohort", cohort.pk)


def _today(request: MemberRequest) -> date:
    return local_date(request.now, request.organisation.zone)


def _as_said(cohort: Cohort) -> dict[str, Any]:
    said = {name: getattr(cohort, name) for name in ("name", "classroom_ends_on", "day1_on", *CohortForm.PLACE)}
    return said | schedule_of(cohort) | {"version": cohort.version_id}


def _as_row(line: RosterLine) -> list[object]:
    practised = date_format(line.last_practice_on, "Y-m-d") if line.last_practice_on else ""
    day = line.day if line.day >= 1 else ""
    nudge = line.nudge.label if line.nudge else ""
    return [line.name, line.email, line.sponsor_name, day, practised, str(line.status), nudge]
