"""Logging a date, taking it back, and reading what was logged."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.http import allow, respond
from cohorts.models import Enrolment
from cohorts.permissions import Permission
from goals.actions.practice import log_practice, take_back_practice
from goals.forms.history import PracticeFilter
from goals.forms.practice import practice_form
from goals.log import Log, log_of
from goals.models import Focus, Practice
from goals.own import date_at, ensure_enrolment
from goals.readers import readers_of_practice
from goals.steps import likely_focus, step_on
from goals.views.asked import asked_date, today_url

PER_PAGE = 30


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_new(request: HttpRequest) -> HttpResponse:
    """The log form of one date, and its answer. `?on=` names the date."""
    enrolment = ensure_enrolment(request.membership)
    today = date_at(enrolment, request.now)
    on = asked_date(request, today)
    focuses = list(enrolment.focuses.current())
    practice = enrolment.practices.filter(on=on).first()
    step = step_on(enrolment, on)
    data = request.POST if request.method == "POST" else None
    form = practice_form(focuses, practice, data, likely_focus(focuses, step))
    if form.is_valid():
        practice = log_practice(
            enrolment=enrolment,
            on=on,
            step=step,
            today=today,
            by=request.membership,
            now=request.now,
            **form.words(),
        )
        return _logged(request, enrolment, practice, focuses, today)
    log = _log(enrolment, on, today, practice, focuses)
    context = {"log": log.asking(form), "readers": readers_of_practice()}
    page = "goals/_log.html" if request.htmx else "goals/practice_new.html"
    return render(request, page, context, status=422 if form.is_bound else 200)


@allow(Permission.WALK)
@require_POST
def practice_undoing(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a log back."""
    mine = Practice.objects.visible_to(request.membership).select_related("enrolment")
    practice = get_object_or_404(mine, pk=pk)
    enrolment = practice.enrolment
    today = date_at(enrolment, request.now)
    take_back_practice(practice=practice, today=today, by=request.membership)
    log = _log(enrolment, practice.on, today, None, list(enrolment.focuses.current()))
    back_to = today_url(reverse("today"), practice.on, today)
    return respond(request, "goals/_log.html", {"log": log, "readers": readers_of_practice()}, back_to=back_to)


@allow(Permission.WALK)
@require_GET
def practices(request: HttpRequest) -> HttpResponse:
    """Everything the leader has logged, newest first."""
    mine = Practice.objects.visible_to(request.membership).select_related("focus", "step")
    form = PracticeFilter(request.GET)
    page = Paginator(form.narrow(mine), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "goals/practices.html", {"page": page, "form": form})


def _logged(
    request: HttpRequest, enrolment: Enrolment, practice: Practice, focuses: list[Focus], today: date
) -> HttpResponse:
    log = _log(enrolment, practice.on, today, practice, focuses)
    context = {"log": log, "readers": readers_of_practice()}
    return respond(request, "goals/_log.html", context, back_to=today_url(reverse("today"), practice.on, today))


def _log(enrolment: Enrolment, on: date, today: date, practice: Practice | None, focuses: list[Focus]) -> Log:
    is_reflected = enrolment.reflections.filter(on=on).exists()
    return log_of(
        enrolment_id=enrolment.pk,
        on=on,
        today=today,
        practice=practice,
        focuses=focuses,
        step=step_on(enrolment, on) if practice is None else None,
        is_reflected=is_reflected,
    )
