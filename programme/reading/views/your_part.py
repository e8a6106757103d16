"""The sponsor's brief: their part in the ninety days."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.curriculum.sources import source_lines
from cohorts.models.curriculum import in_language
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.reading.views.ninety_days import readable_cohort


@allow(Permission.READ_PROGRAMME)
@require_safe
def your_part(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the brief to sponsors at any time. Leaders may read it, too."""
    version = readable_cohort(request, pk).version
    if not version.brief:
        raise Http404
    language = page_language()
    brief, written_in = in_language(version.brief, language)
    context = {
        "cohort_pk": pk,
        "brief": brief,
        "written_in": written_in,
        "minutes": version.brief_minutes,
        "sources": source_lines(version, version.brief_sources, language),
    }
    return render(request, "programme/your_part.html", context)
