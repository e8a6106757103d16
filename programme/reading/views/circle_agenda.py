"""The agenda of a circle's 45-minute meeting, to read aloud from a phone."""

from itertools import accumulate
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.curriculum.sources import source_lines
from cohorts.models.curriculum import in_language
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import live_of
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.reading.views.ninety_days import readable_cohort


@allow(Permission.READ_PROGRAMME)
@require_safe
def circle_agenda(request: MemberRequest, pk: int, month: int) -> HttpResponse:
    """Show one month's agenda, each part with the minute it begins."""
    cohort, language = readable_cohort(request, pk), page_language()
    meeting = next((each for each in cohort.version.circle if each["month"] == month), None)
    if meeting is None:
        raise Http404
    text, written_in = in_language(meeting["texts"], language)
    parts: list[dict[str, Any]] = meeting["texts"][written_in]["parts"]
    minutes: list[int] = [part["minutes"] for part in parts]
    begins = accumulate(minutes, initial=0)
    events = diary_of(request.organisation, [cohort]).of_cohort(cohort)
    dated = next((each for each in events if each.slot.key == meeting["milestone"]), None)
    context = {
        "cohort": cohort,
        "text": text,
        "written_in": written_in,
        "parts": [(f"{begin // 60}:{begin % 60:02}", part) for begin, part in zip(begins, parts, strict=False)],
        "minutes": sum(minutes),
        "event": live_of(dated, cohort, language) if dated else None,
        "sources": source_lines(cohort.version, meeting["sources"], language),
    }
    return render(request, "programme/circle_agenda.html", context)
