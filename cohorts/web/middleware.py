"""Middleware: organisation and membership from the URL, language, refusals, request limits, caching, compression."""

import re
from collections.abc import Callable
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string
from django.utils.translation import gettext as _
from structlog.contextvars import bind_contextvars

from cohorts.models import Membership, Organisation
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from cohorts.web.api.door import is_for_programs
from cohorts.web.api.errors import problem_response
from cohorts.web.entering import enter
from cohorts.web.redirects import leave_for, ours
from cohorts.web.refusals import Invalid, NotNow

Handler = Callable[[HttpRequest], HttpResponseBase]
CODING = re.compile(r"([\w-]+)(?:\s*;\s*q=([01](?:\.\d*)?))?")  # in Accept-Encoding: `br`, `gzip;q=0.5`
ADDRESS = re.compile(r"^/o/(?P<slug>[-a-z0-9]+)(?P<rest>/.*)$")


def organisation(get_response: Handler) -> Handler:
    """Enter the organisation of `/o/<slug>/…` for the whole request, for its members only.

    Non-members get the same 404 as for a missing organisation. The slug moves from the path to the script prefix, so
    `{% url %}` and `redirect` include it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        address = ADDRESS.match(request.path_info)
        if address is None:
            return get_response(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        found = Organisation.objects.filter(slug=address["slug"]).first()
        if found is None:
            raise Http404
        with within(found):
            membership = Membership.objects.active().filter(person=request.user).first()
            if membership is None:
                raise Http404
            response = _inside(request, get_response, found, membership, address["rest"])
            _remember(request, response, found)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return middleware


def _inside(
    request: Any, get_response: Handler, found: Organisation, membership: Membership, rest: str
) -> HttpResponseBase:
    membership.note_visit(found.now(timezone.now()).astimezone(membership.zone).date())
    return enter(
        request,
        get_response,
        organisation=found,
        membership=membership,
        prefix=f"o/{found.slug}/",
        rest=rest,
        urlconf=settings.ORGANISATION_URLCONF,
    )


def _remember(request: HttpRequest, response: HttpResponseBase, found: Organisation) -> None:
    """Which organisation was opened last in this browser: the pages outside of all stand in its frame."""
    name = settings.ORGANISATION_COOKIE_NAME
    if request.COOKIES.get(name) != found.slug and isinstance(response, HttpResponse):
        response.set_cookie(name, found.slug, samesite="Lax", httponly=True, secure=settings.SECURE)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Back afterwards to the page asked for, or to the one from which a form was sent."""
    is_htmx = bool(request.headers.get("HX-Request"))
    if is_htmx:
        page = request.headers.get("HX-Current-URL")
    elif request.method in ("GET", "HEAD"):
        page = request.get_full_path()
    else:
        page = request.headers.get("Referer")
    response = redirect_to_login(ours(request, page, otherwise=front_door("home")))
    if is_htmx:
        return leave_for(response.headers["Location"])
    return response


def refusals(get_response: Handler) -> Handler:
    """Turn NotNow into a 409 page with its sentence, Invalid into a 422 page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotNow):
            return render(request, "409.html", {"sentence": str(exception)}, status=409)
        if isinstance(exception, Invalid):
            response = render(request, "422.html", {"sentence": str(exception)}, status=422)
            response["HX-Retarget"] = "body"  # htmx swaps a 422 in for a form; this one is a whole page
            return response
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def language(get_response: Handler) -> Handler:
    """Activate the person's language, else the cookie's, else the browser's. The log names the person from here on."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        bind_contextvars(user_id=request.user.pk)
        chosen = getattr(request.user, "language", None) or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
        response.headers.setdefault("Content-Language", str(request.LANGUAGE_CODE))
        return response

    return middleware


def bounded(get_response: Handler) -> Handler:
    """Refuse request bodies larger than any form of ours before reading them.

    Stands behind authentication, so that the answer has the reader's navigation, and before the body is first read,
    which is for the CSRF token.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_REQUEST_BYTES:
            if is_for_programs(request):
                sentence = _("That is more than can be read at once. Nothing was stored.")
                return problem_response(413, sentence, code="too-large")
            return render(request, "413.html", status=413)
        return get_response(request)

    return middleware


def unkept(get_response: Handler) -> Handler:
    """Send `Cache-Control: no-store` with every page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def compress(get_response: Handler) -> Handler:
    """Brotli for pages, gzip for clients without it.

    Safe from BREACH: the only secret in a page, the CSRF token, is masked anew each time. Decision 12 says why this
    is ours.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        if not (is_text and isinstance(response, HttpResponse)) or response.has_header("Content-Encoding"):
            return response
        if len(response.content) > 500:
            patch_vary_headers(response, ["Accept-Encoding"])
            _encode(response, request.headers.get("Accept-Encoding", ""))
        return response

    return middleware


def _encode(response: HttpResponse, accepted: str) -> None:
    refused = {name for name, quality in CODING.findall(accepted) if quality and not float(quality)}
    offered = {name for name, _quality in CODING.findall(accepted)} - refused
    if "br" in offered:
        response.content, encoding = brotli.compress(response.content, quality=5), "br"
    elif "gzip" in offered:
        response.content, encoding = compress_string(response.content, max_random_bytes=100), "gzip"
    else:
        return
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
