"""The path page, and each step that has been reached."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching.sponsoring.for_leader import columns_for_leader, for_leader
from cohorts.enrolment.current import date_at, ensure_enrolment, own_clock
from cohorts.models import Clock, Nudge, Step
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.leader.upcoming import Ahead, ahead_of, late_end, reached_by
from programme.progress.charts import strip_of
from programme.progress.leader_progress import progress_of


@allow(Permission.WALK)
@require_safe
def path(request: MemberRequest) -> HttpResponse:
    """Show the heat strip, what is ahead by theme with live events, and the steps reached."""
    clock = own_clock(request.membership, **columns_for_leader(now=request.now))
    if clock is None:
        return render(request, "programme/no_cohort.html")
    enrolment = clock.enrolment
    language = page_language()
    progress = progress_of(enrolment, organisation=request.organisation, today=date_at(enrolment, request.now))
    ahead = ahead_of(
        clock, organisation=request.organisation, calendar=progress.calendar, now=request.now, language=language
    )
    context = {
        "enrolment": enrolment,
        "progress": progress,
        "strip": strip_of(progress),
        "ends_on": progress.calendar.date_of(90),
        "kept_free": for_leader(clock, progress.calendar, progress.today).kept_free,
        "late_end": late_end(clock, organisation=request.organisation, calendar=progress.calendar, now=request.now),
        "ahead": ahead,
        "has_steps": any(isinstance(item, Ahead) for item in ahead),
        "reached": reached_by(enrolment, {word.on: word for word in progress.logged}, language),
    }
    return render(request, "programme/path.html", context)


@allow(Permission.WALK)
@require_safe
def step(request: MemberRequest, day: int) -> HttpResponse:
    """Show the steps of one curriculum day once they have been reached; earlier, redirect to their week."""
    enrolment = ensure_enrolment(request.membership)
    met = Nudge.objects.filter(enrolment=enrolment, step__day=day).values("step")
    due = Clock.objects.filter(enrolment=enrolment, next_on__lte=date_at(enrolment, request.now)).values("next_step")
    # In the version in which it was received: the cohort may have moved to a newer one since.
    reached = list(Step.objects.filter(Q(pk__in=met) | Q(pk__in=due), day=day).select_related("version"))
    if not reached:
        raise Http404
    language = page_language()
    texts = [(each, each.in_language(language)) for each in reached]
    theme = reached[0].version.theme_in(reached[0].theme, language)
    return render(request, "programme/step.html", {"day": day, "texts": texts, "theme": theme})
