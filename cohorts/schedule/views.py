"""The live events of a cohort: their dates, and moving, calling off and restoring them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.models import Cohort, Milestone
from cohorts.models.curriculum import MilestoneText
from cohorts.schedule.actions import call_off_milestone, move_milestone, return_milestone
from cohorts.schedule.closed_days import OwnDay, closed_days
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.forms import MilestoneForm
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_dates import Dated
from cohorts.schedule.path import LENGTH
from cohorts.schedule.time_zones import local_date
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission


@dataclass(frozen=True, slots=True)
class Row:
    """One milestone on the page, with the form that moves it."""

    dated: Dated[Milestone]
    text: MilestoneText
    form: MilestoneForm
    is_past: bool


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_milestones(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Cohort.objects.select_related("version"), pk=pk))


@allow(Permission.RUN_COHORTS)
@require_POST
def milestone_date(request: MemberRequest, pk: int, milestone: str) -> HttpResponse:
    """Set the date. It may be in the query string, because Undo posts to a URL without a form."""
    cohort, before = _load(request, pk, milestone)
    said = request.POST if "on" in request.POST else request.GET
    form = MilestoneForm(said, cohort=cohort, auto_id=f"{milestone}-%s")
    if not form.is_valid():
        return _page(request, cohort, refused={milestone: form})
    on = form.cleaned_data["on"]
    move_milestone(cohort=cohort, key=milestone, on=on, by=request.membership, now=request.now)
    sentence = _("“%(title)s” is on %(date)s, for the whole cohort.")
    facts = {"title": _title(before), "date": date_words(on, "WEEKDAY_FORMAT")}
    return _done(request, cohort, fill(sentence, facts), before)


@allow(Permission.RUN_COHORTS)
@require_POST
def milestone_calling_off(request: MemberRequest, pk: int, milestone: str) -> HttpResponse:
    cohort, before = _load(request, pk, milestone)
    call_off_milestone(cohort=cohort, key=milestone, by=request.membership, now=request.now)
    return _done(request, cohort, _("“%(title)s” is cancelled.") % {"title": _title(before)}, before)


@allow(Permission.RUN_COHORTS)
@require_POST
def milestone_return(request: MemberRequest, pk: int, milestone: str) -> HttpResponse:
    """Restore the curriculum's day."""
    cohort, before = _load(request, pk, milestone)
    return_milestone(cohort=cohort, key=milestone, by=request.membership, now=request.now)
    sentence = _("“%(title)s” is back on the curriculum’s day.") % {"title": _title(before)}
    return _done(request, cohort, sentence, before)


def _load(request: MemberRequest, pk: int, key: str) -> tuple[Cohort, Dated[Milestone]]:
    """The cohort, and its milestone with its date."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    for dated in diary_of(request.organisation, [cohort]).of_cohort(cohort):
        if dated.slot.key == key:
            return cohort, dated
    raise Http404


def _page(request: MemberRequest, cohort: Cohort, *, refused: dict[str, MilestoneForm] | None = None) -> HttpResponse:
    rows = list(_rows(request, cohort, refused or {}))
    status = 422 if refused else 200
    today = local_date(request.now, cohort.zone)
    context = {
        **header_of(cohort, "cohort_milestones", organisation=request.organisation, now=request.now),
        "rows": rows,
        "pauses": cohort.pauses.filter(enrolment=None, ends_on__gte=today),
        "closed": _closed_ahead(request, cohort, today),
        "today": today,
    }
    return render(request, "cohorts/cohort_milestones.html", context, status=status)


def _closed_ahead(request: MemberRequest, cohort: Cohort, today: date) -> list[OwnDay]:
    """The closed dates of the ninety days from today on, with their names in the reader's language."""
    closed, last = closed_days(cohort), diary_of(request.organisation, [cohort]).calendar(cohort).date_of(LENGTH)
    ahead, language = closed.between(max(today, cohort.day1_on), last), page_language()
    return [OwnDay(on, closed.name(on, language), is_closed=True) for on in ahead]


def _rows(request: MemberRequest, cohort: Cohort, refused: dict[str, MilestoneForm]) -> Iterator[Row]:
    today, language = local_date(request.now, cohort.zone), page_language()
    for dated in diary_of(request.organisation, [cohort]).of_cohort(cohort):
        key = dated.slot.key
        form = refused.get(key)
        if form is None:
            form = MilestoneForm(initial={"on": dated.stands_on}, cohort=cohort, auto_id=f"{key}-%s")
        yield Row(dated, dated.milestone.in_language(language), form, dated.stands_on < today)


def _title(dated: Dated[Milestone]) -> str:
    return dated.milestone.in_language(page_language()).title


def _done(request: MemberRequest, cohort: Cohort, sentence: str, before: Dated[Milestone]) -> HttpResponse:
    messages.success(request, sentence, extra_tags=_address_of(cohort, before))
    return redirect("cohort_milestones", cohort.pk)


def _address_of(cohort: Cohort, before: Dated[Milestone]) -> str:
    """The URL to which a POST undoes the change."""
    key = [cohort.pk, before.slot.key]
    if not before.is_set:
        return reverse("milestone_return", args=key)
    if before.on is None:
        return reverse("milestone_calling_off", args=key)
    return f"{reverse('milestone_date', args=key)}?on={before.on.isoformat()}"
