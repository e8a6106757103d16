"""Begin, list and end the sessions of a person, and the choice at signing in of whose device this is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from cohorts.access.limits import SignIn
from cohorts.models import Person

log = structlog.get_logger(__name__)

OWN, SHARED = "own", "shared"
KIND = "device_kind"  # the field of the sign-in pages, and what waits in the session
COOKIE_SECONDS = 60 * 60 * 24 * 365
View = Callable[..., HttpResponse]


def note_device_kind(request: HttpRequest) -> None:
    """Remember until signing in is done whose device this is, as the form says."""
    request.session[KIND] = SHARED if request.POST.get(KIND) == SHARED else OWN


def noting_device_kind(view: View) -> View:
    """Do so before a view that signs in by itself."""

    @wraps(view)
    def noting(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if request.method == "POST":
            note_device_kind(request)
        return view(request, *args, **keys)

    return noting


def begin_session(request: HttpRequest, person: Person, *, now: datetime) -> None:
    """Write into a new session when it began and whose device it is on, and into the log who signed in and how."""
    sign_in = SignIn(at=now, is_shared=request.session.pop(KIND, OWN) == SHARED)
    request.session.update(sign_in.remembered())
    ways = [record.get("type") or record["method"] for record in get_authentication_records(request, person)]
    log.info("signed_in", person_id=person.pk, ways="+".join(ways), is_shared=sign_in.is_shared)


def suggest_device_kind(request: HttpRequest, response: HttpResponse) -> None:
    """Let the sign-in page of this browser suggest what was chosen last."""
    sign_in = SignIn.of(request.session)
    kind = SHARED if sign_in and sign_in.is_shared else OWN
    response.set_cookie(
        settings.DEVICE_KIND_COOKIE_NAME,
        kind,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def suggested_device_kind(request: HttpRequest) -> str:
    return SHARED if request.COOKIES.get(settings.DEVICE_KIND_COOKIE_NAME) == SHARED else OWN


def is_on_shared_device(request: HttpRequest) -> bool:
    sign_in = SignIn.of(request.session)
    return sign_in is not None and sign_in.is_shared


def rotate_key(request: HttpRequest) -> None:
    """Give this session a new key, so that an old copy of its cookie gains nothing by a proof."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One row of the page of devices."""

    user_agent: str
    ip: str
    began_at: datetime
    sign_in: SignIn | None  # None: from before there were limits
    ends_at: datetime  # unless it is used before
    is_current: bool


def open_sessions(request: HttpRequest, person: Person, *, now: datetime) -> list[OpenSession]:
    """Where this person is signed in, oldest first."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=person).order_by("created_at")}
    stored = {each.pk: each for each in Session.objects.filter(pk__in=rows, expire_date__gt=now)}
    opened = []
    for key, row in rows.items():
        if key not in stored:
            continue
        sign_in = SignIn.of(stored[key].get_decoded())
        if sign_in is None or now < sign_in.last_moment:
            opened.append(
                OpenSession(
                    user_agent=row.user_agent,
                    ip=row.ip,
                    began_at=row.created_at,
                    sign_in=sign_in,
                    ends_at=stored[key].expire_date,
                    is_current=key == request.session.session_key,
                )
            )
    return opened


def end_sessions(person: Person, *, but: str | None = None) -> int:
    """Sign this person out everywhere, except in the session with the key `but`. Returns how many ended.

    A tenant may ask for it only when no other organisation lets the person in.
    """
    theirs = UserSession.objects.filter(user=person).exclude(session_key=but or "")
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    return len(keys)


def forget_ended(*, now: datetime) -> None:
    """Delete sessions past their limit, and what is left beside sessions that are gone."""
    Session.objects.filter(expire_date__lte=now).delete()
    beside = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    beside.filter(created_at__lte=now - timedelta(hours=1)).delete()
