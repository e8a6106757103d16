"""Log a date, undo it, and list what was logged."""

from datetime import date
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, respond
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.query_dates import asked_date, today_url
from goals.habits.actions.practice import log_practice, take_back_practice
from goals.habits.day_entry import open_entry, saved_entry
from goals.habits.focus_queries import current_focuses
from goals.habits.forms.history import PracticeFilter
from goals.habits.forms.practice import practice_form
from goals.habits.readers import readers_of_practice
from goals.habits.step_lookup import likely_focus, step_on
from goals.models import Practice
from goals.reserve import monday_of, sunday_of

PER_PAGE = 30


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_new(request: MemberRequest) -> HttpResponse:
    """The log form of one date, and saving it. `?on=` gives the date."""
    enrolment = ensure_enrolment(request.membership)
    today = date_at(enrolment, request.now)
    on = asked_date(request, today)
    focuses = list(current_focuses(enrolment))
    practice = enrolment.practices.filter(on=on).first()
    step = step_on(enrolment, on)
    data = posted(request)
    form = practice_form(focuses, practice, data, likely_focus(focuses, step))

    def save() -> HttpResponse:
        saved = log_practice(
            enrolment=enrolment,
            on=on,
            step=step,
            today=today,
            by=request.membership,
            now=request.now,
            **form.words(practice),
        )
        return _logged(request, saved, today)

    context = {"log": open_entry(enrolment, on, today, form), "readers": readers_of_practice()}
    page = "goals/_log.html" if request.htmx else "goals/practice_new.html"
    return form_page(request, form, save, page, context)


@allow(Permission.WALK)
@require_POST
def practice_undoing(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo a log."""
    mine = Practice.objects.visible_to(request.membership).select_related("enrolment")
    practice = get_object_or_404(mine, pk=pk)
    enrolment = practice.enrolment
    today = date_at(enrolment, request.now)
    take_back_practice(practice=practice, today=today, by=request.membership)
    # Today shows the day's step and its two answers again; htmx follows and takes the panel out of it.
    return redirect(today_url(reverse("today"), practice.on, today))


@allow(Permission.WALK)
@require_GET
def practices(request: MemberRequest) -> HttpResponse:
    """List all logs by week, newest first."""
    mine = Practice.objects.visible_to(request.membership)
    form = PracticeFilter(request.GET)
    listed = form.narrow(mine).select_related("focus", "step__version")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    language = page_language()
    texts = [(each, each.step.in_language(language) if each.step else None) for each in page]
    weeks = [(monday, list(rows)) for monday, rows in groupby(texts, key=lambda row: monday_of(row[0].on))]
    return render(request, "goals/practices.html", {"page": page, "weeks": weeks, "chips": form.chips(mine)})


def _logged(request: MemberRequest, practice: Practice, today: date) -> HttpResponse:
    enrolment, monday = practice.enrolment, monday_of(practice.on)
    entry = saved_entry(
        practice,
        today,
        done=set(enrolment.practices.done_between(monday, sunday_of(monday))),
        is_reflected=enrolment.reflections.filter(on=practice.on).exists(),
        language=get_language() or "en",
    )
    context = {"log": entry, "practice": practice}
    return respond(request, "goals/_logged.html", context, back_to=today_url(reverse("today"), practice.on, today))
