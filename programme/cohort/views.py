"""The leaders of a cohort: how it goes, who needs attention, and everybody with their last two weeks."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from coaching.branches.health import health_of
from coaching.sponsoring.asks_mail import silent_sponsors
from cohorts.enrolment.attention import groups_of
from cohorts.enrolment.roster import RosterLine, roster_of
from cohorts.enrolment.roster_filters import RosterFilters, sponsors_in
from cohorts.enrolment.sponsors import sponsors_of
from cohorts.models import Cohort
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.milestone_cards import Live, live_of
from cohorts.schedule.time_zones import local_date
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.cohort.activity import practised_lately
from programme.cohort.figures import (
    need_attention,
    next_live_event,
    practised_this_week,
    sponsors_silent,
    talks_and_mentors,
)
from programme.cohort.questions import questions_left
from programme.progress.two_weeks import Strip, strip_of

PAGE = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the cohort's leaders; with `?choose=1`, the page of a phone on which several are chosen."""
    cohorts = Cohort.objects.select_related("version").annotate(leave_questions=silent_sponsors())
    cohort = get_object_or_404(cohorts, pk=pk)
    today = local_date(request.now, cohort.zone)
    diary = diary_of(request.organisation, [cohort], with_leaders=True)
    lines = roster_of(cohort, request.organisation, request.now, diary)
    here = [line for line in lines if not line.has_left]
    filters = RosterFilters.from_address(request.GET)
    page = Paginator(filters.apply(lines), PAGE).get_page(request.GET.get("page"))
    practised = practised_lately(cohort, today)
    sponsors = sponsors_of(here)
    groups = [*groups_of(here, sponsors), *questions_left(cohort.leave_questions)]
    context = {
        **header_of(
            cohort, "cohort", organisation=request.organisation, now=request.now, diary=diary, leaders=len(here)
        ),
        "figures": [
            practised_this_week(here, practised, today),
            need_attention(groups),
            sponsors_silent(sponsors),
            next_live_event(_next_event(cohort, diary, today), today),
        ],
        "groups": groups,
        "talks": talks_and_mentors(health_of(cohort, request.now)),
        "chips": filters.chips(lines),
        "filters": filters,
        "kept": filters.kept("q", "sponsor"),
        "kept_by_choice": filters.kept("sort", "choose"),
        "sponsors": sponsors_in(lines),
        "page": page,
        "rows": [(line, _strip(line, practised.get(line.enrolment_id, frozenset()))) for line in page],
        "has_lines": bool(lines),
        "is_choosing": filters.is_choosing,
    }
    return render(request, "cohorts/cohort.html", context)


def _strip(line: RosterLine, practised: frozenset[date]) -> Strip | None:
    """None for somebody who hasn't started: two empty weeks would say that they missed them."""
    return strip_of(line.calendar, practised, line.today) if practised or line.sign_in is None else None


def _next_event(cohort: Cohort, diary: Diary, today: date) -> Live | None:
    ahead = (dated for dated in diary.of_cohort(cohort) if dated.on and dated.on >= today)
    found = next(ahead, None)
    return live_of(found, cohort, page_language()) if found else None
