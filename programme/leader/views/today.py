"""The leader's day."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cohorts.enrolment.current import date_at
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.query_dates import asked_date
from goals.habits.readers import readers_of_practice
from goals.habits.sharing import sharing_questions
from programme.leader.today import clock_for_today, today_of
from programme.leader.views.welcome import WELCOMED


@allow(Permission.WALK)
@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """Day n of ninety. `?on=` opens another date: a mail's own day, or one still open for logging."""
    clock = clock_for_today(request.membership, now=request.now)
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
