"""Confirm who you are, before something sensitive."""

from typing import Any

import structlog
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.access.fresh import is_fresh
from cohorts.access.proof_codes import check_code, send_code
from cohorts.access.proof_page import Aim, factor_forms, kept_fields, proof_page
from cohorts.access.sessions import rotate_key
from cohorts.tenancy.addresses import front_door
from cohorts.web.redirects import ours

log = structlog.get_logger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{front_door('account_login')}?next={request.path}")
    if request.method != "POST":
        aim = _aim(request, request.GET, to="next", back="back")
        return _done(request, aim) if is_fresh(request, timezone.now()) else proof_page(request, aim)
    aim = _aim(request, request.POST, to="proof-to", back="proof-back")
    return _sent(request, aim) if request.POST.get("proof-step") == "send" else _checked(request, aim)


def _aim(request: HttpRequest, said: QueryDict, *, to: str, back: str) -> Aim:
    account = front_door("account")
    return Aim(
        to=ours(request, said.get(to, ""), otherwise=account),
        back=ours(request, said.get(back, ""), otherwise=account) if said.get(back) else "",
        kept=kept_fields(request) if said.get("proof-form") else None,
    )


def _sent(request: HttpRequest, aim: Aim) -> HttpResponse:
    """Send a code, to somebody who has no factor to prove with."""
    if factor_forms(request.user):
        return proof_page(request, aim, status=422)
    if not send_code(request, timezone.now()):
        return proof_page(request, aim, status=429, error=_("Too many codes were sent. Wait five minutes."))
    return proof_page(request, aim, is_sent=True)


def _checked(request: HttpRequest, aim: Aim) -> HttpResponse:
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return proof_page(request, aim, status=429, error=_("Too many tries. Wait a minute."))
    if error := _wrong(request):
        return proof_page(request, aim, status=422, error=error)
    rotate_key(request)
    return _done(request, aim)


def _wrong(request: HttpRequest) -> str:
    """What is wrong with what was shown as proof; nothing when it is right, and then the session remembers it."""
    forms: dict[str, Any] = factor_forms(request.user, request.POST)
    if not forms:
        is_right = check_code(request, request.POST.get("proof-code", ""), timezone.now())
        if not is_right:
            log.warning("proof_refused", way="proof_code", person_id=request.user.pk)
        return "" if is_right else _("That is not the code, or it no longer works. Try again or ask for a new one.")
    form = forms.get("passkey_form" if request.POST.get("proof-credential") else "app_form")
    if form is None or not form.is_valid():
        return _("That did not work. Try once more.")
    form.save()
    return ""


def _done(request: HttpRequest, aim: Aim) -> HttpResponse:
    """On to what it was for. A file would leave the browser on this page, so the page offers it and the way back."""
    if aim.back:
        return render(request, "account/proven.html", {"aim": aim})
    return HttpResponseRedirect(aim.to, preserve_request=aim.kept is not None)
