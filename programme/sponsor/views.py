"""The sponsor's pages: their week, all their leaders, and one leader."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coaching.branches.policies import has_branch
from coaching.calendars.coming import coming_sessions
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import State, Subject
from feedback360.rounds.waiting import tasks_of_sponsor
from goals.habits.actions.sharing import take_back_thanks, thank
from goals.habits.quotes import quote_of
from goals.leader_goals.sentences import facts_of, status_of
from goals.models import Goal, Reflection, Went
from programme.progress import sentences
from programme.progress.charts import strip_of, weekly_line_of
from programme.progress.leader_progress import Progress, progress_of
from programme.sponsor.briefs import brief_of
from programme.sponsor.leaders import chips_of, leader_rows
from programme.sponsor.needs import needs_of
from programme.sponsor.overview import Overview, overview_of, shared_with

SHOWN = 5
A_PAGE = 10


@allow(Permission.SPONSOR)
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show in one screen who needs the sponsor this week, why, and the two minutes they can give now."""
    language = page_language()
    overview = overview_of(request.membership, organisation=request.organisation, now=request.now, language=language)
    needs, rest = needs_of(overview)
    # What they have not thanked for yet stands on top, the newest first.
    unread_first = sorted(overview.shared, key=lambda each: each.thanked_at is not None)  # type: ignore[attr-defined]
    shared = [quote_of(each) for each in unread_first[:SHOWN]]
    context = {
        "overview": overview,
        "facts": _facts(overview) if overview.lines else "",
        "tasks": tasks_of_sponsor(request.membership),
        "before": [brief_of(part, language) for part in overview.before],
        "needs": needs,
        "rest": rest,
        "sessions": coming_sessions(request.membership, request.now),
        "newest": next(iter(shared), None),
        "older": shared[1:],
        "has_branch": not overview.lines and has_branch(request.membership),
        "unthanked": sum(each.thanked_at is None for each in overview.newly_shared),  # type: ignore[attr-defined]
    }
    return render(request, "sponsor/home.html", context)


@allow(Permission.SPONSOR)
@require_safe
def all_leaders(request: MemberRequest) -> HttpResponse:
    """Show every leader: how they are doing today, two weeks of practice, and what is new. `?status=` filters."""
    overview = overview_of(
        request.membership, organisation=request.organisation, now=request.now, language=page_language()
    )
    rows, status = leader_rows(overview, request.organisation, request.now), request.GET.get("status", "")
    chosen = [row for row in rows if row.status.key == status] or rows
    context = {
        "overview": overview,
        "rows": chosen,
        "chips": chips_of(rows, status),
        "has_branch": not rows and has_branch(request.membership),
    }
    return render(request, "sponsor/leaders.html", context)


@allow(Permission.SPONSOR)
@require_POST
def thanks(request: MemberRequest, reflection_pk: int) -> HttpResponse:
    """Tell the leader that what they shared was read."""
    reflection = _shared(request, reflection_pk)
    thank(reflection=reflection, by=request.membership, now=request.now)
    return _back(request, reflection)


@allow(Permission.SPONSOR)
@require_POST
def thanks_undoing(request: MemberRequest, reflection_pk: int) -> HttpResponse:
    """Take the thanks back."""
    reflection = _shared(request, reflection_pk)
    take_back_thanks(reflection=reflection, by=request.membership, now=request.now)
    return _back(request, reflection)


@allow(Permission.SPONSOR)
@require_safe
def leader(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one leader, limited to what a sponsor may see."""
    mine = Enrolment.objects.filter(sponsor=request.membership)
    enrolment = get_object_or_404(_with_newest_report(mine.select_related("leader", "cohort__version")), pk=pk)
    progress = progress_of(enrolment, organisation=request.organisation, today=date_at(enrolment, request.now))
    shared = shared_with(request.membership).filter(enrolment=enrolment)
    unread_first = shared.annotate(is_read=Q(thanked_at__isnull=False)).order_by("is_read", "-on", "-pk")
    page = Paginator(unread_first, A_PAGE).get_page(request.GET.get("page"))
    done = [word for word in reversed(progress.logged) if word.did_it]
    context = {
        "enrolment": enrolment,
        "progress": progress,
        "is_away": progress.calendar.is_paused(progress.today),
        "focuses": [(focus, focus.level_on(progress.today)) for focus in progress.focuses if focus.is_open],
        "goals": [(goal, facts_of(goal), *status_of(goal)) for goal in _goals_of(enrolment, request.membership)],
        "figures": _figures(progress),
        "strip": strip_of(progress, is_for_sponsor=True),
        "line": weekly_line_of(progress),
        "latest": [(word.on, Went(word.went).label) for word in done[:SHOWN] if word.went],
        "page": page,
        "quotes": [quote_of(each) for each in page],
    }
    return render(request, "sponsor/leader.html", context)


def _goals_of(enrolment: Enrolment, sponsor: Membership) -> QuerySet[Goal]:
    """What they agreed or are asked to agree, newest first."""
    theirs = Goal.objects.visible_to(sponsor).filter(enrolment=enrolment)
    return theirs.select_related("enrolment__sponsor").order_by("-pk")


def _with_newest_report(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """With `result_id` and `result_at` of the leader's newest released 360 report."""
    released = Subject.objects.filter(enrolment=OuterRef("pk"), withdrawn_at=None, round__state=State.RELEASED)
    newest = released.order_by("-round__releases_at")
    return enrolments.annotate(
        result_id=Subquery(newest.values("pk")[:1]), result_at=Subquery(newest.values("round__releases_at")[:1])
    )


def _facts(overview: Overview) -> str:
    """How many leaders, and their day when it is the same for all."""
    count, days = len(overview.lines), {line.day for line in overview.lines if line.is_under_way}
    leaders = ngettext("%(count)d leader", "%(count)d leaders", count) % {"count": count}
    if len(days) != 1:
        return leaders
    return _("%(leaders)s, day %(day)d of 90") % {"leaders": leaders, "day": days.pop()}


def _shared(request: MemberRequest, pk: int) -> Reflection:
    shared = Reflection.objects.visible_to(request.membership).filter(enrolment__sponsor=request.membership)
    return get_object_or_404(shared.select_related("enrolment"), pk=pk)


def _back(request: MemberRequest, reflection: Reflection) -> HttpResponse:
    """To the reflection, on the page on which the button was."""
    name, keys = ("leader", [reflection.enrolment_id]) if request.GET.get("from") == "leader" else ("sponsor_home", [])
    return redirect(f"{reverse(name, args=keys)}#reflection-{reflection.pk}")


def _figures(progress: Progress) -> list[dict[str, str]]:
    """Each number with its sentence, as components/figures.html shows it."""
    rate, regular = progress.practice_rate, progress.regularity
    return [
        {"label": _("Practice rate"), "number": sentences.percent(rate), "sentence": sentences.practice_rate(rate)},
        {
            "label": _("Weeks with practice"),
            "number": sentences.part(regular),
            "sentence": sentences.regularity(regular),
        },
    ]
