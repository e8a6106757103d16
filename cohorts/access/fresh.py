"""Fresh proof: what is sensitive asks for proof of identity again once the last one is older than ten minutes.

So a session that somebody else got hold of cannot add a factor, give a role or download a list. Somebody with a second
factor proves with it and not with a code by mail: a mailbox alone must never be enough to add a factor.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cohorts.access.proof_page import Aim, kept_fields, proof_page
from cohorts.models import Person
from cohorts.tenancy.addresses import front_door
from cohorts.web.redirects import leave_for, ours

FRESH_SECONDS = 10 * 60

View = Callable[..., HttpResponse]
Asks = Callable[..., bool]


def has_factor(person: Person) -> bool:
    """Recovery codes are none: they exist only beside one."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    """Whether the person of this session proved who they are in the last ten minutes, by their factor if they have one.

    A proof that lies as far in the future does not count either: a clock was set back since.
    """
    person: Any = request.user
    recent = [
        record["method"]
        for record in get_authentication_records(request, person)
        if abs(now.timestamp() - record["at"]) <= FRESH_SECONDS
    ]
    return "mfa" in recent or (bool(recent) and not has_factor(person))


def fresh_when(is_sensitive: Asks, *, is_file: bool = False) -> Callable[[View], View]:
    """Ask for fresh proof before the view does anything, whenever `is_sensitive(request, **keys)` says so.

    `is_file`: the answer is a download, which leaves the browser on the page it was asked from.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
            may_pass = not request.user.is_authenticated or not is_sensitive(request, **keys)
            if may_pass or is_fresh(request, timezone.now()):
                return view(request, *args, **keys)
            return ask_for_proof(request, is_file=is_file)

        guarded.asks_for_proof = True  # type: ignore[attr-defined]
        return guarded

    return guard


def _always(_request: HttpRequest, **_keys: Any) -> bool:
    return True


fresh = fresh_when(_always)
fresh_file = fresh_when(_always, is_file=True)


def ask_for_proof(request: Any, *, is_file: bool = False) -> HttpResponse:
    """To the page that asks, and back. A sent form is kept in that page, and sent on once the proof is there."""
    if getattr(request, "htmx", False):
        # The script keeps what was typed in the browser, as when a session has ended.
        return leave_for(_address(next=from_page(request, "HX-Current-URL")))
    if request.method == "POST":
        return proof_page(request, Aim(request.get_full_path(), kept=kept_fields(request)), status=403)
    back = {"back": from_page(request, "Referer")} if is_file else {}
    return redirect(_address(next=request.get_full_path(), **back))


def _address(**said: str) -> str:
    return f"{front_door('proof')}?{urlencode(said)}"


def from_page(request: HttpRequest, header: str) -> str:
    """The page of ours that this header names."""
    return ours(request, request.headers.get(header), otherwise=front_door("account"))
