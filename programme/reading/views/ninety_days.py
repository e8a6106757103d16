"""The ninety days, read by anyone in the cohort: all thirteen weeks, and each of them in full.

Nothing in a curriculum is secret. Steps come one a day because one a day is what a shift has room for; whoever wants to
read ahead, or to know what their leader is asked to do, reads here.
"""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cohorts.enrolment.policies import readable_cohorts
from cohorts.models import Cohort
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from programme.progress.measures import WEEKS
from programme.reading.ninety_days import standpoint_of, week_at, weeks_of

PAGE = 50


@allow(Permission.BELONG)
@require_safe
def ninety_days(request: MemberRequest) -> HttpResponse:
    """Straight to the only cohort there is to read; else a choice."""
    cohorts = readable_cohorts(request.membership).select_related("version")
    page = Paginator(cohorts, PAGE).get_page(request.GET.get("page"))
    if page.paginator.count == 1:
        return redirect("cohort_ninety_days", page.object_list[0].pk)
    return render(request, "programme/ninety_days_choice.html", {"page": page})


@allow(Permission.BELONG)
@require_safe
def cohort_ninety_days(request: MemberRequest, pk: int) -> HttpResponse:
    """Every week with its theme, its steps by title and its live events; where the reader is now."""
    cohort, language = readable_cohort(request, pk), get_language() or "en"
    standpoint = standpoint_of(request.membership, cohort, organisation=request.organisation, now=request.now)
    weeks = weeks_of(standpoint, language)
    context = {"cohort": cohort, "standpoint": standpoint, "weeks": weeks}
    return render(request, "programme/ninety_days.html", context)


@allow(Permission.BELONG)
@require_safe
def cohort_week(request: MemberRequest, pk: int, week: int) -> HttpResponse:
    """One week in full: each step, the sponsor's part, and what takes place."""
    if not 1 <= week <= WEEKS:
        raise Http404
    cohort, language = readable_cohort(request, pk), get_language() or "en"
    standpoint = standpoint_of(request.membership, cohort, organisation=request.organisation, now=request.now)
    found, sources = week_at(standpoint, week, language), cohort.version.sources
    context = {
        "cohort": cohort,
        "standpoint": standpoint,
        "week": found,
        "steps": [(line, sources.get(line.step.source, "")) for line in found.lines],
        "earlier": week - 1 if week > 1 else None,
        "later": week + 1 if week < WEEKS else None,
    }
    return render(request, "programme/week.html", context)


def readable_cohort(request: MemberRequest, pk: int) -> Cohort:
    """The cohort, for whoever may read its ninety days; to others it does not exist."""
    return get_object_or_404(readable_cohorts(request.membership).select_related("version"), pk=pk)
