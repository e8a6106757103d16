"""The sponsor's pages: all their leaders this week, and one leader."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cohorts.enrolment.current import date_at
from cohorts.models import Cohort, Enrolment
from cohorts.models.curriculum import in_language
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import State, Subject
from feedback360.rounds.waiting import tasks_of_sponsor
from goals.models import Reflection, Went
from programme.progress import sentences
from programme.progress.charts import strip_of, weekly_line_of
from programme.progress.leader_progress import Progress, progress_of
from programme.sponsor.overview import overview_of

SHOWN = 5
A_PAGE = 10


@allow(Permission.SPONSOR)
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show their leaders, what was shared, and this week's part."""
    language = page_language()
    overview = overview_of(request.membership, organisation=request.organisation, now=request.now, language=language)
    waiting = [line for line in overview.lines if not line.has_begun]
    cohort = max((line.enrolment.cohort for line in waiting or overview.lines), key=_newest, default=None)
    brief, written_in = in_language(cohort.version.brief if cohort else {}, language)
    context = {
        "overview": overview,
        "tasks": tasks_of_sponsor(request.membership),
        "shared": [(each, each.written_at >= overview.new_since) for each in overview.shared[:SHOWN]],
        "quiet": [line for line in overview.lines if line.is_quiet],
        "cohort": cohort,
        "brief": brief,
        "written_in": written_in,
        "minutes": cohort.version.brief_minutes if cohort else 0,
        "is_before": bool(brief and waiting),
    }
    return render(request, "sponsor/home.html", context)


@allow(Permission.SPONSOR)
@require_safe
def leader(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one leader, limited to what a sponsor may see."""
    mine = Enrolment.objects.filter(sponsor=request.membership)
    enrolment = get_object_or_404(_with_newest_report(mine.select_related("leader", "cohort__version")), pk=pk)
    progress = progress_of(enrolment, organisation=request.organisation, today=date_at(enrolment, request.now))
    shared = Reflection.objects.visible_to(request.membership).filter(enrolment=enrolment)
    done = [word for word in reversed(progress.logged) if word.did_it]
    context = {
        "enrolment": enrolment,
        "progress": progress,
        "is_away": progress.calendar.is_paused(progress.today),
        "focuses": [(focus, focus.level_on(progress.today)) for focus in progress.focuses if focus.is_open],
        "numbers": _numbers(progress),
        "strip": strip_of(progress),
        "line": weekly_line_of(progress),
        "latest": [(word.on, Went(word.went).label) for word in done[:SHOWN] if word.went],
        "page": Paginator(shared.order_by("-on", "-pk"), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "sponsor/leader.html", context)


def _with_newest_report(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """With `result_id` and `result_at` of the leader's newest released 360 report."""
    released = Subject.objects.filter(enrolment=OuterRef("pk"), withdrawn_at=None, round__state=State.RELEASED)
    newest = released.order_by("-round__releases_at")
    return enrolments.annotate(
        result_id=Subquery(newest.values("pk")[:1]), result_at=Subquery(newest.values("round__releases_at")[:1])
    )


def _newest(cohort: Cohort) -> tuple[date, int]:
    return cohort.day1_on, cohort.pk


def _numbers(progress: Progress) -> list[tuple[str, str]]:
    """Each number with its sentence."""
    rate, regular = progress.practice_rate, progress.regularity
    return [
        (sentences.percent(rate), sentences.practice_rate(rate)),
        (sentences.part(regular), sentences.regularity(regular)),
    ]
