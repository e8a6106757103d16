"""View helpers: permission decorator and htmx-aware response."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from cohorts.models import Membership, Organisation
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotYours


class MemberRequest(HttpRequest):
    """Type of a request behind `/o/<slug>/`, with what `cohorts.web.middleware` sets."""

    organisation: Organisation
    membership: Membership
    today: date
    now: datetime
    htmx: Any
    entry: str  # of the navigation, named by a view whose page stands below more than one


View = Callable[..., HttpResponse]


def allow(permission: Permission) -> Callable[[View], View]:
    """Require a permission in this organisation; others get a 403 with a sentence."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.membership, permission):  # type: ignore[attr-defined]
                raise NotYours(_("Your role in this organisation does not include this page."))
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def go(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, from a form that htmx may have sent."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


def respond(
    request: HttpRequest, fragment: str, context: dict[str, Any], *, back_to: str, **address: Any
) -> HttpResponse:
    """The fragment for htmx, a redirect otherwise."""
    if getattr(request, "htmx", False):
        return render(request, fragment, context)
    return redirect(back_to, **address)
