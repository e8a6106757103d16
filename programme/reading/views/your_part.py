"""The sponsor's brief: their part in the ninety days."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
    brief, written_in = in_language(version.brief, page_language())
    context = {
        "cohort_pk": pk,
        "brief": brief,
        "written_in": written_in,
        "minutes": version.brief_minutes,
        "sources": [version.sources[key] for key in version.brief_sources if key in version.sources],
    }
    return render(request, "programme/your_part.html", context)
