"""The door of the API: `/o/<slug>/api/v1/…` opens with a key of that very organisation, and with nothing else.

A session opens no endpoint, so that no page of another site can use somebody's. Another organisation's key, no key and
no such organisation get the same 401. Behind the door a request is as a page's: inside the organisation, for a member.
"""

import hmac
import re
from collections.abc import Callable
from contextlib import nullcontext
from functools import lru_cache
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_ratelimit.core import is_ratelimited
from structlog.contextvars import bind_contextvars

from cohorts.models import ApiKey, Organisation, Role
from cohorts.tenancy.wall import within
from cohorts.web.api.errors import problem_response
from cohorts.web.api.key_text import KeyText, read_key
from cohorts.web.entering import enter

ADDRESS = re.compile(r"^/o/(?P<slug>[-a-z0-9]+)/api/v1(?P<rest>/.*)$")
WRONG_KEYS = "30/m"  # from one address
Handler = Callable[[HttpRequest], HttpResponseBase]


class Closed(Exception):
    """The answer to whom the door does not open."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the address is an endpoint's."""
    return ADDRESS.match(request.path) is not None


def by_key(get_response: Handler) -> Handler:
    """Enter the organisation of the address with the key of the request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        address = ADDRESS.match(request.path_info)
        if address is None:
            return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            try:
                return _within(request, get_response, address["slug"], address["rest"])
            except Closed as closed:
                return closed.response

    return middleware


def _within(request: HttpRequest, get_response: Handler, slug: str, rest: str) -> HttpResponseBase:
    text = _said(request)
    with within(_organisation_id(request, slug)):
        key = _key(request, slug, text)
        found = key.organisation
        bind_contextvars(user_id=key.member.person_id, api_key=key.prefix)  # also of a key that opens nothing any more
        _ensure_open(request, key, found)
        is_first_today = _note_use(key, found)
        member = key.member
        member.organisation, member.key_prefix = found, key.prefix
        request.api_key, request.roles_behind_key = key, tuple(member.roles)  # type: ignore[attr-defined]
        request.key_secret = text.secret  # type: ignore[attr-defined]
        if key.kind == ApiKey.Kind.ORGANISATION:
            member.roles = [Role.ADMIN]  # a program is never more than that, and nobody's leader
        with transaction.atomic() if is_first_today else nullcontext():  # what is refused takes back only what it did
            response = enter(
                request,
                get_response,
                organisation=found,
                membership=member,
                prefix=f"o/{slug}/api/v1/",
                rest=rest,
                urlconf=settings.API_URLCONF,
            )
            if response.status_code >= 500:
                transaction.set_rollback(True)
    return response


def _said(request: HttpRequest) -> KeyText:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    key = read_key(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise _unknown(request)
    return key


def _organisation_id(request: HttpRequest, slug: str) -> int:
    try:
        return _id_of(slug)
    except Organisation.DoesNotExist:
        raise _unknown(request) from None


@lru_cache(maxsize=1000)
def _id_of(slug: str) -> int:
    """Asked once in a process: no organisation ever gets another address. `_key` makes sure all the same."""
    return int(Organisation.objects.values_list("pk", flat=True).get(slug=slug))


def _key(request: HttpRequest, slug: str, text: KeyText) -> ApiKey:
    keys = ApiKey.objects.select_related("organisation", "member__person")
    key: ApiKey | None = keys.filter(prefix=text.prefix, organisation__slug=slug).first()
    if key is None or not hmac.compare_digest(key.secret_hash, text.hash):
        if not Organisation.objects.filter(pk=_id_of(slug), slug=slug).exists():
            _id_of.cache_clear()  # the address leads elsewhere by now; a wrong key alone empties nothing
        raise _unknown(request)
    return key


def _ensure_open(request: HttpRequest, key: ApiKey, organisation: Organisation) -> None:
    """Of a key whose secret is right: say why it does not open."""
    now = organisation.now(timezone.now())
    if key.revoked_at is not None:
        raise _closed(_("This key was revoked."), "revoked")
    if key.expires_at <= now:
        raise _closed(_("This key has expired."), "expired")
    if not answers_for(key):
        raise _closed(_("The member who made this key can no longer use it. An owner can rotate it."), "nobody-answers")
    came_from = get_adapter(request).get_client_ip(request)
    if key.networks and not any(ip_address(came_from) in ip_network(each) for each in key.networks):
        sentence = _("This key may not be used from %(address)s.") % {"address": came_from}
        raise Closed(problem_response(403, sentence, code="network"))


def _note_use(key: ApiKey, organisation: Organisation) -> bool:
    """Once a day, whatever becomes of the request. Returns whether this is the first one."""
    today = organisation.now(timezone.now()).astimezone(organisation.zone).date()
    if key.last_used_on == today:
        return False
    ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return True


def answers_for(key: ApiKey) -> bool:
    """Whether its member can still come in; of a key of the organisation, as an owner."""
    is_here = key.member.is_active and key.member.person.is_active
    return is_here and (key.kind == ApiKey.Kind.PERSONAL or key.member.has_role(Role.OWNER))


def _unknown(request: HttpRequest) -> Closed:
    counted = {"group": "api:wrong-keys", "key": "ip", "rate": WRONG_KEYS}
    if is_ratelimited(request, increment=True, **counted):
        sentence = _("Too many wrong keys. Wait a minute.")
        return Closed(problem_response(429, sentence, code="throttled", headers={"Retry-After": "60"}))
    return _closed(_("Send a key of this organisation: Authorization: Bearer e90_…"), "no-key")


def _closed(sentence: str, code: str) -> Closed:
    return Closed(problem_response(401, sentence, code=code, headers={"WWW-Authenticate": "Bearer"}))
