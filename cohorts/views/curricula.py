"""The curricula of an organisation, to be read as a person would."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.http import MemberRequest, allow
from cohorts.models import Curriculum, CurriculumVersion
from cohorts.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_list(request: MemberRequest) -> HttpResponse:
    versions = CurriculumVersion.objects.order_by("-number").prefetch_related("cohorts")
    curricula = Curriculum.objects.prefetch_related(Prefetch("versions", versions)).order_by("slug")
    return render(request, "cohorts/curricula/curriculum_list.html", {"curricula": curricula})
