"""The one door that asks for a second factor: middleware around every route of an organisation.

It stands inside `cohorts.web.middleware.organisation`, which knows the member, and before any view: pages, files and
fragments are refused alike. What is outside every organisation stays open: signing in and out, one's own account, help.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cohorts.access.factor_rules import Owed, must_have_factor, owed
from cohorts.access.fresh import ask_for_proof, from_page, has_factor
from cohorts.tenancy.addresses import front_door
from cohorts.web.api.errors import problem_response
from cohorts.web.middleware import Handler
from cohorts.web.redirects import leave_for


def second_factor(get_response: Handler) -> Handler:
    """Lead a member who must have a factor to the page that adds one, or to the one that asks for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(request: Any, _view: object, _args: object, _keys: object) -> HttpResponse | None:
        """Once the address is resolved: the page that asks is drawn with the navigation of the organisation."""
        if getattr(request, "membership", None) is None:
            return None
        if getattr(request, "api_key", None) is not None:
            return _refusal_of_key(request)
        match _owed(request):
            case Owed.FACTOR:
                return _to_adding(request)
            case Owed.PROOF:
                return ask_for_proof(request)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _refusal_of_key(request: Any) -> HttpResponse | None:
    """Who must have a factor and has none reaches nothing by a key, either. It was shown when the key was made."""
    must_have = must_have_factor(roles=request.roles_behind_key, asked_of=request.organisation.factor_roles)
    if must_have and not has_factor(request.membership.person):
        sentence = _("The owner of this key must add a second factor first.")
        return problem_response(403, sentence, code="second-factor")
    return None


def _owed(request: Any) -> Owed:
    """Asks the database only about those who must have one."""
    must_have = must_have_factor(roles=request.membership.roles, asked_of=request.organisation.factor_roles)
    return owed(
        must_have=must_have,
        has_factor=must_have and has_factor(request.user),
        has_shown=must_have
        and any(each["method"] == "mfa" for each in get_authentication_records(request, request.user)),
    )


def _to_adding(request: Any) -> HttpResponse:
    if request.htmx:
        return leave_for(_adding(from_page(request, "HX-Current-URL")))  # the script keeps what was typed
    return redirect(_adding(request.get_full_path() if request.method in ("GET", "HEAD") else ""))


def _adding(back: str) -> str:
    page = front_door("factor_needed")
    return f"{page}?{urlencode({'next': back})}" if back else page
