"""The page behind a nudge mail's link: log one date without signing in. It gives access to nothing else.

GET and HEAD change nothing, so mail scanners may follow the link; only POST logs.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251
from django.views.decorators.http import require_http_methods
from django_ratelimit.decorators import ratelimit

from cohorts.enrolment.current import date_at
from cohorts.mail.signed_links import BadLink, MailLink, read_nudge
from cohorts.models import Enrolment, Organisation, Step
from cohorts.tenancy.addresses import inside
from cohorts.tenancy.wall import within
from goals.actions.practice import log_practice
from goals.focus_queries import current_focuses
from goals.forms.practice import PracticeForm, practice_form
from goals.models import Practice
from goals.readers import readers_of_practice
from goals.step_lookup import likely_focus, step_on


# CSRF-exempt: a page without a referrer posts `Origin: null`. The signed link authenticates, for this date alone.
@csrf_exempt
@ratelimit(key="ip", rate="600/m")  # a whole contact centre may tap at nine from one IP address
@ratelimit(key=lambda _group, request: request.path, rate="20/m")
@require_http_methods(["GET", "HEAD", "POST"])
def one_tap(request: HttpRequest, token: str) -> HttpResponse:
    """Log the date the link is signed for, as long as it can be logged."""
    try:
        link = read_nudge(token)
    except BadLink:
        return _gone(request, None)
    organisation = Organisation.objects.filter(pk=link.organisation_id).first()
    if organisation is None:
        return _gone(request, None)
    with within(organisation):
        return _sealed(_answer(request, link, organisation))


def _answer(request: HttpRequest, link: MailLink, organisation: Organisation) -> HttpResponse:
    now = organisation.now(timezone.now())
    today_url = f"{inside(organisation.slug, 'today')}?on={link.on.isoformat()}"
    enrolment = _enrolment(link)
    if enrolment is None or not link.is_open_for_logging(date_at(enrolment, now)):
        return _gone(request, today_url)
    with translation.override(enrolment.leader.person.language):
        return _page(request, enrolment, link, now, {"organisation_name": organisation.name, "today_url": today_url})


def _page(
    request: HttpRequest, enrolment: Enrolment, link: MailLink, now: datetime, context: dict[str, Any]
) -> HttpResponse:
    step = step_on(enrolment, link.on)
    # Show one plan, never a choice: a forwarded link must not reveal what the leader works on.
    focus = likely_focus(list(current_focuses(enrolment)), step)
    form = practice_form([focus] if focus else [], None, request.POST if request.method == "POST" else None)
    practice = _log(enrolment, link, form, step, now) if form.is_valid() else None
    context |= {
        "on": link.on,
        "is_today": link.on == date_at(enrolment, now),
        "step": step.in_language(translation.get_language() or "en") if step else None,
        "form": form,
        "practice": practice,
        "readers": readers_of_practice(),
    }
    status = 422 if form.is_bound and practice is None else 200
    return render(request, "programme/one_tap.html", context, status=status)


def _log(enrolment: Enrolment, link: MailLink, form: PracticeForm, step: Step | None, now: datetime) -> Practice:
    words = form.words()
    said = Practice.objects.filter(enrolment=enrolment, on=link.on).first()
    for name in ("place", "line"):
        # Text written in the app is not shown here, so an empty field here does not delete it.
        words[name] = words[name] or getattr(said, name, "")
    today = date_at(enrolment, now)
    return log_practice(enrolment=enrolment, on=link.on, step=step, today=today, by=enrolment.leader, now=now, **words)


def _enrolment(link: MailLink) -> Enrolment | None:
    """The enrolment the link was made for; None if the leader left or their links were revoked."""
    walking = Enrolment.objects.active().filter(pk=link.subject_id, leader__left_at=None)
    return walking.filter(leader__link_version=link.version).select_related("leader__person").first()


def _gone(request: HttpRequest, today_url: str | None) -> HttpResponse:
    """The same page for a cut, forged, expired or revoked link; signing in leads on to Today."""
    next_url = today_url or reverse("home")
    return _sealed(render(request, "programme/one_tap_gone.html", {"next_url": next_url}, status=410))


def _sealed(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
