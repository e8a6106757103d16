"""The path page, and each step that has been reached."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching.sponsoring.for_leader import columns_for_leader, for_leader
from cohorts.enrolment.current import date_at, ensure_enrolment, own_clock
from cohorts.models import Clock, Nudge, Step
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import live_of
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.leader.road import road_of
from programme.leader.upcoming import ahead_of, dues_of, late_end, reached_by, themes_of
from programme.progress.charts import strip_of
from programme.progress.leader_progress import progress_of


@allow(Permission.WALK)
@require_safe
def path(request: MemberRequest) -> HttpResponse:
    """Show the ninety days week by week: steps answered, today, and by title what is ahead."""
    clock = own_clock(request.membership, **columns_for_leader(now=request.now))
    if clock is None:
        return render(request, "programme/no_cohort.html")
    enrolment, organisation, language = clock.enrolment, request.organisation, page_language()
    cohort = enrolment.cohort
    progress = progress_of(enrolment, organisation=organisation, today=date_at(enrolment, request.now))
    calendar = progress.calendar
    dues = dues_of(clock, organisation=organisation, calendar=calendar, now=request.now)
    reached = reached_by(enrolment, {word.on: word for word in progress.logged}, language)
    ahead = ahead_of(dues, organisation=organisation, version_id=cohort.version_id, language=language)
    dated = diary_of(organisation, [cohort]).of_leader(enrolment, calendar)
    road = road_of(
        [*reached, *ahead],
        [live_of(each, cohort, language) for each in dated],
        calendar=calendar,
        today=progress.today,
        themes=themes_of(organisation.pk, cohort.version_id),
        practised=progress.weeks,
        language=language,
    )
    context = {
        "enrolment": enrolment,
        "progress": progress,
        "strip": strip_of(progress),
        "ends_on": calendar.date_of(90),
        "away_until": calendar.back_on(progress.today) if calendar.is_paused(progress.today) else None,
        "kept_free": for_leader(clock, calendar, progress.today).kept_free,
        "late_end": late_end(dues, calendar),
        "road": road,
        "has_steps": bool(dues),
        "has_reached": bool(reached),
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
