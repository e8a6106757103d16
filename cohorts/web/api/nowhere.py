"""Addresses below the API that lead to no endpoint."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cohorts.web.api.errors import problem_response


def nowhere(_request: HttpRequest) -> HttpResponse:
    return problem_response(
        404, _("There is no such endpoint. The description of the API lists all."), code="no-endpoint"
    )
