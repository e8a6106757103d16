"""The leader's day."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from coaching.calendars.coming import sessions_of_leader
from coaching.sponsoring.for_leader import columns_for_leader
from coaching.visiting.my_visits import visits_of_leader
from cohorts.enrolment.current import date_at, own_clock
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.query_dates import asked_date
from feedback360.rounds.waiting import rounds_of_leader
from goals.habits.readers import readers_of_practice
from goals.habits.sharing import has_questions, sharing_questions
from goals.leader_goals.for_leader import columns_for_goals
from programme.leader.today import today_of
from programme.leader.views.welcome import WELCOMED


@allow(Permission.WALK)
@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """Day n of ninety. `?on=` opens another date: a mail's own day, or one still open for logging."""
    clock = own_clock(
        request.membership,
        has_questions=has_questions(),
        rounds=rounds_of_leader(now=request.now),
        sessions=sessions_of_leader(now=request.now),
        **columns_for_leader(now=request.now),
        visits=visits_of_leader(now=request.now),
        **columns_for_goals(now=request.now),
    )
    if clock is None:
        return render(request, "programme/no_cohort.html")
    enrolment = clock.enrolment
    if enrolment.confirmed_at is None and not ("on" in request.GET or request.session.get(WELCOMED)):
        return redirect("welcome")
    local = date_at(enrolment, request.now)
    day = today_of(
        clock,
        organisation=request.organisation,
        today=local,
        on=asked_date(request, local),
        language=page_language(),
        now=request.now,
    )
    questions = sharing_questions(enrolment) if day.is_today and getattr(clock, "has_questions", False) else []
    context = {"day": day, "log": day.log, "readers": readers_of_practice(), "questions": questions}
    return render(request, "programme/today.html", context)
