"""A code by mail as fresh proof, for people without a second factor.

It waits beside the session that asked for it (`UserSession.data`), hashed, and ends with it. The row is locked while a
code is checked, so parallel guesses are counted one by one.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from cohorts.access.account_mail import put_off
from cohorts.web.language import page_language

CODE_MINUTES = 10
MAX_TRIES = 5
KEY = "proof_code"


@transaction.atomic
def send_code(request: HttpRequest, now: datetime) -> bool:
    """Put a new code into the mail; the one before stops working. False when too many were asked for."""
    person: Any = request.user
    if not ratelimit.consume(request, action="request_login_code", key=person.email.lower()):
        return False
    code = get_adapter().generate_login_code()
    beside = _beside(request)
    beside.data[KEY] = {"hash": _hashed(code), "until": (now + timedelta(minutes=CODE_MINUTES)).timestamp(), "tries": 0}
    beside.save(update_fields=["data"])
    put_off(
        kind="proof_code",
        address=person.email,
        person=person,
        facts={"code": code},
        language=page_language(),
        now=now,
    )
    return True


@transaction.atomic
def check_code(request: HttpRequest, typed: str, now: datetime) -> bool:
    """Whether this is the code. A right one is used up and counts as proof; the fifth wrong one ends it."""
    beside = _beside(request)
    waiting = beside.data.pop(KEY, None)
    if waiting is None or now.timestamp() > waiting["until"]:
        return False
    is_right = constant_time_compare(_hashed(typed), waiting["hash"])
    waiting["tries"] += 1
    if not is_right and waiting["tries"] < MAX_TRIES:
        beside.data[KEY] = waiting
    beside.save(update_fields=["data"])
    if is_right:
        record_authentication(request, request.user, "code", reauthenticated=True)
    return is_right


def is_code_out(request: HttpRequest) -> bool:
    """Whether a code that still works was sent to this session."""
    found = UserSession.objects.filter(session_key=request.session.session_key or "").first()
    waiting = found.data.get(KEY) if found else None
    return waiting is not None and timezone.now().timestamp() <= waiting["until"]


def _beside(request: HttpRequest) -> UserSession:
    """The row beside this session, locked; made for a session from before there was one."""
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        UserSession.objects.create_from_request(request)
    return UserSession.objects.select_for_update().get(session_key=request.session.session_key)


def _hashed(code: str) -> str:
    return salted_hmac("cohorts.access.proof_code", normalize_user_code(code), algorithm="sha256").hexdigest()
