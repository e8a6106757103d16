"""The leader's day."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cohorts.http import MemberRequest, allow
from cohorts.permissions import Permission
from goals.own import date_at, own_clock
from goals.readers import readers_of_practice
from goals.views.asked import asked_date
from programme.today import today_of
from programme.views.welcome import WELCOMED


@allow(Permission.WALK)
@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """Day n of ninety. `?on=` opens another date: a mail's own day, or one still open for logging."""
    clock = own_clock(request.membership)
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
        language=get_language() or "en",
    )
    return render(request, "programme/today.html", {"day": day, "log": day.log, "readers": readers_of_practice()})
