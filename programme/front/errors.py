"""Error pages. Each says what to do and shows the request id that the log has.

The pages of 500 and 503 are rendered from nothing: neither database nor cache, neither session nor person.
"""

import json
import sys

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django_ratelimit.exceptions import Ratelimited
from structlog.contextvars import get_contextvars

from cohorts.web.api.door import is_for_programs
from cohorts.web.api.errors import PROBLEM, problem
from cohorts.web.outages import Outage, Unavailable, outage_of

log = structlog.get_logger()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token has expired. The text typed is still in the browser's draft."""
    return render(request, "403_csrf.html", status=403)


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403, or 429 when the same was asked too often; a minute later it is open again."""
    if isinstance(exception, Ratelimited):
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = "60"
        return response
    return render(request, "403.html", {"exception": str(exception)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that nobody expected: 503 while something we depend on is away, else 500."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None:
        return _said_to_programs(request, HttpResponseServerError(_page("500.html", request)))
    _log(request, outage, error)
    return _said_to_programs(request, Unavailable(_page("503.html", request), outage))


def _said_to_programs(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer without a page, for an endpoint of the API."""
    if is_for_programs(request):
        sentence = "Try again in a moment." if response.status_code == 503 else "This is our fault, and it was logged."
        again = {"request_id": get_contextvars().get("request_id", "")}
        response.content = json.dumps(problem(response.status_code, sentence, code="our-fault", **again))
        response.headers["Content-Type"] = PROBLEM
    return response


def _page(template: str, request: HttpRequest) -> str:
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    again = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    with translation.override(language):
        context = {"request_id": get_contextvars().get("request_id", ""), "again_url": again}
        return loader.get_template(template).render(context)


def _log(request: HttpRequest, outage: Outage, error: BaseException | None) -> None:
    """One line, without the traceback: a storm has one of these for every request."""
    log.error("outage", what=outage.value, error=type(error).__name__, request=f"{request.method} {request.path}")
