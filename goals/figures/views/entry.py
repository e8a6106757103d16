"""Enter the figures of a day by hand, on a phone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.schedule.date_words import date_words, fill
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from cohorts.web.query_dates import asked_date
from cohorts.web.revisions import lock
from goals.figures.actions.entering import Counted, Counts, counted_of, enter_day, undo_day
from goals.figures.charting import followed_of
from goals.figures.forms.day import DayForm
from goals.figures.views.reach import kept_team
from goals.models import Figure, Followed, Team
from goals.reserve import monday_of

SALT = "goals.figures.entry"


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def figures_entry(request: MemberRequest, pk: int) -> HttpResponse:
    """Two boxes a KPI for one day, and the days of its week at a glance."""
    team = kept_team(request, pk)
    if request.method == "POST":
        lock(team)
    on = asked_date(request, request.today)
    followed = list(followed_of(team))
    week = _figures_of_week(team, followed, on)
    there = {kpi: counted for (kpi, day), counted in week.items() if day == on}
    form = DayForm(posted(request), kpis=[each.kpi for each in followed], there=there, on=on, today=request.today)

    def save() -> HttpResponse:
        counts = form.counts()
        before = enter_day(team=team, on=on, counts=counts, by=request.membership, today=request.today, now=request.now)
        if before:
            undo = reverse("figures_entry_undoing", args=[team.pk, _token(on, before, counts)])
            sentence = fill(_("The figures of %(day)s are saved."), {"day": date_words(on, "WEEKDAY_FORMAT")})
            messages.success(request, sentence, extra_tags=undo)
        return go(request, f"{reverse('figures_entry', args=[team.pk])}?on={on.isoformat()}")

    context = {
        "team": team,
        "on": on,
        "days": _days(week, followed, on, request.today),
        "before": on - timedelta(days=7),
        "after": min(on + timedelta(days=7), request.today) if monday_of(on) < monday_of(request.today) else None,
        "is_empty": not followed,
    }
    return form_page(request, form, save, "goals/figures/entry.html", context)


@allow(Permission.READ_PROGRESS)
@require_POST
def figures_entry_undoing(request: MemberRequest, pk: int, token: str) -> HttpResponse:
    """Bring back what stood there before."""
    team = kept_team(request, pk)
    on, before, after = _read(token)
    undo_day(team=team, on=on, before=before, after=after, by=request.membership, today=request.today, now=request.now)
    return redirect(f"{reverse('figures_entry', args=[team.pk])}?on={on.isoformat()}")


def _figures_of_week(team: Team, followed: list[Followed], on: date) -> dict[tuple[int, date], Counted]:
    monday = monday_of(on)
    figures = Figure.objects.filter(
        team=team, kpi__in=[each.kpi_id for each in followed], on__range=(monday, monday + timedelta(days=6))
    )
    return {(figure.kpi_id, figure.on): counted for figure in figures if (counted := counted_of(figure))}


def _days(
    week: dict[tuple[int, date], Counted], followed: list[Followed], on: date, today: date
) -> list[dict[str, Any]]:
    """The days of the week up to today as chips, each with how many KPIs have figures."""
    monday = monday_of(on)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [
        {
            "url": f"?on={day.isoformat()}",
            "label": f"{WEEKDAYS_ABBR[day.weekday()]} {day.day}",
            "count": f"{sum(each_day == day for _kpi, each_day in week)}/{len(followed)}",
            "is_current": day == on,
        }
        for day in days
        if day <= today
    ]


def _token(on: date, before: Counts, after: Counts) -> str:
    said = {str(pk): [_numbers(before[pk]), _numbers(after[pk])] for pk in before}
    return signing.dumps({"on": on.isoformat(), "said": said}, salt=SALT, compress=True)


def _read(token: str) -> tuple[date, Counts, Counts]:
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature as forged:
        raise Http404 from forged
    pairs = {int(pk): (_counted(before), _counted(after)) for pk, (before, after) in said["said"].items()}
    return (
        date.fromisoformat(said["on"]),
        {pk: before for pk, (before, _after) in pairs.items()},
        {pk: after for pk, (_before, after) in pairs.items()},
    )


def _numbers(counted: Counted | None) -> list[str | None] | None:
    if counted is None:
        return None
    return [str(counted.numerator), str(counted.denominator), None if counted.asked is None else str(counted.asked)]


def _counted(numbers: list[str | None] | None) -> Counted | None:
    if numbers is None:
        return None
    above, below, asked = (None if number is None else Decimal(number) for number in numbers)
    return Counted(above or Decimal(0), below or Decimal(0), asked)
