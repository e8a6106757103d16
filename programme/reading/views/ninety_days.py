"""The ninety days, for everybody in the cohort: all thirteen weeks, and each in full.

Nothing in a curriculum is secret (decision 9). Nudges bring one step a day because that is what fits into a shift;
leaders read ahead here, and sponsors see what their leaders are asked to do.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cohorts.curriculum.actions.versions import newer_versions
from cohorts.curriculum.sources import source_lines
from cohorts.enrolment.policies import readable_cohorts
from cohorts.models import Cohort
from cohorts.schedule.cohort_header import header_of
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission, may
from programme.progress.measures import WEEKS
from programme.reading.ninety_days import standpoint_of, week_at, weeks_of

PAGE = 50


@allow(Permission.READ_PROGRAMME)
@require_safe
def ninety_days(request: MemberRequest) -> HttpResponse:
    """Redirect to the only readable cohort, or let the reader choose."""
    cohorts = readable_cohorts(request.membership).select_related("version")
    page = Paginator(cohorts, PAGE).get_page(request.GET.get("page"))
    if page.paginator.count == 1:
        return redirect("cohort_ninety_days", page.object_list[0].pk)
    return render(request, "programme/ninety_days_choice.html", {"page": page})


@allow(Permission.READ_PROGRAMME)
@require_safe
def cohort_ninety_days(request: MemberRequest, pk: int) -> HttpResponse:
    """Show every week with its theme, step titles and live events, and where the reader is now."""
    cohort, language = readable_cohort(request, pk), page_language()
    standpoint = standpoint_of(request.membership, cohort, organisation=request.organisation, now=request.now)
    weeks = weeks_of(standpoint, language)
    context: dict[str, Any] = {"cohort": cohort, "standpoint": standpoint, "weeks": weeks}
    if may(request.membership, Permission.RUN_COHORTS):
        context |= header_of(cohort, "cohort_ninety_days", organisation=request.organisation, now=request.now)
        context["newer"] = next(iter(newer_versions(cohort)), None)
    return render(request, "programme/ninety_days.html", context)


@allow(Permission.READ_PROGRAMME)
@require_safe
def cohort_week(request: MemberRequest, pk: int, week: int) -> HttpResponse:
    """Show one week in full: each step, the sponsor's part and live events."""
    if not 1 <= week <= WEEKS:
        raise Http404
    cohort, language = readable_cohort(request, pk), page_language()
    standpoint = standpoint_of(request.membership, cohort, organisation=request.organisation, now=request.now)
    found = week_at(standpoint, week, language)
    context = {
        "cohort": cohort,
        "standpoint": standpoint,
        "week": found,
        "steps": [(line, source_lines(cohort.version, [line.step.source], language)) for line in found.lines],
        "earlier": week - 1 if week > 1 else None,
        "later": week + 1 if week < WEEKS else None,
    }
    return render(request, "programme/week.html", context)


def readable_cohort(request: MemberRequest, pk: int) -> Cohort:
    """The cohort if the member may read its ninety days, else 404."""
    return get_object_or_404(readable_cohorts(request.membership).select_related("version"), pk=pk)
