"""Pages for what goes wrong. Each keeps the navigation, says what to do, and shows the request id of the log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from a page too old. The text typed is still in the browser's draft."""
    return render(request, "403_csrf.html", status=403)
