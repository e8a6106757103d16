"""The enrolment that a request names, if its member reaches it."""

from django.shortcuts import get_object_or_404

from cohorts.models import Enrolment
from cohorts.web.api.views import ApiRequest


def enrolment_for(request: ApiRequest, pk: int) -> Enrolment:
    reachable = Enrolment.objects.visible_to(request.membership)
    return get_object_or_404(reachable.select_related("cohort", "leader__person", "sponsor"), pk=pk)
