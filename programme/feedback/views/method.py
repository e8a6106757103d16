"""How the figures of a report are made, for whoever wants to check."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.BELONG)
@require_safe
def result_method(request: MemberRequest) -> HttpResponse:
    """Say what is shown, what is left out, and how often the words are wrong."""
    return render(request, "programme/feedback/method.html")
