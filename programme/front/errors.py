"""Error pages. Each keeps the navigation, says what to do, and shows the request id that the log has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token has expired. The text typed is still in the browser's draft."""
    return render(request, "403_csrf.html", status=403)
