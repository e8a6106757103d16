"""Where a request may send somebody: to a page of ours, and nowhere else."""

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

MAX_LENGTH = 2000
# Browsers drop some of these and read others as a slash, so that what was checked is not what they open.
DOUBTFUL = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
INSIDE = re.compile(r"^/o/[-a-z0-9]+(?P<rest>/.*)$", re.DOTALL)


def ours(request: HttpRequest, wanted: str | None, *, otherwise: str) -> str:
    """Path and query of `wanted` when it is a page of this site, else `otherwise`.

    It says nothing about who may see that page; the page does.
    """
    if not wanted or len(wanted) > MAX_LENGTH or DOUBTFUL.search(wanted):
        return otherwise
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return otherwise
    parts = urlsplit(wanted)
    path = unquote(parts.path)
    if DOUBTFUL.search(path) or not _is_route(path):
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def leave_for(address: str) -> HttpResponse:
    """The answer to htmx that sends the whole page there: a redirect would be swapped into the fragment."""
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _is_route(path: str) -> bool:
    inside = INSIDE.match(path)
    try:
        if inside is None:
            resolve(path, settings.ROOT_URLCONF)
        else:
            resolve(inside["rest"], settings.ORGANISATION_URLCONF)
    except Resolver404:
        return False
    return True
