"""The browsers in which a person has signed in. A sign-in in another one is told by mail, except the first ever.

A browser is known again by a signed cookie that holds a random key and says nothing about anybody.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cohorts.models import KnownDevice, Person
from cohorts.people.sign_in_notices import What, tell

COOKIE = "__Host-device" if settings.SECURE else "device"
SALT = "cohorts.people.device"
KNOWN_FOR = timedelta(days=400)  # after the last sign-in there: browsers keep no cookie longer
MAX_AGENT_CHARACTERS = 200


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return request.headers.get("User-Agent", "").replace("\0", "")[:MAX_AGENT_CHARACTERS]


def meet_device(request: HttpRequest, response: HttpResponse, *, person: Person, is_first: bool, now: datetime) -> None:
    """Know this browser again from now on. `is_first`: the person never signed in before, and just read their mail."""
    key = request.get_signed_cookie(COOKIE, default="", salt=SALT) or secrets.token_urlsafe(24)
    device, is_new = KnownDevice.objects.get_or_create(
        person=person,
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        defaults={"agent": agent_of(request), "first_seen_at": now, "last_seen_at": now},
    )
    if not is_new:
        KnownDevice.objects.filter(pk=device.pk).update(last_seen_at=now)
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=SALT,
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    if is_new and not is_first:
        tell(
            person=person,
            what=What.NEW_DEVICE,
            subject_id=device.pk,
            sort="",
            name="",
            agent=device.agent,
            now=now,
        )


def forget_devices(*, now: datetime) -> None:
    """Delete those whose cookie is gone: nobody can be known again by them."""
    KnownDevice.objects.filter(last_seen_at__lt=now - KNOWN_FOR).delete()
