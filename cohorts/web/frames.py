"""Show a mail inside a page, in a sandboxed frame."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cohorts.web.language import page_language

# The mail has inline styles, so its frame allows them; it allows no scripts, forms or requests.
ALONE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}


def framed(html: str) -> HttpResponse:
    """Respond with the HTML of a mail, for the frame only."""
    return HttpResponse(html, headers=ALONE)


def asked_language(request: HttpRequest) -> str:
    """The language in the query string, else the reader's own."""
    asked = request.GET.get("language") or request.POST.get("language") or page_language()
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
