"""The page behind a nudge mail's link: log one date without signing in. It gives access to nothing else.

GET and HEAD change nothing, so mail scanners may follow the link; only POST logs. Of what was saved for the date, it
shows whether they did it and how it went: a link can be forwarded.
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251
from django.views.decorators.http import require_http_methods
from django_ratelimit.decorators import ratelimit

from cohorts.enrolment.current import date_at
from cohorts.mail.signed_links import BadLink, MailLink, read_nudge
from cohorts.models import Enrolment, Organisation, Step
from cohorts.tenancy.addresses import inside
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.forms import posted
from cohorts.web.language import page_language
from cohorts.web.link_pages import quiet
from goals.habits import back_fill
from goals.habits.actions.practice import log_practice, may_take_back, take_back_practice
from goals.habits.focus_queries import current_focuses
from goals.habits.forms.practice import PracticeForm, practice_form
from goals.habits.readers import readers_of_practice
from goals.habits.step_lookup import likely_focus, step_on
from goals.models import Practice


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
        return dead_link(request, Reason.DAMAGED)
    organisation = Organisation.objects.filter(pk=link.organisation_id).first()
    if organisation is None:
        return dead_link(request, Reason.REPLACED)
    with within(organisation):
        return _answer(request, link, organisation)


def _answer(request: HttpRequest, link: MailLink, organisation: Organisation) -> HttpResponse:
    now = organisation.now(timezone.now())
    today_url = f"{inside(organisation.slug, 'today')}?on={link.on.isoformat()}"
    enrolment = Enrolment.objects.select_related("leader__person").filter(pk=link.subject_id).first()
    if enrolment is None:
        return dead_link(request, Reason.REPLACED)
    language = enrolment.leader.person.language
    if not _is_open_to(enrolment, link):
        return dead_link(request, Reason.REPLACED, language=language)
    if not back_fill.is_open(link.on, today=date_at(enrolment, now), day1=enrolment.day1_on):
        return dead_link(request, Reason.EXPIRED, language=language, next_url=today_url)
    with translation.override(language):
        context = {"house": organisation, "today_url": today_url}
        return quiet(_page(request, enrolment, link, now, context))


def _page(
    request: HttpRequest, enrolment: Enrolment, link: MailLink, now: datetime, context: dict[str, Any]
) -> HttpResponse:
    step, today = step_on(enrolment, link.on), date_at(enrolment, now)
    said = Practice.objects.filter(enrolment=enrolment, on=link.on).first()
    is_undone = "undo" in request.POST
    if is_undone and said is not None and _may_undo(said, today):
        take_back_practice(practice=said, today=today, by=enrolment.leader)
        said = None
    # Show one plan, never a choice: a forwarded link must not reveal what the leader works on.
    focus = likely_focus(list(current_focuses(enrolment)), step)
    form = practice_form([focus] if focus else [], None, None if is_undone else posted(request))
    form.initial["did_it"] = "no" if said and not said.did_it else "yes"
    form.initial["went"] = said.went if said else None
    practice = _log(enrolment, link, form, step, said, now) if form.is_valid() else None
    shown = practice or (None if form.is_bound or "change" in request.GET else said)
    context |= {
        "on": link.on,
        "leader": enrolment.leader,
        "step": step.in_language(page_language()) if step else None,
        "form": form,
        "practice": shown,
        "is_earlier": practice is None,
        "day": WEEKDAYS_ABBR[link.on.weekday()],
        "may_undo": shown is not None and _may_undo(shown, today),
        "readers": readers_of_practice(),
    }
    status = 422 if form.is_bound and practice is None else 200
    return render(request, "programme/one_tap.html", context, status=status)


def _log(
    enrolment: Enrolment, link: MailLink, form: PracticeForm, step: Step | None, said: Practice | None, now: datetime
) -> Practice:
    words = form.words(said)
    for name in ("place", "line"):
        # Text written in the app is not shown here, so an empty field here does not delete it.
        words[name] = words[name] or getattr(said, name, "")
    today = date_at(enrolment, now)
    return log_practice(enrolment=enrolment, on=link.on, step=step, today=today, by=enrolment.leader, now=now, **words)


def _may_undo(practice: Practice, today: date) -> bool:
    """Undo forgets the whole entry, so words that this page does not show stand in its way."""
    return may_take_back(practice, today=today) and not (practice.place or practice.line)


def _is_open_to(enrolment: Enrolment, link: MailLink) -> bool:
    """Whether the leader the link was written to is still there, and the link was not revoked."""
    leader = enrolment.leader
    return enrolment.left_on is None and leader.is_active and leader.link_version == link.version
