"""Error pages. Each says what to do and shows the request id that the log has.

The pages of 500 and 503 are rendered from nothing: neither database nor cache, neither session nor person.
"""

import sys

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from structlog.contextvars import get_contextvars

from cohorts.web.outages import Outage, Unavailable, outage_of

log = structlog.get_logger()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token has expired. The text typed is still in the browser's draft."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that nobody expected: 503 while something we depend on is away, else 500."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None:
        return HttpResponseServerError(_page("500.html", request))
    _log(request, outage, error)
    return Unavailable(_page("503.html", request), outage)


def _page(template: str, request: HttpRequest) -> str:
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    again = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    with translation.override(language):
        context = {"request_id": get_contextvars().get("request_id", ""), "again_url": again}
        return loader.get_template(template).render(context)


def _log(request: HttpRequest, outage: Outage, error: BaseException | None) -> None:
    """One line, without the traceback: a storm has one of these for every request."""
    log.error("outage", what=outage.value, error=type(error).__name__, request=f"{request.method} {request.path}")
