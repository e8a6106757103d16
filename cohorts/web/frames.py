"""A mail shown inside a page: in whose language, and in a frame that can do nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

# The mail carries its styles on its elements. It stands alone in a sandboxed frame: no script, no form, no address.
ALONE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}


def framed(html: str) -> HttpResponse:
    """The HTML of a mail, for the frame alone."""
    return HttpResponse(html, headers=ALONE)


def asked_language(request: HttpRequest) -> str:
    """The language somebody wants to read in: the address says, else it is their own."""
    asked = request.GET.get("language") or request.POST.get("language") or get_language()
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
